// Command callsunseen calls a register whose origin is not a variable.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

// f calls g.
//
//systrap:calls g
func f()

func g() { n++ }

var n int

var fn = g

func main() { f() }

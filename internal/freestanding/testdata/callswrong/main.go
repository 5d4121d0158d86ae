// Command callswrong has a directive that names another function than the variable holds.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

// f calls g.
//
//systrap:calls g
func f()

//go:noinline
func g() { n++ }

var n int

func h() { n-- }

var fn = h

func main() {
	f()
	g()
}

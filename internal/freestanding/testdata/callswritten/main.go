// Command callswritten writes the variable that its assembly calls through.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

// f calls g.
//
//systrap:calls g
func f()

func g() { n++ }

var n int

var fn = g

func main() {
	fn = nil
	f()
}

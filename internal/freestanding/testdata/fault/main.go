// Command fault indexes past the end of an array.
package main

import "libsystrap/internal/freestanding/testdata/base"

var table [4]int

var n = 7

func main() {
	base.Write("before")
	table[n] = 1 // the line that the message names
	base.Write("after")
}

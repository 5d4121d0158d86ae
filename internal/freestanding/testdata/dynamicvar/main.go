// Command dynamicvar has a variable that code must initialise.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var n = compute() // want "dynamic package variable"

// asm makes the compiled package an archive of two members.
func asm()

func main() {
	n++
	asm()
}

//go:noinline
func compute() int { return 3 }

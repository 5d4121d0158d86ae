// Command alloc lets a value escape to the heap.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var sink *[64]byte

func main() { keep() }

//go:noinline
func keep() {
	sink = new([64]byte) // want "heap allocation"
}

// Command slicecopy copies a slice of pointers.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var a, b [8]*int

var n int

func main() {
	copy(a[:n], b[:]) // want "bulk copy of pointers"
}

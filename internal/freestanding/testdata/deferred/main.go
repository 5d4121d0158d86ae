// Command deferred defers a call.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var n int

func main() {
	defer done() // want+2 "defer"
	n++
}

//go:noinline
func done() { n-- }

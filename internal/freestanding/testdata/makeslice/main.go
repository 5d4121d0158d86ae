// Command makeslice makes a slice of unknown length.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var n = 3

func main() { use(make([]byte, n)) } // want "heap allocation"

//go:noinline
func use(b []byte) { n = len(b) }

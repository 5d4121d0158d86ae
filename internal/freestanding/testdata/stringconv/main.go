// Command stringconv makes a string of bytes, and bytes of a string.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var (
	text  = "text"
	bytes [64]byte
)

func main() {
	text = string(bytes[:n()]) // want "string conversion"
	use([]byte(text))          // want "string conversion"
}

//go:noinline
func n() int { return len(text) }

//go:noinline
func use(b []byte) { b[0], bytes[0] = 1, b[1] }

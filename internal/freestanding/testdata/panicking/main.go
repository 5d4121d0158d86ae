// Command panicking panics.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var n int

func main() {
	if n == 0 {
		panic("none") // want "panic or recover"
	}
}

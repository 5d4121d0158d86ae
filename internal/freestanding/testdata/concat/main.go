// Command concat concatenates strings.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var a, b = "a", "b"

func main() {
	a = a + b // want "string concatenation"
}

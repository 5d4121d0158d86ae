// Command boxed boxes a value into an interface.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var (
	n    int
	sink any
)

func main() {
	sink = n // want "interface conversion"
}

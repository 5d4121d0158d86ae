// Command compare compares interfaces.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var a, b any

var same bool

func main() {
	same = a == b // want "interface comparison"
}

// Command printing uses println.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

func main() {
	println("x") // want "print or println" "print or println" "print or println"
}

// Command goroutine starts a goroutine.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

func main() {
	go work() // want "goroutine"
}

func work() {}

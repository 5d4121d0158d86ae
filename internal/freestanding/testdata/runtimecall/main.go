// Command runtimecall calls the runtime.
package main

import (
	"runtime"

	_ "libsystrap/internal/freestanding/testdata/base"
)

func main() {
	runtime.Gosched() // want "call into the runtime"
}

// Command x87 uses the x87 unit, which the verifier does not know.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

// f is in assembly.
func f()

func main() { f() }

// Command sp moves the stack pointer to an address that nobody can follow.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

// f is in assembly.
func f()

func main() { f() }

// Command x15 leaves X15 other than zero.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

// f is in assembly.
func f()

func main() { f() }

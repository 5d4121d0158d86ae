// Command addrtaken takes the address of an assembly function that uses stack.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

// f is in assembly.
func f()

func main() { f() }

// Command syscall makes a system call of its own.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

// f is in assembly.
func f()

func main() { f() }

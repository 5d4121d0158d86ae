// Command readonly writes read-only data.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

// f is in assembly.
func f()

func main() { f() }

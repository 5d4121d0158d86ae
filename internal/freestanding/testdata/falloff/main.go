// Command falloff runs on past its end.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

// f is in assembly.
func f()

func main() { f() }

// Command dynamicvar has a variable that code must initialise.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var n = compute() // want "dynamic package variable"

func main() { n++ }

//go:noinline
func compute() int { return 3 }

// Command recursion calls itself, through a func value.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var visit func(int) int

func main() {
	visit = walk
	walk(3)
}

func walk(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + visit(n-1) // want "recursion"
}

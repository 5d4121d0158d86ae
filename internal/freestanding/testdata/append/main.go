// Command append appends without knowing that there is room.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var list []int

func main() { add(1) }

//go:noinline
func add(n int) {
	list = append(list, n) // want "append that grows"
}

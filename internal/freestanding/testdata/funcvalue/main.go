// Command funcvalue reaches an allocation only through a func value in a table.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

type op struct {
	name string
	run  func(int) *int
}

var ops = []op{
	{"none", func(int) *int { return nil }},
	{"copy", func(n int) *int { return &n }}, // want "heap allocation"
}

var last *int

func main() {
	for i := range ops {
		last = ops[i].run(i)
	}
}

// Command stack has a large frame.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var total int

// want base.go:23 "stack budget exceeded"
func main() { big() }

//go:noinline
func big() {
	var buf [5000]byte
	fill(&buf)
}

//go:noinline
func fill(b *[5000]byte) { total += int(b[total]) }

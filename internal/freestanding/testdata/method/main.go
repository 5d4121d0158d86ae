// Command method calls a method through an interface.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

type shape interface{ area() int }

type square int

func (s *square) area() int { return int(*s) * int(*s) }

type line int

func (l *line) area() int { return 0 }

var (
	s      = square(3)
	l      = line(3)
	shapes = [2]shape{&s, &l}
	sum    int
)

func main() {
	for _, s := range &shapes {
		sum += s.area() // want "interface method call"
	}
}

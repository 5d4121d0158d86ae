// Command map looks into a map.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var m map[string]int

var found int

func main() {
	found = m["x"] // want "map"
	m["x"] = 1     // want "map"
}

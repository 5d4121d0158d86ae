// Command initfunc has an init function.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var n int

func main() { n++ }

func init() { n = 1 } // want "init function"

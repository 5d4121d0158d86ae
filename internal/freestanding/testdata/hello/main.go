// Command hello writes one line from DT_INIT.
package main

import "libsystrap/internal/freestanding/testdata/base"

func main() { base.Write("hello from DT_INIT") }

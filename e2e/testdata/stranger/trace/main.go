// Trace is the library's strace, built by a stranger.
package main

import (
	"libsystrap/systrap"
	"libsystrap/tracetool"
)

func main() { systrap.Run(tracetool.Tracer()) }

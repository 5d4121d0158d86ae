// Silent is a tool that says nothing: with it a program's standard error can be
// compared byte by byte with that of a native run.
package main

import (
	"sync/atomic"

	"libsystrap/systrap"
)

// entered and left keep both tool functions on the path of every call.
var entered, left atomic.Uint64

func main() { systrap.Run(systrap.Tool{Name: "silent", Enter: enter, Exit: exit}) }

func enter(*systrap.Call) systrap.Verdict {
	entered.Add(1)
	return systrap.Pass
}

func exit(*systrap.Call) { left.Add(1) }

// Trace-syscalls is strace as a shared library: preloaded into a program it
// prints the system calls that the program makes.
//
//	LD_PRELOAD=./trace-syscalls.so SYSTRAP_OPTIONS='-o trace.txt' program
package main

import (
	"libsystrap/systrap"
	"libsystrap/tracetool"
)

func main() { systrap.Run(tracetool.Tracer()) }

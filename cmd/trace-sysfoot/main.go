// Trace-sysfoot is trace-syscalls with the memory that each call reads and writes below its line.
//
//	LD_PRELOAD=./trace-sysfoot.so SYSTRAP_OPTIONS='-o trace.txt --foot=json' program
package main

import (
	"libsystrap/sysfoot"
	"libsystrap/systrap"
)

func main() { systrap.Run(sysfoot.Tracer()) }

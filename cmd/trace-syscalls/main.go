// Trace-syscalls is strace as a shared library.
package main

import "libsystrap/systrap"

func main() { systrap.Run(systrap.Tool{Name: "trace-syscalls", Exit: exit}) }

func exit(c *systrap.Call) {
	var b [64]byte
	l := systrap.LineOn(b[:])
	l.Str("syscall ")
	l.Int(c.Sysno)
	l.Str(" = ")
	l.Int(c.Result)
	l.Byte('\n')
	systrap.Log(l.Bytes())
}

// Trace-syscalls is strace as a shared library.
package main

import "libsystrap/systrap"

func main() { systrap.Run(systrap.Tool{Name: "trace-syscalls"}) }

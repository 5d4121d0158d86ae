// Package systrap traps every system call of the program it is loaded into and
// hands it to a tool written in Go.
//
// A tool is an ordinary package main:
//
//	package main
//
//	import "libsystrap/systrap"
//
//	func main() {
//		systrap.Run(systrap.Tool{Name: "mine", Enter: enter})
//	}
//
//	func enter(c *systrap.Call) systrap.Verdict {
//		return systrap.Pass
//	}
//
// `systrap build ./mytool -o mytool.so` turns it into a shared library without
// any dependency, and `LD_PRELOAD=./mytool.so program` runs a program under it.
// `systrap new mytool` makes a module with such a tool and its test, which is built offline
// with the library that systrap came with; `go build` does not build tools.
//
// The Go runtime is never started there: no heap, no goroutine, no thread and no TLS of
// Go's exist. So a tool does without what needs it: allocation, maps, channels, go, defer,
// panic, string concatenation, interfaces but constant ones, init functions, recursion,
// and packages that do not say //systrap:freestanding. `systrap build` walks the machine
// code of the finished library and refuses, with the call chain and file:line, whatever
// would need the runtime. What a tool does instead: fixed arrays in package variables,
// sync/atomic for sharing, [Line] for text, [Read] and [ReadString] for the program's
// memory, [Syscall] for calls of its own (they are not trapped), [Private] for descriptors
// of its own, [MapPrivate] for memory.
//
// Several threads, and a vfork child and its parent, run tool functions at the same time;
// no handler of the program runs in the middle of one.
//
// docs/TOOLS.md has the rules in full, what several tools in one library see of each
// other, and what becomes of faults; package [libsystrap/systrap/unwind] walks the stack of
// a call, and examples has tools to copy from.
//
//systrap:freestanding
package systrap

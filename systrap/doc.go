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
// # Rules for code that runs in the traced program
//
// The Go runtime is never started there: no heap, no goroutine, no thread and
// no TLS of Go's exist. `systrap build` walks the machine code of the finished
// library and refuses, with the call chain and file:line, whatever would need
// the runtime:
//
//   - heap allocation (make, new, append that grows, values that escape, such
//     as the address of a local passed to a func value or an interface);
//   - maps, channels, go, defer, panic, recover, select;
//   - string concatenation and string/[]byte conversions that copy;
//   - interfaces other than constant ones, type switches, reflection;
//   - init functions and package variables that are not static data;
//   - recursion and any stack deeper than the entry's stated budget;
//   - packages that do not carry the directive below. The standard library's
//     sync/atomic, math/bits and unsafe, and constants and types of
//     golang.org/x/sys/unix are fine.
//
// What a tool does instead: fixed arrays in package variables, sync/atomic for
// sharing, [Line] for text, [Read] and [ReadString] for the program's memory,
// [Syscall] for calls of its own (they are not trapped), [Private] for descriptors
// of its own, [Getenv] and [FdPath].
//
// A tool that wants the result of the program's call before it decides makes it with
// [Call.Perform]: with [Syscall] the program's handlers would wait for it.
//
// No handler of the program runs in the middle of a tool function: a signal that
// arrives there waits until the program goes on, and a call that a handler
// interrupts has its Exit first (Call.Interrupted). A tool's Enter is therefore
// followed by its Exit in the same thread, unless Call.NoReturn is set or the
// process dies; a signal that kills may come at any place. Several threads, and
// a vfork child and its parent, do run tool functions at the same time.
//
// # Several tools
//
// One library of this kind can be in a process; `systrap build -o both.so ./a ./b` makes
// one of up to four tools. They nest in order, as layers between the program and the
// kernel: Enter runs for a and then for b, which sees Sysno and Args as a has left them; Exit
// for b and then for a, which sees Result as b has left it, and Args as all have. A
// Replace ends it there: the tools behind see nothing of the call. Init, Exec, Signal and Fini run in order.
// Call.User is each tool's own. SYSTRAP_OPTIONS is divided by words "--" (without one, all
// of it is everybody's); a tool whose Init returns false is left out. The trace's
// stream, [Share] and [NoFollow] belong to all.
//
// A fault in a tool function, such as an index out of range or a nil pointer, ends the
// process with status 70 (EX_SOFTWARE of sysexits.h) and one line on the trace's stream
// that says where in the source it was.
//
//systrap:freestanding
package systrap

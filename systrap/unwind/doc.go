// Package unwind walks the program's stack from inside: from the registers of a
// call or a signal to its callers, with the mapped files and the symbols they
// are in. It is what `trace-syscalls -k` prints; any tool can use it.
//
//	var r systrap.Registers
//	var w unwind.Walk
//	if c.Registers(&r) && w.Begin(&r, false) {
//		for w.Next(&frame) { … }
//		w.End()
//	}
//
// A frame's caller is found by the unwind tables that the program's files have
// mapped in memory (.eh_frame by way of .eh_frame_hdr; cfi.go, expr.go), by the
// kernel's frame at a signal restorer, or, where there is neither, as in code
// that a JIT has made, by the chain of frame pointers (step.go). What is found of
// an address is kept (snapshot.go), so that a stack that was seen before costs a
// read of memory per frame, and no system call.
// See docs/decisions/stacks-unwound-in-place.md.
//
// All memory is read with [systrap.Read]: tables that lie, and stacks that were
// overwritten, end the walk and do no harm. Behind a seccomp filter of the
// program's nothing new is looked up.
//
// It runs in the traced process; the rules are those of package systrap.
//
//systrap:freestanding
package unwind

package chost

import (
	"unsafe"

	"libsystrap/internal/core"
)

// Next returns the address of a C function, long next(long number, long, long, long, long, long, long), by which a function that is
// called instead of a call makes it (rule Return). It returns the kernel's result, a value or a negated errno. It is called by
// a tool's Init, after Start.
//
// A call that comes back twice, or not at all, or on another stack cannot be made below the function: clone(2) with
// CLONE_VM or a stack, clone3, vfork(2) and rt_sigreturn(2). For these next does not return: the function is left, as by
// longjmp(3), and the program makes the call, with these arguments. The child's calls have the function called as others have.
// Outside of such a function next is syscall_no_intercept.
func Next() uintptr { return nextAddress() }

// FlushBefore has Next call the function at fn with a null pointer before the calls that end the process, give its memory to
// another program, or copy it: for an fflush(3) of a C library that nobody else flushes.
func FlushBefore(fn uint64) { flushFn = fn }

// flushFn is the function's address, or 0.
var flushFn uint64

const (
	frameRegs = unsafe.Offsetof(core.HostFrame{}.Regs)
	frameRAX  = frameRegs + 8*core.HostRAX

	nrFork        = 57
	nrVfork       = 58
	nrClone       = 56
	nrClone3      = 435
	nrExecve      = 59
	nrExecveat    = 322
	nrExitGroup   = 231
	nrRtSigreturn = 15
	cloneVM       = 0x100
)

//go:noescape
func nextAddress() uintptr

//go:noescape
func nextSpan() (from, to uintptr)

//go:noescape
func hostFrameAddress() uintptr

//systrap:entry stack=128
//systrap:foreign
//systrap:leaves
func nextCall()

//systrap:entry stack=128
//systrap:foreign
//systrap:leaves
//systrap:export syscall_no_intercept
func noIntercept()

//systrap:entry stack=64
//systrap:leaves
func leaveFor()

//systrap:entry stack=64
func hostFrame()

// Package chost lets a tool have functions in C called at the program's calls: hooks that an ordinary compiler has made, and that
// use libc.
//
// A tool's Enter asks for a [Hook], fills in what is to be called, and returns its verdict; so does its Exit, for what is to be
// called behind the call:
//
//	func enter(c *systrap.Call) systrap.Verdict {
//		h := chost.Of(c)
//		if h == nil {
//			return systrap.Pass
//		}
//		h.Fn, h.Rule = hook, chost.Ask
//		h.Args = [6]uint64{…}
//		return chost.Turn
//	}
//
// The function runs as the program, between two of its instructions: on a stack of 508 KiB that the thread has for that, with the
// program's signal mask, FS base and descriptors. The whole vector state, flags, red zone and errno are kept for the program. It may
// do what a function of the program's may do there: a call of malloc(3), pthread_create(3), dlopen(3), fork(2), a longjmp(3) out of it.
// As a signal's handler it comes at any time: a hook that allocates at a call that malloc makes waits for itself.
//
// No tool is told of the calls that it makes, nor of those of a handler of the program's that interrupts it, nor
// of its vfork children's. Threads that it starts are the program's.
//
// A thread whose FS base is 0, and one for which there is no memory, has no function called.
//
// See docs/decisions/hooks-in-c.md.
//
//systrap:freestanding
package chost

import (
	"unsafe"

	"libsystrap/internal/core"
	"libsystrap/internal/dynsym"
	"libsystrap/systrap"
)

// Hook says what is to be called. Of its fields, Stack, Args, Fn, Rule and Result are the tool's; Fn is an address, and the
// arguments in Stack are those behind the sixth. Result's address may be one of the arguments.
type Hook core.HostFrame

// What follows on the function's return (Hook.Rule).
const (
	// Ask makes the call if the function returns an int that is not 0; else the program gets Hook.Result.
	Ask = iota
	// Return gives the program what the function returns, a long.
	Return
	// Make makes the call, with the registers in Hook.Regs.
	Make
	// Done goes on behind the call with Hook.Result, which is the call's unless it was changed: for a tool's Exit.
	Done
	// AskTell is Ask, but that the tool's Exit is called for a call that is not made, too, with Call.Replaced set. It costs a trap.
	AskTell
)

// The core knows some of them.
const _ = -uint64((Make ^ core.HostMake) | (Done ^ core.HostDone))

// Turn is the verdict of an Enter that has filled in a Hook.
const Turn = systrap.Verdict(core.Turn)

// Of returns the Hook to be filled in at c, with Result as the call's is, or nil if no function can be called there. In an Enter the
// verdict Turn must follow; in an Exit the function is called behind it.
func Of(c *systrap.Call) *Hook { return (*Hook)((*core.Call)(c).Turn()) }

// Address is where h lies, for arguments.
func (h *Hook) Address() uint64 { return uint64(uintptr(unsafe.Pointer(h))) }

// ResultAddress is the address of h.Result.
func (h *Hook) ResultAddress() uint64 { return uint64(uintptr(unsafe.Pointer(&h.Result))) }

// Start prepares for functions in C. It is called by a tool's Init, which returns what it returns: false if that cannot be done here.
func Start() bool {
	size := chooseSave(mostSave())
	if size == 0 {
		systrap.Warn("the processor has more vector state than can be kept: no functions in C can be called")
		return false
	}
	h := core.Host{
		Entry: address(atEntry), Done: address(atDone), Redo: address(atRedo), Jump: address(atJump), Tell: address(atTell), Told: address(atTold), Again: address(atAgain), Call: address(atCall),
		RedoTo: &redoTo, CallTo: &callTo,
		End: address(atEnd), Save: size,
	}
	if h.Entry >= h.Done || h.Done >= h.Redo || h.Redo >= h.Jump || h.Jump >= h.Tell || h.Tell >= h.Again || h.Again >= h.Told || h.Told >= h.Call || h.Call >= h.End || h.End-h.Entry > 4096 {
		systrap.Warn("internal error: the code that calls functions in C is not in order")
		return false
	}
	dynsym.SetProgram(core.Auxv(atPhdr), core.Auxv(atPhnum))
	errnoFn = uint64(dynsym.Lookup("__errno_location"))
	core.SetHost(h)
	core.SetHostFrameTrap(hostFrameAddress())
	core.AddProgramCode(nextSpan())
	return true
}

const atPhdr, atPhnum = 3, 5 // AT_PHDR, AT_PHNUM (getauxval(3))

// redoTo is hostRedo or hostJump; callTo is hostCall or the jump door.
var redoTo, callTo uint64

// Quick has the function whose address is at fnAt called before each call, with the number, the six arguments and the address of the
// result, by Ask, without the tool's Enter where that can be done; the tool's Exit is called only while the word at exitAt is not 0. It is for a
// tool's Init, behind Start, whose Enter would do the same.
func Quick(fnAt, exitAt uintptr) { core.SetQuickHost(fnAt, exitAt) }

// errnoFn is the address of the C library's function that returns errno's address, or 0.
var errnoFn uint64

// Offsets and values for the assembly.
const (
	frameSize    = unsafe.Sizeof(core.HostFrame{})
	frameArgs    = unsafe.Offsetof(core.HostFrame{}.Args)
	frameFn      = unsafe.Offsetof(core.HostFrame{}.Fn)
	frameRule    = unsafe.Offsetof(core.HostFrame{}.Rule)
	frameResult  = unsafe.Offsetof(core.HostFrame{}.Result)
	frameActive  = unsafe.Offsetof(core.HostFrame{}.Active)
	frameErrnoAt = unsafe.Offsetof(core.HostFrame{}.ErrnoAt)
	frameErrno   = unsafe.Offsetof(core.HostFrame{}.Errno)
	frameVectors = unsafe.Offsetof(core.HostFrame{}.Vectors)
	frameEFLAGS  = unsafe.Offsetof(core.HostFrame{}.Regs) + 8*core.HostEFLAGS
	ruleAsk      = Ask
	ruleMake     = Make
	ruleReturn   = Return
	ruleDone     = Done

	scR8  = -8 * core.HostEFLAGS
	scR9  = scR8 + 8
	scR10 = scR8 + 16
	scR11 = scR8 + 24
	scR12 = scR8 + 32
	scR13 = scR8 + 40
	scR14 = scR8 + 48
	scR15 = scR8 + 56
	scRDI = scR8 + 64
	scRSI = scR8 + 72
	scRBP = scR8 + 80
	scRBX = scR8 + 88
	scRDX = scR8 + 96
	scRAX = scR8 + 104
	scRCX = scR8 + 112
	scRSP = scR8 + 120
	scRIP = scR8 + 128
)

// Numbers for address.
const (
	atEntry = iota
	atDone
	atRedo
	atJump
	atTell
	atTold
	atAgain
	atCall
	atEnd
)

//go:noescape
func address(which uintptr) uintptr

//systrap:entry stack=64
//systrap:foreign
//systrap:leaves
func hostEntry()

//systrap:entry stack=64
//systrap:leaves
func hostDone()

//systrap:entry stack=64
//systrap:leaves
func hostRedo()

// hostJump is followed by the jump door, which goes on on a stack of ours.
//
//systrap:entry stack=16384
//systrap:leaves
func hostJump()

//systrap:entry stack=64
//systrap:leaves
func hostTell()

//systrap:entry stack=64
func hostTold()

//systrap:entry stack=64
func hostAgain()

//systrap:entry stack=64
func hostCall()

//systrap:entry stack=64
//systrap:leaves
func makeCall()

//systrap:entry stack=64
func hostEnd()

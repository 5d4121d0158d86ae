package rawsys

import "unsafe"

// Perform makes the traced program's own system call: like [Syscall], but a
// signal handler of the program may interrupt it, and it is not made at all if
// *postponed is set: it returns NotMade then. [InPerform] tells from the
// interrupted pc how far it had come.
//
//go:noescape
func Perform(postponed *uint32, nr, a0, a1, a2, a3, a4, a5 uintptr) uintptr

// NotMade is Perform's result if it made no call: -ERESTARTNOINTR
// (include/linux/errno.h), which the kernel never shows to a program.
const NotMade = ^uintptr(513 - 1)

// Offsets in bytes in the code of interruptible, which the tests compare with
// its instructions.
const (
	performCall = 7
	performDone = performCall + 2
	performEnd  = performDone + 5
)

// Progress is how far Perform had come when a signal interrupted it.
type Progress uint8

const (
	// Elsewhere: pc is not in that code.
	Elsewhere Progress = iota
	// NotBegun: the call was not made, or the kernel backed up to restart it.
	NotBegun
	// Done: the call was made, and RAX is its result.
	Done
)

// InPerform tells from the pc of an interrupted thread how far Perform has come.
func InPerform(pc uintptr) Progress {
	off := pc - interruptibleAddr()
	switch {
	case off <= performCall:
		return NotBegun
	case off >= performDone && off <= performEnd:
		return Done
	}
	return Elsewhere
}

// Performed is the pc of a thread that waits in the call that [Perform] makes, as its tracer sees it.
func Performed() uintptr { return interruptibleAddr() + performDone }

// Begun tells the two cases of [NotBegun] apart, with the RCX of the interrupted
// context: SYSCALL has put the address behind it there (SDM vol. 2), and the
// kernel leaves it when it backs up.
func Begun(pc, rcx uintptr) bool {
	return pc-interruptibleAddr() == performCall && rcx == pc+performDone-performCall
}

// StubBegun is [Begun] for a pc at the SYSCALL of a stub, which is entered with
// RCX = 0.
func StubBegun(pc, rcx uintptr) bool { return rcx == pc+syscallSize }

// Patched says whether the call instruction of [Perform] is not what it was built
// with: somebody else traps the calls of this process.
func Patched() bool {
	call := interruptibleAddr() + performCall
	return **(**uint16)(unsafe.Pointer(&call)) != syscallInstruction
}

// syscallInstruction is SYSCALL, 0f 05.
const syscallInstruction = 0x050f

// syscallSize is the length in bytes of SYSCALL.
const syscallSize = 2

// Offset in bytes in the code of sigreturn from which on SP is at the frame, and
// that of its SYSCALL.
const (
	sigreturnSwitched = 3
	sigreturnCall     = sigreturnSwitched + 5
)

// InSigreturn says whether pc is in [Sigreturn], with SP at the frame that the
// kernel is about to load.
func InSigreturn(pc uintptr) bool {
	off := pc - sigreturnAddr()
	return off >= sigreturnSwitched && off <= sigreturnCall
}

//go:noescape
func interruptibleAddr() uintptr

//go:noescape
func sigreturnAddr() uintptr

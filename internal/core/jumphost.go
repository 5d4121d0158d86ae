package core

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// The quick way to a function before a call (host.go): where all that a tool's Enter would do is to have it called with the number,
// the arguments and the address of the result, jumpHere fills in the frame itself; and the call behind it is made
// as if no tool wanted to know of it, unless one does (hostExitAt).

var (
	// hostFnAt is where the function's address is, or 0; hostExitAt is where there is 0 while nobody wants to know of results.
	// hostEntryAt is Host.Entry.
	hostFnAt, hostExitAt, hostEntryAt uint64
	// jumpPast is jumpPlan for a call behind a function.
	jumpPast [jumpCalls]callPlan
)

// Offsets in bytes in a thread.
const (
	hostActive  = unsafe.Offsetof(thread{}.host) + unsafe.Offsetof(threadHost{}.active)
	hostStack   = unsafe.Offsetof(thread{}.host) + unsafe.Offsetof(threadHost{}.stack)
	hostFrameAt = unsafe.Offsetof(thread{}.host) + unsafe.Offsetof(threadHost{}.frame)
)

// SetQuickHost has the function whose address is at fnAt called before each call without a tool's Enter, and the tool's Exit called
// only while the word at exitAt is not 0. It is called by a tool's Init, after SetHost.
func SetQuickHost(fnAt, exitAt uintptr) {
	hostFnAt, hostExitAt, hostEntryAt = uint64(fnAt), uint64(exitAt), uint64(host.Entry)
}

// planPast is planCalls for call nr behind a function.
func planPast(nr int, plan callPlan) {
	jumpPast[nr] = plan
	if plan != planGo || hostFnAt == 0 {
		return
	}
	jumpPlan[nr] = planHost
	if specials[nr] != plain || oddCalls.Load() != 0 || tryLater || nr == unix.SYS_RESTART_SYSCALL {
		return
	}
	switch fdArgs[nr] {
	case 0:
		jumpPast[nr] = planDirect
	case fd0:
		jumpPast[nr] = planDirectFd
	}
}

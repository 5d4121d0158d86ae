package core

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
)

// A debugger passes our own signals on without a word (debug/gdb.py): they are how calls are
// made. One that is the program's own it shall stop for, with the program where the signal found it. So before
// the program is given one, the debugger is asked, by a breakpoint that it has here.

// debuggerAnswer is set by a debugger that wants the signal to be raised again.
var debuggerAnswer uint32

// askDebugger is where debuggers wait. sig, in RAX, is the signal's number; or less than 0, where -sig is about to come
// again as it ends the process, and has been shown.
//
//go:noinline
func askDebugger(sig int) bool { return sig != 0 && atomic.LoadUint32(&debuggerAnswer) != 0 }

// shownToDebugger raises the signal of d again if a debugger wants to see it: it is pending then, and comes when
// the program goes on, where the program is.
func shownToDebugger(d *door) bool {
	sig := int(d.info.Signo)
	if !debugged || !askDebugger(sig) {
		return false
	}
	sys.Sigprocmask(unix.SIG_BLOCK, 1<<(sig-1))
	raise(sig, d.info)
	return true
}

// shownBehindCall keeps the signal that c sends to its caller until the program goes on, where a debugger
// shall find it (abort(3), raise(3)); the return from the trap lets it in.
func shownBehindCall(c *Call) {
	sig := c.Args[1]
	if c.Sysno == unix.SYS_TGKILL || c.Sysno == unix.SYS_RT_TGSIGQUEUEINFO {
		sig = c.Args[2]
	}
	if sig-1 < 64 && uint64(1)<<(sig-1)&ownMask == 0 {
		sys.Sigprocmask(unix.SIG_BLOCK, 1<<(sig-1))
	}
}

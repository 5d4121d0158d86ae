package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
)

// sysExit ends the thread or the process. It returns true if the thread makes the call
// from a stub, and false only if a signal waits for the program: its handler runs
// first, as it would without us.
func sysExit(c *Call, d *door) bool {
	if sys.MayCall(unix.SYS_RT_SIGPROCMASK) {
		frameOf(c).door.blocked = true
		sys.Sigprocmask(unix.SIG_BLOCK, ^(ownMask | guardBits)) // a fault of Fini's has its line
		if frameOf(c).door.postponed != 0 {
			c.Result = restartNointr
			return false
		}
	}
	if c.Sysno == unix.SYS_EXIT_GROUP || proc.LastThread() {
		finish(int(c.Args[0] & 0xff))
	} else {
		if sys.Gettid() == sys.Getpid() {
			proc.LeaderGone.Store(1)
		}
		endThread()
	}
	if t := d.thread; t != nil && t.owned {
		// Its stack of ours is free as soon as nothing of it runs there any more.
		d.exitAt(c, t)
		return true
	}
	c.performHere()
	return false
}

// finish runs when the process image is about to end with status.
func finish(status int) {
	if tool.Fini != nil {
		tool.Fini(ExitStatus(status))
	}
	reapHelper()
	if currentVMChild() == nil {
		report()
		tracelog.Leave()
	}
}

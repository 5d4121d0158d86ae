package systrap

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// sysExit ends the thread or the process. It returns true if the thread makes the call
// from a stub, and false only if a signal waits for the program: its handler runs
// first, as it would without us.
func sysExit(c *Call, d *door) bool {
	if mayCall(unix.SYS_RT_SIGPROCMASK) {
		frameOf(c).door.blocked = true
		sigprocmask(unix.SIG_BLOCK, ^(ownMask | guardBits)) // a fault of Fini's has its line
		if frameOf(c).door.postponed != 0 {
			c.Result = restartNointr
			return false
		}
	}
	if c.Sysno == unix.SYS_EXIT_GROUP || lastThread() {
		finish(int(c.Args[0] & 0xff))
	} else {
		if gettid() == getpid() {
			leaderGone.Store(1)
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
		finiTools(status)
	}
	if currentVMChild() == nil {
		report()
	}
	leaveLog()
}

// leaderGone is set once the first thread has ended and others go on: it stays in
// the list of threads to the end of the process.
var leaderGone atomic.Uint32

// lastThread says whether the calling thread is the only one: /proc/self/task
// has a link for each besides its own two (proc_pid_task(5)).
func lastThread() bool {
	var st unix.Stat_t
	r := rawsys.Syscall(unix.SYS_STAT, uintptr(unsafe.Pointer(&procSelfTask[0])), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0)
	if r == refusedCall && filtered {
		return filteredAlone
	}
	return r == 0 && uint32(st.Nlink) == 3+leaderGone.Load()
}

var procSelfTask = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 't', 'a', 's', 'k', 0}

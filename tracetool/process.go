package tracetool

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/core"
	"libsystrap/systrap"
	"libsystrap/tracetool/text"
)

// Who is who among the processes that share the pool. A thread's id does not tell it from
// all others: they may be in different PID namespaces, each of which has a thread 1. So
// a record also says in which memory its thread is, which of that it is, and in which
// namespace its id is meant.
//
// See docs/decisions/threads-of-the-trace.md.

var (
	// process is the number of this memory in the pool; 0 is the first.
	process uint32
	// space is that of the PID namespace, of which two numbers may mean the same one.
	space uint32
	// apart is set if the parent is in another PID namespace.
	apart bool
)

// newProcess runs in a forked child.
func newProcess() {
	parent := parentHere()
	if parent > 0 && core.SameIDs.Load() == parent {
		core.SameIDs.Store(int64(systrap.Pid())) // it is in the same PID namespace
	} else {
		core.SameIDs.Store(0)
	}
	text.ForgetProcess()
	if opt.noFollow {
		firstTid = 0 // the number may come again in another namespace
	}
	if pool == nil {
		return
	}
	process = pool.processes.Add(1)
	core.IDsStrayed = false
	if apart = parent <= 0; apart {
		space = pool.spaces.Add(1)
	}
}

// parentHere is the parent's number, 0 if that is in another PID namespace, where it has none (getppid(2)), and less if it may be.
func parentHere() int64 { return systrap.Syscall(unix.SYS_GETPPID, 0, 0, 0, 0, 0, 0) }

// setMine makes the record the calling thread's.
func (r *record) setMine() {
	r.process, r.space = process, space
	r.key = core.ThreadKey()
}

// mine says whether a record with the calling thread's id is its own.
func (r *record) mine() bool {
	return r.process == process && r.key == core.ThreadKey()
}

// inSpace says whether the thread of a record has its id in our PID namespace.
func (r *record) inSpace() bool { return r.space == space }

// ended says whether thread tid of our PID namespace is gone. A vfork child may be in
// another one than the process whose memory it uses, and cannot tell.
func ended(tid int) bool {
	return systrap.Syscall(unix.SYS_TKILL, uintptr(tid), 0, 0, 0, 0, 0) == -int64(unix.ESRCH) && !systrap.Vforked()
}

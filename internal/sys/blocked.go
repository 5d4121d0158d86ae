package sys

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// Who blocks signals for a moment has to unblock them, though another thread may have installed a seccomp filter
// in between that forbids the call. Such a filter is the other thread's alone, unless it is for all threads at once
// (SECCOMP_FILTER_FLAG_TSYNC, seccomp(2)): before that is installed the moments of all threads are waited for.

// Blocked is a moment in which the calling thread has signals blocked.
type Blocked struct {
	was     uint64
	blocked bool
}

// moments is how many there are; held is set while none may begin, and overdue once one was not waited for any
// longer.
var moments, held, overdue int32

// Block begins a moment in which the signals of set are blocked, or just goes on where rt_sigprocmask(2) is
// forbidden.
func Block(set uint64) Blocked {
	for i := 0; ; i++ {
		atomic.AddInt32(&moments, 1)
		if atomic.LoadInt32(&held) == 0 {
			break
		}
		atomic.AddInt32(&moments, -1)
		Pause(i)
	}
	var b Blocked
	b.blocked = rawsys.Syscall(unix.SYS_RT_SIGPROCMASK, unix.SIG_BLOCK, uintptr(unsafe.Pointer(&set)),
		uintptr(unsafe.Pointer(&b.was)), SigSetSize, 0, 0) == 0
	return b
}

// Had says which of the signals of set were blocked before.
func (b *Blocked) Had(set uint64) uint64 { return b.was & set }

// End ends the moment: the mask is as it was.
func (b *Blocked) End() {
	if b.blocked && (atomic.LoadInt32(&overdue) == 0 || MayCall(unix.SYS_RT_SIGPROCMASK)) {
		rawsys.Raw(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&b.was)), 0, SigSetSize, 0, 0)
	}
	atomic.AddInt32(&moments, -1)
}

// HoldBlocking waits until no moment is left and lets none begin, for at most some seconds: a child in our memory
// may have been killed in one, and a write to the trace may wait for its reader.
func HoldBlocking() {
	atomic.StoreInt32(&held, 1)
	for i := 0; atomic.LoadInt32(&moments) != 0; i++ {
		if i == PauseYields+patience {
			atomic.StoreInt32(&overdue, 1)
			return
		}
		Pause(i)
	}
}

// patience is how many milliseconds a moment is waited for: its thread may not have a processor.
const patience = 3000

// LetBlock lets moments begin again.
func LetBlock() { atomic.StoreInt32(&held, 0) }

// ForgetMoments is for a forked child: those of other threads are not its own.
func ForgetMoments() { moments, held = 0, 0 }

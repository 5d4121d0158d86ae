package proc

import (
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// LeaderGone is set once the first thread has ended and others go on: it stays in
// the list of threads to the end of the process.
var LeaderGone atomic.Uint32

// KnownAlone is set while the process is known to have one thread though it
// may not be asked any more: it had one when the filter came, and has made none.
var KnownAlone bool

// LastThread says whether the calling thread is the only one: /proc/self/task
// has a link for each besides its own two (proc_pid_task(5)).
func LastThread() bool {
	var st unix.Stat_t
	r := rawsys.Syscall(unix.SYS_STAT, uintptr(unsafe.Pointer(&procSelfTask[0])), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0)
	if r == sys.Refused && seccomp.On {
		return KnownAlone
	}
	return r == 0 && uint32(st.Nlink) == 3+LeaderGone.Load()
}

var procSelfTask = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 't', 'a', 's', 'k', 0}

package systrap

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// logFaulty is set once a part of the trace could not be written and the user
// was told. Children inherit it, also across a followed exec: one trace, one
// complaint, but for processes that were there before.
var logFaulty atomic.Uint32

// stderrAtStart is what standard error was when this image started: the
// program may have put a file of its own there since.
var stderrAtStart struct{ dev, ino uint64 }

func rememberStderr() {
	stderrAtStart.dev, stderrAtStart.ino = identity(2)
}

// identity returns what fstat(2) tells descriptors of different files apart by.
func identity(fd uintptr) (dev, ino uint64) {
	var st unix.Stat_t
	if rawsys.Syscall(unix.SYS_FSTAT, fd, uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) != 0 {
		return 0, 0
	}
	return st.Dev, st.Ino
}

// logFailed is told of a write to the trace that failed with errno. The reader of
// a pipe that has gone away knows it.
func logFailed(errno int64) {
	if errno == int64(unix.EPIPE) || filtered || !logFaulty.CompareAndSwap(0, 1) {
		return
	}
	if logMap != nil && !logMap.faulty.CompareAndSwap(0, 1) {
		return
	}
	if dev, ino := identity(2); ino == 0 || dev != stderrAtStart.dev || ino != stderrAtStart.ino {
		return
	}
	var buf [256]byte
	l := LineOn(buf[:])
	l.Str(toolName())
	l.Str(": cannot write the trace: ")
	switch errno {
	case int64(unix.ENOSPC):
		l.Str("no space left on device")
	case int64(unix.EDQUOT):
		l.Str("disk quota exceeded")
	case int64(unix.EIO):
		l.Str("input/output error")
	case int64(unix.EFBIG):
		l.Str("file too large (RLIMIT_FSIZE)")
	default:
		l.Str("errno ")
		l.Int(errno)
	}
	l.Str("; the program goes on, lines are lost\n")
	b := l.Bytes()
	rawsys.Syscall(unix.SYS_WRITE, 2, uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0)
}

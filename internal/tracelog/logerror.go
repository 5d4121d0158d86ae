package tracelog

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
	"libsystrap/systrap/line"
)

// Faulty is set once a part of the trace could not be written and the user
// was told. Children inherit it, also across a followed exec: one trace, one
// complaint, but for processes that were there before.
var Faulty atomic.Uint32

// stderrAtStart is what standard error was when the trace began: the program may
// have put a file of its own there since. It is zero in an image that found one
// of the program's there.
var stderrAtStart struct{ dev, ino uint64 }

// StderrLost is set if the image before this one had none.
var StderrLost bool

// RememberStderr takes in what standard error is now, at the start.
func RememberStderr() {
	stderrAtStart.dev, stderrAtStart.ino = 0, 0
	if !StderrLost {
		stderrAtStart.dev, stderrAtStart.ino = sys.Identity(2)
	}
}

// StderrIsOurs says whether standard error is what it was when the trace began.
func StderrIsOurs() bool {
	if stderrAtStart.ino == 0 {
		return false
	}
	dev, ino := sys.Identity(2)
	return dev == stderrAtStart.dev && ino == stderrAtStart.ino
}

// ToStderr writes b, lines about the trace that are no part of it, to standard
// error: not if the program has put something of its own there.
func ToStderr(b []byte) {
	if len(b) > 0 && StderrIsOurs() {
		rawsys.Syscall(unix.SYS_WRITE, 2, uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0)
	}
}

// logOwner and logPath are what a message about the log begins with: "who: path".
var logOwner, logPath string

// Name says whose trace goes to which file, for messages about it.
func Name(who, path string) { logOwner, logPath = who, path }

// logFailed is told of a write to the trace that failed with errno. The reader of
// a pipe that has gone away knows it.
func logFailed(errno int64) {
	if errno == int64(unix.EPIPE) || seccomp.On || !Faulty.CompareAndSwap(0, 1) {
		return
	}
	if logMap != nil && !logMap.faulty.CompareAndSwap(0, 1) {
		return
	}
	var buf [512]byte
	l := line.On(buf[:len(buf)-1])
	if logPath != "" {
		l.Str(logOwner)
		l.Str(": ")
		l.Str(logPath)
		l.Str(": ")
		n := l.Len()
		logErrorText(&l, errno)
		buf[n] -= 'a' - 'A' // as strerror(3) has it
	} else {
		l.Str(ToolName())
		l.Str(": cannot write the trace: ")
		logErrorText(&l, errno)
		l.Str("; the program goes on, lines are lost")
	}
	n := l.Len()
	buf[n] = '\n'
	ToStderr(buf[:n+1])
}

func logErrorText(l *line.Line, errno int64) {
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
}

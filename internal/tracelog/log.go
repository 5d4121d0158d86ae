package tracelog

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
	"libsystrap/systrap/line"
)

// The trace's stream is a descriptor of our own with a high number: a copy of
// standard error, or the file that a tool opened.
var (
	// logRaises is the set of the signals that a write can raise, which are not
	// the program's: SIGPIPE or SIGXFSZ.
	logRaises uint64
	// logFile is set if the stream is a regular file.
	logFile bool
	// Ended is set if there was no number left for one of our descriptors: what
	// is executed from then on is not followed.
	Ended atomic.Uint32
	// LostBytes counts bytes that could not be written.
	LostBytes uint64
)

// Write adds b to the trace's stream: in one write(2), unless the kernel takes only a
// part, or through a mapping (logmap.go).
func Write(b []byte) { logNoting(b, nil) }

func logNoting(b []byte, end *atomic.Uint64) {
	if logMap != nil && len(b) > 0 && appendMapped(b, end) {
		return
	}
	fd := ownfd.TakeLog()
	switch {
	case fd >= 0:
		w := noteWriter(fd, b)
		w.done(writeRaising(fd, b, logRaises, end))
	case Ended.Load() == 0:
		writeRaising(2, b, logRaises, end)
	default:
		LostBytes += uint64(len(b))
		if end != nil {
			end.Store(logWritten)
		}
	}
	ownfd.DropLog()
}

// WriteFd writes b to fd, a file of ours that raises what the trace's stream does.
func WriteFd(fd int64, b []byte) { writeRaising(fd, b, logRaises, nil) }

// WriteLimited writes b to a file of the tool's, which RLIMIT_FSIZE does not bound
// where that can be: a signal that the limit raises is not the program's.
func WriteLimited(fd int64, b []byte) {
	raises := uint64(0)
	if fileLimit() != sys.RlimInfinity {
		raises = 1 << (unix.SIGXFSZ - 1)
	}
	writeRaising(fd, b, raises, nil)
}

// writeRaising writes b to fd, which may raise the signals of the set raises. *end is as
// with Noting. It returns how many bytes it has written.
func writeRaising(fd int64, b []byte, raises uint64, end *atomic.Uint64) (written int) {
	var mask sys.Blocked
	guarded := raises != 0
	var limit unix.Rlimit // as it was
	lifted := uint64(0)   // to what
	tried := false        // to lift it
	if raises&(1<<(unix.SIGXFSZ-1)) != 0 && !(sys.MayCall(unix.SYS_RT_SIGPROCMASK) && sys.MayCall(unix.SYS_RT_SIGTIMEDWAIT)) {
		LostBytes += uint64(len(b)) // it would end the program
		if end != nil {
			end.Store(logWritten)
		}
		return 0
	}
	if raises != 0 {
		mask = sys.Block(raises)
		if mask.Had(raises) != 0 && sigpending()&raises != 0 {
			raises = 0 // the program's own waits already: ours is the same one
		}
	}
	if end != nil {
		end.Store(writtenFrom(fd)) // as late as can be
	}
	for len(b) > 0 {
		n := int64(rawsys.Syscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0))
		switch {
		case n > 0:
			written += int(n)
			b = b[n:]
		case n == -int64(unix.EINTR):
		case n == -int64(unix.EAGAIN):
			// Standard error can be a non-blocking pipe of the program's.
			p := unix.PollFd{Fd: int32(fd), Events: unix.POLLOUT}
			rawsys.Syscall(unix.SYS_POLL, uintptr(unsafe.Pointer(&p)), 1, ^uintptr(0), 0, 0, 0)
		case n == -int64(unix.EFBIG) && !tried:
			tried = true
			swallow(raises)
			limit, lifted = liftFileLimit(sys.RlimInfinity)
		default:
			LostBytes += uint64(len(b))
			if (n == -int64(unix.EPIPE) || n == -int64(unix.EFBIG)) && raises != 0 {
				swallow(raises)
			}
			b = nil
			logFailed(-n)
		}
	}
	if tried {
		restoreFileLimit(limit, lifted)
	}
	if guarded {
		mask.End()
	}
	return written
}

// sigpending returns the signals that wait for the thread or the process.
func sigpending() uint64 {
	var set uint64
	rawsys.Syscall(unix.SYS_RT_SIGPENDING, uintptr(unsafe.Pointer(&set)), sys.SigSetSize, 0, 0, 0, 0)
	return set
}

// swallow takes the signal that our own write left pending.
func swallow(set uint64) {
	var zero unix.Timespec
	rawsys.Syscall(unix.SYS_RT_SIGTIMEDWAIT, uintptr(unsafe.Pointer(&set)), 0, uintptr(unsafe.Pointer(&zero)), sys.SigSetSize, 0, 0)
}

// Complain writes one line of the library's own, "NAME: text", to the trace's
// stream.
func Complain(l *line.Line) {
	var buf [512]byte
	o := line.On(buf[:len(buf)-1])
	o.Str(ToolName())
	o.Str(": ")
	o.Raw(l.Bytes())
	buf[o.Len()] = '\n'
	Write(buf[:o.Len()+1])
}

// Warn is Complain for a fixed text.
func Warn(s string) {
	var buf [256]byte
	l := line.On(buf[:])
	l.Str(s)
	Complain(&l)
}

// WarnAbout is Complain for "what: NUL-terminated path".
func WarnAbout(path []byte, s string) {
	var buf [400]byte
	l := line.On(buf[:])
	for _, b := range path {
		if b == 0 {
			break
		}
		l.Byte(b)
	}
	l.Str(": ")
	l.Str(s)
	Complain(&l)
}

// Tool is the tool's name, which begins the library's own messages.
var Tool string

// ToolName is Tool, or a name for all tools.
func ToolName() string {
	if Tool == "" {
		return "systrap"
	}
	return Tool
}

// Open makes the file at path (NUL-terminated) the trace's stream, truncated
// unless appendTo is set or another trace is being written there. It returns 0 or an errno.
//
// A program that is started behind one that is not traced knows nothing of the trace that
// it is a part of but the options: it must not take away what is there. So whoever writes a log holds a
// shared lock on it (flock(2)), which goes with the descriptor to all that inherit it.
func Open(path []byte, appendTo bool) int {
	fd := sys.Open(&path[0], unix.O_WRONLY|unix.O_CREAT|unix.O_CLOEXEC|unix.O_APPEND, 0o666)
	if fd < 0 {
		return int(-fd)
	}
	if !appendTo && flock(fd, unix.LOCK_EX) != -int64(unix.EAGAIN) {
		rawsys.Syscall(unix.SYS_FTRUNCATE, uintptr(fd), 0, 0, 0, 0, 0)
	}
	flock(fd, unix.LOCK_SH)
	high := ownfd.MoveHigh(fd)
	if high == -int64(unix.EPERM) && seccomp.On {
		Set(fd) // a filter forbids it: the number is one that the program could have had
		return 0
	}
	sys.Close(fd)
	if high < 0 {
		return int(-high)
	}
	Set(high)
	return 0
}

// flock makes flock(2), which does not wait.
func flock(fd int64, how int) int64 {
	return int64(rawsys.Syscall(unix.SYS_FLOCK, uintptr(fd), uintptr(how|unix.LOCK_NB), 0, 0, 0, 0))
}

// IsFile says whether the trace's stream is a regular file.
func IsFile() bool { return logFile }

// Set makes fd, a high one where that can be, the trace's stream.
func Set(fd int64) {
	if ownfd.LogFd >= 0 && ownfd.LogFd != fd {
		sys.Close(ownfd.LogFd)
	}
	ownfd.LogFd = fd
	var st unix.Stat_t
	logRaises, logFile = 0, false
	if rawsys.Syscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) == 0 {
		switch st.Mode & unix.S_IFMT {
		case unix.S_IFIFO, unix.S_IFSOCK:
			logRaises = 1 << (unix.SIGPIPE - 1)
		case unix.S_IFREG:
			// A write beyond RLIMIT_FSIZE raises SIGXFSZ (setrlimit(2)).
			logFile = true
			if fileLimit() != sys.RlimInfinity {
				logRaises = 1 << (unix.SIGXFSZ - 1)
			}
		}
	}
}

// Adopt makes fd, which came across execve, the trace's stream; execed is as in
// ownfd.Adopt.
func Adopt(fd int64, execed bool) bool {
	if !sys.CloseOnExec(fd, true) {
		return false
	}
	Set(fd)
	if !execed {
		if high := ownfd.MoveHigh(fd); high >= 0 {
			Set(high)
		}
	}
	return true
}

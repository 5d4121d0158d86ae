package main

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// The log of INTERCEPT_LOG: a line before each call and one with its result behind it,
//
//	OBJECT 0xOFFSET -- read(3, 0x00007ffd10000000, 100) = ?
//	OBJECT 0xOFFSET -- read(3, "text", 100) = 4
//
// with the object whose text makes the call, and where in it.

// logging is set if there is one; logFd is its descriptor.
var (
	logging bool
	logFd   systrap.PrivateFd
)

const (
	lineSize = 1400
	logName  = "INTERCEPT_LOG"
)

// readLog opens the log that the environment asks for.
func readLog() {
	if name, ok := systrap.Getenv(logName); ok && name != "" {
		v, given := systrap.Getenv("INTERCEPT_LOG_TRUNC")
		var path [unix.PathMax]byte
		openLog(&path, copy(path[:], name), !given || v != "0")
	}
}

// openLog opens a log, whose name is the first n bytes of path, and closes one that was open. A name that ends with "-" gets the process id
// behind it.
func openLog(path *[unix.PathMax]byte, n int, truncate bool) {
	closeLog()
	l := systrap.LineOn(path[n:])
	if path[n-1] == '-' {
		l.Int(int64(systrap.Pid()))
	}
	l.Byte(0)
	flags := unix.O_WRONLY | unix.O_CREAT | unix.O_APPEND | unix.O_CLOEXEC
	if truncate {
		flags |= unix.O_TRUNC
	}
	fd := int64(-1)
	if !l.Overflow() {
		fd = systrap.Syscall(unix.SYS_OPENAT, atFdcwd, addressOf(&path[0]), uintptr(flags), 0o700, 0, 0)
	}
	if fd < 0 {
		systrap.Warn("INTERCEPT_LOG: the file cannot be opened: there is no log")
		return
	}
	var errno int
	if logFd, errno = systrap.Private(fd); errno != 0 {
		systrap.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
		systrap.Warn("INTERCEPT_LOG: no descriptor for it: there is no log")
		return
	}
	logging = true
}

func closeLog() {
	if logging {
		logging = false
		logFd.Close()
	}
}

const atFdcwd = ^uintptr(99) // AT_FDCWD

// logCall writes the line of c, as it is before the call, or behind it.
func logCall(c *systrap.Call, behind bool) {
	if behind && c.Sysno == unix.SYS_VFORK {
		return
	}
	var buf [lineSize]byte
	l := systrap.LineOn(buf[:])
	writePlace(&l, c.PC)
	l.Str(" -- ")
	letters, named := formatOf(c.Sysno)
	call := abi.Unknown()
	if named {
		call, _ = abi.Lookup(c.Sysno)
		l.Str(call.Name)
		l.Byte('(')
	} else {
		l.Str("syscall(")
		l.Int(c.Sysno)
	}
	for i := range len(c.Args) {
		letter := letterOf(letters, call, i)
		if letter == 0 || letter == 'M' && !takesMode(c.Args[i-1]) {
			break
		}
		if i > 0 || !named {
			l.Str(", ")
		}
		writeArgument(&l, c, letter, i, behind)
	}
	l.Byte(')')
	switch {
	case behind:
		writeResult(&l, c)
	case c.NoReturn && c.Sysno != unix.SYS_EXECVE && c.Sysno != unix.SYS_EXECVEAT, c.Sysno == unix.SYS_VFORK:
	default:
		l.Str(" = ?")
	}
	l.Byte('\n')
	b := l.Bytes()
	systrap.Syscall(unix.SYS_WRITE, uintptr(logFd.Fd()), addressOf(&b[0]), uintptr(len(b)), 0, 0, 0)
}

func writeResult(l *systrap.Line, c *systrap.Call) {
	l.Str(" = ")
	if c.Failed() {
		l.Int(c.Result)
		l.Byte(' ')
		writeErrno(l, c.Errno())
		return
	}
	switch c.Sysno {
	case unix.SYS_MMAP, unix.SYS_MREMAP:
		writePointer(l, uint64(c.Result))
	case unix.SYS_SHMAT:
		l.Hex(uint64(c.Result))
	case unix.SYS_UMASK:
		writeMode(l, uint64(c.Result))
	default:
		l.Int(c.Result)
	}
}

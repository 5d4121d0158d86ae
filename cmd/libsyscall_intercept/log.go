package main

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// The log of INTERCEPT_LOG: a line before each call and one with its result behind it,
//
//	OBJECT 0xOFFSET -- read(3, 0x7ffd1000, 100) = ?
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

// openLog opens the log. A name that ends with "-" has the process id behind it; INTERCEPT_LOG_TRUNC=0 keeps what a file has.
func openLog() {
	name, ok := systrap.Getenv(logName)
	if !ok || name == "" {
		return
	}
	var path [unix.PathMax]byte
	l := systrap.LineOn(path[:])
	l.Str(name)
	if name[len(name)-1] == '-' {
		l.Int(int64(systrap.Pid()))
	}
	l.Byte(0)
	flags := unix.O_WRONLY | unix.O_CREAT | unix.O_APPEND | unix.O_CLOEXEC | unix.O_TRUNC
	if v, ok := systrap.Getenv("INTERCEPT_LOG_TRUNC"); ok && v == "0" {
		flags &^= unix.O_TRUNC
	}
	fd := systrap.Syscall(unix.SYS_OPENAT, atFdcwd, addressOf(&path[0]), uintptr(flags), 0o700, 0, 0)
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
	call, ok := abi.Lookup(c.Sysno)
	if ok {
		l.Str(call.Name)
		l.Byte('(')
	} else {
		l.Str("syscall(")
		l.Int(c.Sysno)
	}
	for i := range call.Count() {
		if call.Args[i] == abi.OpenMode && openFlags(c)&(unix.O_CREAT|unix.O_TMPFILE) == 0 {
			break
		}
		if i > 0 || !ok {
			l.Str(", ")
		}
		writeArgument(&l, c, call, i, behind)
	}
	l.Byte(')')
	switch {
	case !behind && c.NoReturn && c.Sysno != unix.SYS_EXECVE && c.Sysno != unix.SYS_EXECVEAT, !behind && c.Sysno == unix.SYS_VFORK:
	case !behind:
		l.Str(" = ?")
	case c.Failed():
		l.Str(" = ")
		l.Int(c.Result)
		l.Byte(' ')
		l.Str(abi.ErrnoName(c.Errno()))
		l.Str(" (")
		l.Str(abi.ErrnoText(c.Errno()))
		l.Byte(')')
	case call.Result == abi.ResultHex:
		l.Str(" = ")
		l.Hex(uint64(c.Result))
	default:
		l.Str(" = ")
		l.Int(c.Result)
	}
	l.Byte('\n')
	b := l.Bytes()
	systrap.Syscall(unix.SYS_WRITE, uintptr(logFd.Fd()), addressOf(&b[0]), uintptr(len(b)), 0, 0, 0)
}

// openFlags returns the flags of a call that opens a file.
func openFlags(c *systrap.Call) uint64 {
	if c.Sysno == unix.SYS_OPENAT {
		return c.Args[2]
	}
	return c.Args[1]
}

// writeArgument writes argument i of c.
func writeArgument(l *systrap.Line, c *systrap.Call, call *abi.Call, i int, behind bool) {
	v := c.Args[i]
	switch k := call.Args[i]; k {
	case abi.Fd, abi.Pid, abi.Tid, abi.Int, abi.Getfd, abi.Sig, abi.Pgid:
		l.Int(int64(int32(v)))
	case abi.DirFd:
		if int32(v) == unix.AT_FDCWD {
			l.Str("AT_FDCWD")
			return
		}
		l.Int(int64(int32(v)))
	case abi.Long, abi.Ulong:
		l.Int(int64(v))
	case abi.Mode, abi.OpenMode:
		l.Byte('0')
		l.Oct(v & 0xffffffff)
	case abi.Open:
		writeOpenFlags(l, v)
	case abi.Path, abi.Str:
		writeText(l, v, -1)
	case abi.BufIn:
		writeText(l, v, int64(c.Args[i+1]))
	case abi.BufOut:
		if behind && c.Result >= 0 && v != 0 {
			writeText(l, v, min(c.Result, int64(c.Args[i+1])))
			return
		}
		writePointer(l, v)
	default:
		if c.Sysno == unix.SYS_CLONE && i == 0 {
			writeNames(l, v, cloneNames[:], false)
			return
		}
		if (k > abi.ScalarEnd || k == abi.Ptr) && !(c.Sysno == unix.SYS_CLONE && i == 4) {
			writePointer(l, v)
			return
		}
		l.Hex(v)
	}
}

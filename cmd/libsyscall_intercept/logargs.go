package main

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
)

// writeArgument writes argument i of c as its letter says (formats).
func writeArgument(l *systrap.Line, c *systrap.Call, letter byte, i int, behind bool) {
	v := c.Args[i]
	switch letter {
	case 'd':
		l.Int(int64(int32(v)))
	case 'n':
		l.Int(int64(v))
	case 'p':
		writePointer(l, v)
	case 's':
		writeText(l, v, -1)
	case 'b':
		writeText(l, v, int64(c.Args[i+1]))
	case 'o':
		if behind && c.Result >= 0 {
			writeText(l, v, c.Result)
			return
		}
		writePointer(l, v)
	case 'a':
		if int32(v) == unix.AT_FDCWD {
			l.Str("AT_FDCWD")
			return
		}
		l.Int(int64(int32(v)))
	case 'm', 'M':
		writeMode(l, v)
	case 'O':
		writeOpenFlags(l, v)
	case 'A':
		writeAccess(l, v)
	case 'W':
		writeConstant(l, names.Whence, v&0xffffffff)
	case 'C':
		writeNames(l, v, cloneNames[:], false)
	case 'P':
		writePair(l, v, behind)
	case 'F':
		writeNamed(l, names.Fcntl, v&0xffffffff)
	case 'L':
		writeLock(l, c.Args[i-1], v)
	default:
		l.Hex(v)
	}
}

// writePair writes the two descriptors that a call has written at addr.
func writePair(l *systrap.Line, addr uint64, behind bool) {
	var fds [2]int32
	if !behind || systrap.Read((*[unsafe.Sizeof(fds)]byte)(unsafe.Pointer(&fds))[:], addr) != int(unsafe.Sizeof(fds)) {
		writePointer(l, addr)
		return
	}
	l.Byte('[')
	l.Int(int64(fds[0]))
	l.Str(", ")
	l.Int(int64(fds[1]))
	l.Byte(']')
}

// writeLock writes the argument of a command of fcntl.
func writeLock(l *systrap.Line, command, v uint64) {
	switch uint32(command) {
	case unix.F_GETLK, unix.F_SETLK, unix.F_SETLKW, unix.F_OFD_GETLK, unix.F_OFD_SETLK, unix.F_OFD_SETLKW:
	default:
		l.Hex(v)
		return
	}
	writePointer(l, v)
	var lock unix.Flock_t
	if systrap.Read((*[unsafe.Sizeof(lock)]byte)(unsafe.Pointer(&lock))[:], v) != int(unsafe.Sizeof(lock)) {
		return
	}
	l.Str(" ({.l_type = ")
	writeNamed(l, names.FlockCmd, uint64(lock.Type))
	l.Str(", .l_whence = ")
	writeNamed(l, names.Whence, uint64(lock.Whence))
	l.Str(", .l_start = ")
	l.Int(lock.Start)
	l.Str(", .l_len = ")
	l.Int(lock.Len)
	l.Str(", .l_pid = ")
	l.Int(int64(lock.Pid))
	l.Str("})")
}

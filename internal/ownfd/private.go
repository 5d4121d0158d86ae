package ownfd

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/systrap/line"
)

// PrivateFd is a descriptor of the tool's that the program cannot see or close.
type PrivateFd int

// maxPrivate is how many there can be at a time.
const maxPrivate = 8

// privateFds are their numbers, -1 where there is none, -2 where one is being
// entered and -3 where only a thread with a table of its own has one; privateCount is how many entries are in use.
var (
	privateFds   = [maxPrivate]int64{-1, -1, -1, -1, -1, -1, -1, -1}
	privateCount atomic.Int32
)

// Private is systrap.Private: it makes the file behind fd ours, as one that a tool has asked for.
func Private(fd int64) (p PrivateFd, errno int) {
	for i := range privateFds {
		if privateFds[i] != -1 || !sys.CasInt64(&privateFds[i], -1, -2) {
			continue
		}
		high := MoveHigh(fd)
		if high < 0 {
			atomic.StoreInt64(&privateFds[i], -1)
			if high == -int64(unix.EINVAL) {
				high = -int64(unix.EMFILE) // F_DUPFD beyond the limit
			}
			return -1, int(-high)
		}
		privateCount.Add(1)
		if Set(FirstPrivate+i, high); Table() >= 0 {
			atomic.StoreInt64(&privateFds[i], -3) // the process's table does not have it
		}
		sys.Close(fd)
		return PrivateFd(i), 0
	}
	return -1, int(unix.EMFILE)
}

// Fd is systrap.PrivateFd.Fd.
func (p PrivateFd) Fd() int64 {
	if p < 0 || p >= maxPrivate {
		return -1
	}
	return max(Get(FirstPrivate+int(p)), -1)
}

// Close is systrap.PrivateFd.Close.
func (p PrivateFd) Close() {
	fd := p.Fd()
	if fd < 0 {
		return
	}
	Set(FirstPrivate+int(p), -1)
	atomic.StoreInt64(&privateFds[p], -1)
	privateCount.Add(-1)
	sys.Close(fd)
}

// Syscall is systrap.Syscall: a descriptor that a tool opens is out of the program's way.
func Syscall(nr int, a0, a1, a2, a3, a4, a5 uintptr) int64 {
	if sys.FilesShared {
		switch nr {
		case unix.SYS_OPEN, unix.SYS_OPENAT, unix.SYS_OPENAT2, unix.SYS_SOCKET, unix.SYS_MEMFD_CREATE:
			return sys.NewFd(nr, a0, a1, a2, a3, a4, a5)
		}
	}
	return int64(rawsys.Syscall(uintptr(nr), a0, a1, a2, a3, a4, a5))
}

// Path is systrap.FdPath.
func Path(buf []byte, fd int) int {
	var link [40]byte
	l := line.On(link[:len(link)-1])
	l.Str("/proc/thread-self/")
	if fd == unix.AT_FDCWD {
		l.Str("cwd")
	} else {
		if fd < 0 || Is(uint64(fd)) {
			return -int(unix.EBADF)
		}
		l.Str("fd/")
		l.Int(int64(fd))
	}
	if len(buf) == 0 {
		return -int(unix.ENAMETOOLONG)
	}
	n := int(rawsys.Syscall(unix.SYS_READLINK, uintptr(unsafe.Pointer(&link[0])), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), 0, 0, 0))
	switch {
	case n == len(buf):
		return -int(unix.ENAMETOOLONG)
	case n == -int(unix.ENOENT) && fd >= 0 && rawsys.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_GETFD, 0, 0, 0, 0) == ^uintptr(unix.EBADF-1):
		return -int(unix.EBADF)
	}
	return n
}

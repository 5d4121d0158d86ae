package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// Our descriptor has a number at or above the soft RLIMIT_NOFILE, where a limit
// of the usual size leaves room: the program can neither be given that number
// nor reach it with a loop to the limit, and the limit bounds numbers, not how
// many are open. Under a large limit it is firstOwnFd or above, as the kernel's
// table grows with the largest number in use.
const (
	firstOwnFd  = 2000
	largeNofile = 16384
	ownFdGap    = 32
)

// moveHigh duplicates fd to a number of ours with close-on-exec set and returns
// it or a negated errno. The limit is lifted for the moment: descriptors above
// it stay usable (getrlimit(2)).
func moveHigh(fd int64) int64 {
	var old unix.Rlimit
	prlimit(nil, &old)
	if old.Cur > largeNofile {
		return dupHigh(fd, firstOwnFd)
	}
	first := old.Cur
	if first < firstOwnFd {
		first = firstOwnFd
	}
	if first+2*ownFdGap > old.Max {
		// No room above: as high as the hard limit lets us.
		first = old.Max - 2*ownFdGap
		if old.Max < 2*ownFdGap {
			first = 0
		}
	}
	lim := unix.Rlimit{Cur: first + 2*ownFdGap, Max: old.Max}
	if lim.Cur > old.Cur {
		prlimit(&lim, nil)
	}
	r := dupHigh(fd, int64(first+ownFdGap))
	prlimit(&old, nil)
	return r
}

func dupHigh(fd, min int64) int64 {
	return int64(rawsys.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_DUPFD_CLOEXEC, uintptr(min), 0, 0, 0))
}

func prlimit(set, old *unix.Rlimit) {
	rawsys.Syscall(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 0, 0)
}

// ownsFd says whether the descriptor that a call is about is ours: it gets
// EBADF, as if the number were free.
func ownsFd(c *Call) bool {
	return int64(uint32(c.Args[0])) == logFd && uint64(c.Sysno) < uint64(len(fdCalls)) && fdCalls[c.Sysno]
}

// fdCalls are the calls whose first argument is a descriptor that must be open.
// What names it elsewhere (epoll_ctl, poll, SCM_RIGHTS, /proc) is let through.
var fdCalls = [512]bool{
	unix.SYS_READ: true, unix.SYS_WRITE: true, unix.SYS_CLOSE: true, unix.SYS_FSTAT: true, unix.SYS_LSEEK: true,
	unix.SYS_IOCTL: true, unix.SYS_PREAD64: true, unix.SYS_PWRITE64: true, unix.SYS_READV: true, unix.SYS_WRITEV: true,
	unix.SYS_DUP: true, unix.SYS_DUP2: true, unix.SYS_DUP3: true, unix.SYS_FCNTL: true, unix.SYS_FLOCK: true,
	unix.SYS_FSYNC: true, unix.SYS_FDATASYNC: true, unix.SYS_FTRUNCATE: true, unix.SYS_GETDENTS: true,
	unix.SYS_GETDENTS64: true, unix.SYS_FCHDIR: true, unix.SYS_FCHMOD: true, unix.SYS_FCHOWN: true,
	unix.SYS_FSTATFS: true, unix.SYS_FALLOCATE: true, unix.SYS_PREADV: true, unix.SYS_PWRITEV: true,
	unix.SYS_NEWFSTATAT: true, unix.SYS_STATX: true, // fstat is newfstatat with an empty path in glibc
	unix.SYS_PREADV2: true, unix.SYS_PWRITEV2: true, unix.SYS_SENDFILE: true, unix.SYS_SPLICE: true,
}

// sysFd keeps the program from closing or replacing the trace's stream.
func sysFd(c *Call) {
	own := uint64(logFd)
	if logFd < 0 {
		c.performHere()
		return
	}
	switch c.Sysno {
	case unix.SYS_GETDENTS64:
		sysGetdents64(c)
	case unix.SYS_CLOSE_RANGE:
		sysCloseRange(c, uint32(own))
	default: // dup2, dup3
		if uint64(uint32(c.Args[1])) == own {
			// The number is the program's: ours moves.
			if fd := dupHigh(logFd, logFd+1); fd >= 0 {
				setLog(fd)
			}
		}
		c.performHere()
	}
}

// sysCloseRange leaves our descriptor out of a range: [first, own-1] and
// [own+1, last].
func sysCloseRange(c *Call, own uint32) {
	first, last := uint32(c.Args[0]), uint32(c.Args[1])
	if first > own || last < own || first > last {
		c.performHere()
		return
	}
	a := c.Args
	c.Result = 0
	if first < own {
		c.Args[1] = uint64(own - 1)
		c.performHere()
	}
	if last > own && c.Result == 0 {
		c.Args[0] = uint64(own + 1)
		c.Args[1] = a[1]
		c.performHere()
	}
	c.Args = a
}

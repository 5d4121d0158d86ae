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

// sharedFd is a descriptor of the tool's that goes from image to image beside
// the trace's, or -1.
var sharedFd int64 = -1

// SharedFd returns the descriptor that [Share] was given in this image or in
// the one that executed it, or -1.
func SharedFd() int64 { return sharedFd }

// Share makes the file behind fd known to all images of the trace; fd itself is
// closed. It returns the number it has now, or a negated errno. It is meant
// for memory that the processes share (memfd_create(2)), and for Init.
func Share(fd int64) int64 {
	high := moveHigh(fd)
	closeFd(fd)
	if high >= 0 {
		sharedFd = high
	}
	return high
}

// aliveFd is the writing end of a pipe that every process of the trace keeps
// open, or -1: who started the trace reads end of file when the last one is
// gone, however it ended, and whichever PID namespace it was in.
var aliveFd int64 = -1

// isOwnFd says whether a descriptor is one of ours.
func isOwnFd(fd uint64) bool {
	n := int64(uint32(fd))
	return n == logFd || n == sharedFd || n == aliveFd || n == logMapFd
}

// ownsFd says whether the descriptor that a call is about is ours: it gets
// EBADF, as if the number were free.
func ownsFd(c *Call) bool {
	return isOwnFd(c.Args[0]) && uint64(c.Sysno) < uint64(len(fdCalls)) && fdCalls[c.Sysno]
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
	if logFd < 0 {
		c.performHere()
		return
	}
	switch c.Sysno {
	case unix.SYS_GETDENTS64:
		sysGetdents64(c)
	case unix.SYS_CLOSE_RANGE:
		sysCloseRange(c)
	case unix.SYS_SETRLIMIT, unix.SYS_PRLIMIT64:
		if logFile && (c.Sysno == unix.SYS_SETRLIMIT && c.Args[0] == unix.RLIMIT_FSIZE ||
			c.Sysno == unix.SYS_PRLIMIT64 && c.Args[1] == unix.RLIMIT_FSIZE && c.Args[2] != 0) {
			logRaises = 1 << (unix.SIGXFSZ - 1)
		}
		c.performHere()
	default: // dup2, dup3
		// The number is the program's: ours moves.
		switch int64(uint32(c.Args[1])) {
		case logFd:
			if fd := dupHigh(logFd, logFd+1); fd >= 0 {
				setLog(fd)
			}
		case sharedFd:
			if fd := dupHigh(sharedFd, sharedFd+1); fd >= 0 {
				sharedFd = fd
			}
		case aliveFd:
			if fd := dupHigh(aliveFd, aliveFd+1); fd >= 0 {
				aliveFd = fd
			}
		case logMapFd:
			if fd := dupHigh(logMapFd, logMapFd+1); fd >= 0 {
				logMapFd = fd
				logJoined.Store(0) // the lock goes with the old number (fcntl(2))
			}
		}
		c.performHere()
	}
}

// sysCloseRange leaves our descriptors out of a range, by closing what lies
// between them.
func sysCloseRange(c *Call) {
	a := c.Args
	first, last := uint32(a[0]), uint32(a[1])
	owns := [...]int64{logFd, sharedFd, aliveFd, logMapFd}
	for i := range owns {
		for k := i; k > 0 && owns[k-1] > owns[k]; k-- {
			owns[k-1], owns[k] = owns[k], owns[k-1]
		}
	}
	c.Result = 0
	made := false
	for _, own := range owns {
		if own < int64(first) || own > int64(last) {
			continue
		}
		made = true
		if first < uint32(own) && c.Result == 0 {
			c.Args[0], c.Args[1] = uint64(first), uint64(own-1)
			c.performHere()
		}
		first = uint32(own) + 1
	}
	if (!made || first <= last) && c.Result == 0 {
		c.Args[0], c.Args[1] = uint64(first), a[1]
		c.performHere()
	}
	c.Args = a
}

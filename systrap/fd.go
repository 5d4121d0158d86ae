package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// firstOwnFd is where descriptors of ours begin if the limit allows: out of the
// way of programs that count on low numbers.
const firstOwnFd = 1000

// moveHigh duplicates fd to a high number with close-on-exec set and returns it
// or a negated errno. A low RLIMIT_NOFILE is lifted for the moment: descriptors
// above it stay usable.
func moveHigh(fd int64) int64 {
	r := dupHigh(fd, firstOwnFd)
	if r != -int64(unix.EINVAL) && r != -int64(unix.EMFILE) {
		return r
	}
	var old unix.Rlimit
	prlimit(nil, &old)
	lim := unix.Rlimit{Cur: firstOwnFd + 24, Max: old.Max}
	if lim.Cur > lim.Max {
		lim.Cur = lim.Max
	}
	prlimit(&lim, nil)
	for min := lim.Cur - 24; min >= 100 && min < lim.Cur; min /= 2 {
		if r = dupHigh(fd, int64(min)); r >= 0 {
			break
		}
	}
	prlimit(&old, nil)
	return r
}

func dupHigh(fd, min int64) int64 {
	return int64(rawsys.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_DUPFD_CLOEXEC, uintptr(min), 0, 0, 0))
}

func prlimit(set, old *unix.Rlimit) {
	rawsys.Syscall(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 0, 0)
}

// sysFd keeps the program from closing or replacing the trace's stream.
func sysFd(c *Call) {
	own := uint64(logFd)
	if logFd < 0 {
		c.perform()
		return
	}
	switch c.Sysno {
	case unix.SYS_CLOSE:
		if uint64(uint32(c.Args[0])) == own {
			c.Result = -int64(unix.EBADF)
			return
		}
		c.perform()
	case unix.SYS_CLOSE_RANGE:
		sysCloseRange(c, uint32(own))
	case unix.SYS_DUP2, unix.SYS_DUP3:
		if uint64(uint32(c.Args[1])) == own {
			// The number is the program's: ours moves.
			if fd := dupHigh(logFd, logFd+1); fd >= 0 {
				setLog(fd)
			}
		}
		c.perform()
	}
}

// sysCloseRange leaves our descriptor out of a range: [first, own-1] and
// [own+1, last].
func sysCloseRange(c *Call, own uint32) {
	first, last := uint32(c.Args[0]), uint32(c.Args[1])
	if first > own || last < own || first > last {
		c.perform()
		return
	}
	a := c.Args
	c.Result = 0
	if first < own {
		c.Args[1] = uint64(own - 1)
		c.perform()
	}
	if last > own && c.Result == 0 {
		c.Args[0] = uint64(own + 1)
		c.Args[1] = a[1]
		c.perform()
	}
	c.Args = a
}

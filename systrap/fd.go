package systrap

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// Our descriptor has a number at or above the soft RLIMIT_NOFILE, where a limit
// of the usual size leaves room: the program can neither be given that number
// nor reach it with a loop to the limit, and the limit bounds numbers, not how
// many are open. Under a large limit it is firstOwnFd or above, as the kernel's
// table grows with the largest number in use.
// See docs/decisions/descriptor-numbers.md.
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
	r := rawsys.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_DUPFD_CLOEXEC, uintptr(min), 0, 0, 0)
	if r == refusedCall && filtered {
		return dupFree(fd, min)
	}
	return int64(r)
}

// dupFree is dupHigh where a filter forbids fcntl(2): the next numbers are looked at.
func dupFree(fd, min int64) int64 {
	var st unix.Stat_t
	for n := min; n < min+ownFdGap; n++ {
		if int64(rawsys.Syscall(unix.SYS_FSTAT, uintptr(n), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0)) == -int64(unix.EBADF) {
			return int64(rawsys.Syscall(unix.SYS_DUP3, uintptr(fd), uintptr(n), unix.O_CLOEXEC, 0, 0, 0))
		}
	}
	return -int64(unix.EPERM)
}

func prlimit(set, old *unix.Rlimit) bool {
	return rawsys.Syscall(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 0, 0) == 0
}

// sharedFd is a descriptor of the tool's that goes from image to image beside
// the trace's, or -1.
var sharedFd int64 = -1

// SharedFd returns the descriptor that [Share] was given in this image or in
// the one that executed it, or -1.
func SharedFd() int64 { return ownFd(ownShared) }

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
func isOwnFd(fd uint64) bool { return ownFdIndex(int64(uint32(fd))) >= 0 }

// ownFdIndex returns which of our descriptors has number fd, or -1.
func ownFdIndex(fd int64) int {
	if t := tableHere(); t >= 0 {
		for i, own := range fdTables[t].fds {
			if own == fd {
				return i
			}
		}
		return -1
	}
	switch fd {
	case logFd:
		return ownLog
	case sharedFd:
		return ownShared
	case aliveFd:
		return ownAlive
	case logMapFd:
		return ownLogMap
	case libFd:
		return ownLib
	}
	if privateCount.Load() != 0 && fd >= 0 {
		for i := range privateFds {
			if privateFds[i] == fd {
				return ownPrivate + i
			}
		}
	}
	return -1
}

// sysFd keeps the program from closing, replacing or finding our descriptors.
func sysFd(c *Call) {
	switch c.Sysno {
	case unix.SYS_POLL:
		sysPoll(c)
	case unix.SYS_GETDENTS64, unix.SYS_GETDENTS:
		sysGetdents(c)
	case unix.SYS_CLOSE_RANGE:
		sysCloseRange(c)
	case unix.SYS_UNSHARE:
		sysUnshare(c)
	case unix.SYS_PIDFD_GETFD:
		sysPidfdGetfd(c)
	case unix.SYS_SETRLIMIT, unix.SYS_PRLIMIT64:
		sysSetLimit(c)
	default: // dup2, dup3
		sysDup2(c)
	}
}

// sysDup2 makes room where the program wants a number that is ours.
func sysDup2(c *Call) {
	to := int64(uint32(c.Args[1]))
	i := ownFdIndex(to)
	if i < 0 || to < 0 {
		c.performHere()
		return
	}
	if v := currentVMChild(); v != nil && v.ownFiles && tableHere() < 0 {
		leaveTable(-1)
	}
	moveOwn(i)
	c.performHere()
	if c.Failed() {
		closeFd(to) // nothing has taken its place
	}
}

// moveOwn gives own descriptor i another number; the old one stays open.
func moveOwn(i int) {
	was := ownFd(i)
	fd := dupHigh(was, was+1)
	if fd < 0 {
		fd = dupLifted(was)
	}
	if fd < 0 {
		fd = dupHigh(was, 3) // whichever is left
	}
	if fd < 0 && i < ownLib && logEnded.CompareAndSwap(0, 1) {
		complain("the program uses all descriptors that its limit allows: the trace ends here")
		if i == ownLog {
			leaveLog()
		}
	}
	if i == ownLogMap {
		logJoined.Store(0) // the lock goes with the old number (fcntl(2))
	}
	setOwnFd(i, max(fd, -1))
	// Another thread may be about to use the old number.
	for k := 0; logUsers.Load() != 0 && k < shortWait; k++ {
		pauseLog(k)
	}
}

// dupLifted is dupHigh for a process whose limit leaves no number: it is lifted for
// the moment, also the hard one where the process may do that (CAP_SYS_RESOURCE).
func dupLifted(fd int64) int64 {
	var old unix.Rlimit
	prlimit(nil, &old)
	lim := unix.Rlimit{Cur: old.Max, Max: old.Max}
	r := -int64(unix.EMFILE)
	if old.Cur < old.Max && prlimit(&lim, nil) {
		r = dupHigh(fd, int64(old.Cur))
	}
	if lim.Cur += 2 * ownFdGap; r < 0 && lim.Cur > old.Max {
		lim.Max = lim.Cur
		if prlimit(&lim, nil) {
			r = dupHigh(fd, int64(old.Max)+ownFdGap)
		}
	}
	prlimit(&old, nil)
	return r
}

// sysCloseRange leaves our descriptors out of a range, by closing what lies
// between them.
func sysCloseRange(c *Call) {
	a := c.Args
	first, last := uint32(a[0]), uint32(a[1])
	table := tableHere()
	var owns [numOwnFds]int64
	for i := range owns {
		owns[i] = ownFd(i)
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
	const unshares = 1 << 1 // CLOSE_RANGE_UNSHARE (include/uapi/linux/close_range.h)
	if c.Result == 0 && a[2]&unshares != 0 && !lastThread() {
		leaveTable(table)
	}
}

// sysPidfdGetfd refuses a copy of what is ours in another process of the trace, or
// in this one (pidfd_getfd(2)).
func sysPidfdGetfd(c *Call) {
	c.performHere()
	i := ownFdIndex(int64(uint32(c.Args[1])))
	if c.Failed() || i < 0 {
		return
	}
	dev, ino := identity(uintptr(c.Result))
	if d, n := identity(uintptr(ownFd(i))); d == dev && n == ino {
		closeFd(c.Result)
		c.Result = -int64(unix.EBADF)
	}
}

// logUsers counts the threads that use the log's number just now, of whichever
// table.
var logUsers atomic.Int32

// takeLogFd returns the log's number for the caller, which stays the log's until
// dropLogFd.
func takeLogFd() int64 {
	logUsers.Add(1)
	return ownFd(ownLog)
}

func dropLogFd() { logUsers.Add(-1) }

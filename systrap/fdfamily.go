package systrap

import "golang.org/x/sys/unix"

// What the program's calls about descriptors do to ours.

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
		ownTable(leaveTable(-1))
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
		if i == ownLog && currentVMChild() == nil {
			leaveLog()
		}
	}
	if i == ownLogMap {
		unjoinLog() // the lock goes with the old number (fcntl(2))
	}
	setOwnFd(i, max(fd, -1))
	awaitLogFd() // another thread may be about to use the old number
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
		ownTable(leaveTable(table))
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

// sysUnshare notes that a thread leaves the process's table. One that is alone takes
// it along.
func sysUnshare(c *Call) {
	from := tableHere()
	keepLibrary()
	c.performHere()
	if c.Result == 0 && c.Args[0]&unix.CLONE_FILES != 0 && !lastThread() {
		ownTable(leaveTable(from))
	}
}

// sysSetLimit makes setrlimit or prlimit.
func sysSetLimit(c *Call) {
	which, set := c.Args[0], c.Args[1]
	if c.Sysno == unix.SYS_PRLIMIT64 {
		which, set = c.Args[1], c.Args[2]
	}
	if which == unix.RLIMIT_FSIZE && set != 0 && logIsFile() {
		hard, ok := ReadUint64(set + 8)
		boundLog(ok && hard != rlimInfinity)
	}
	c.performHere()
}

// ownTable says so if the calling thread's table of descriptors could not be noted.
func ownTable(noted bool) {
	if !noted {
		complain("too many tables of descriptors in one process: what this one does to ours is not followed")
	}
}

package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
)

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
		naming := sys.FilesShared && currentVMChild() == nil // which may be killed in between
		if naming {
			sys.BeginNaming()
		}
		sysDup2(c)
		if naming {
			sys.EndNaming()
		}
		dupMaps(c)
	}
}

// sysDup2 makes room where the program wants a number that is ours.
func sysDup2(c *Call) {
	to := int64(uint32(c.Args[1]))
	i := ownfd.Index(to)
	if i < 0 || to < 0 {
		c.performHere()
		return
	}
	if v := currentVMChild(); v != nil && v.ownFiles && ownfd.Table() < 0 {
		ownTable(ownfd.LeaveTable(-1))
	}
	moveOwn(i)
	c.performHere()
	if c.Failed() {
		sys.Close(to) // nothing has taken its place
	}
}

// moveOwn gives own descriptor i another number; the old one stays open.
func moveOwn(i int) {
	was := ownfd.Get(i)
	fd := ownfd.DupHigh(was, was+1)
	if fd < 0 {
		fd = ownfd.DupLifted(was)
	}
	if fd < 0 {
		fd = ownfd.DupHigh(was, 3) // whichever is left
	}
	if fd < 0 && i < ownfd.Lib && tracelog.Ended.CompareAndSwap(0, 1) {
		tracelog.Warn("the program uses all descriptors that its limit allows: the trace ends here")
		if i == ownfd.Log && currentVMChild() == nil {
			tracelog.Leave()
		}
	}
	if i == ownfd.LogMap {
		tracelog.Unjoin() // the lock goes with the old number (fcntl(2))
	}
	ownfd.Set(i, max(fd, -1))
	tracelog.AwaitFd() // another thread may be about to use the old number
}

// sysCloseRange leaves our descriptors out of a range, by closing what lies
// between them.
func sysCloseRange(c *Call) {
	a := c.Args
	first, last := uint32(a[0]), uint32(a[1])
	table := ownfd.Table()
	var owns [ownfd.Count]int64
	for i := range owns {
		owns[i] = ownfd.Get(i)
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
	const cloexec = 1 << 2 // CLOSE_RANGE_CLOEXEC
	if c.Result == 0 && a[2]&cloexec == 0 {
		closeMaps(uint32(a[0]), uint32(a[1]))
	}
	const unshares = 1 << 1 // CLOSE_RANGE_UNSHARE (include/uapi/linux/close_range.h)
	if c.Result == 0 && a[2]&unshares != 0 && !proc.LastThread() {
		ownTable(ownfd.LeaveTable(table))
	}
}

// sysPidfdGetfd refuses a copy of what is ours in another process of the trace, or
// in this one (pidfd_getfd(2)).
func sysPidfdGetfd(c *Call) {
	c.performHere()
	i := ownfd.Index(int64(uint32(c.Args[1])))
	if c.Failed() || i < 0 {
		return
	}
	dev, ino := sys.Identity(uintptr(c.Result))
	if d, n := sys.Identity(uintptr(ownfd.Get(i))); d == dev && n == ino {
		sys.Close(c.Result)
		c.Result = -int64(unix.EBADF)
	}
}

// sysUnshare notes that a thread leaves the process's table. One that is alone takes
// it along.
func sysUnshare(c *Call) {
	from := ownfd.Table()
	keepLibrary()
	c.performHere()
	newPids = newPids || c.Result == 0 && c.Args[0]&unix.CLONE_NEWPID != 0
	if c.Result == 0 && c.Args[0]&unix.CLONE_FILES != 0 && !proc.LastThread() {
		ownTable(ownfd.LeaveTable(from))
	}
}

// sysSetLimit makes setrlimit or prlimit.
func sysSetLimit(c *Call) {
	which, set := c.Args[0], c.Args[1]
	if c.Sysno == unix.SYS_PRLIMIT64 {
		which, set = c.Args[1], c.Args[2]
	}
	if which == unix.RLIMIT_FSIZE && set != 0 && tracelog.IsFile() {
		hard, ok := mem.ReadUint64(set + 8)
		tracelog.Bound(ok && hard != sys.RlimInfinity)
	}
	c.performHere()
}

// ownTable says so if the calling thread's table of descriptors could not be noted.
func ownTable(noted bool) {
	if !noted {
		tracelog.Warn("too many tables of descriptors in one process: what this one does to ours is not followed")
	}
}

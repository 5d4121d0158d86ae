package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
)

// Which arguments of a call are descriptors that must be open: bit i for argument
// i, and bit atShift+i for one that only matters if the path in the argument behind
// it is not absolute.
const atShift = 8

const (
	fd0 = 1 << iota
	fd1
	fd2
	fd3
	fd4
	fdMaybe = 1 << 6 // ownsFdWithin knows
	at0     = fd0 << atShift
	at1     = fd1 << atShift
	at2     = fd2 << atShift
	at3     = fd3 << atShift
)

// Numbers that x/sys/unix does not have yet.
const (
	sysSetxattrat    = 463
	sysGetxattrat    = 464
	sysListxattrat   = 465
	sysRemovexattrat = 466
	sysFileGetattr   = 468
	sysFileSetattr   = 469
)

var fdArgs = [512]uint16{
	unix.SYS_READ: fd0, unix.SYS_WRITE: fd0, unix.SYS_CLOSE: fd0, unix.SYS_FSTAT: fd0, unix.SYS_LSEEK: fd0,
	unix.SYS_IOCTL: fd0 | fdMaybe, unix.SYS_PREAD64: fd0, unix.SYS_PWRITE64: fd0, unix.SYS_READV: fd0, unix.SYS_WRITEV: fd0,
	unix.SYS_PREADV: fd0, unix.SYS_PWRITEV: fd0, unix.SYS_PREADV2: fd0, unix.SYS_PWRITEV2: fd0,
	unix.SYS_DUP: fd0, unix.SYS_DUP2: fd0, unix.SYS_DUP3: fd0, unix.SYS_FCNTL: fd0, unix.SYS_FLOCK: fd0,
	unix.SYS_FSYNC: fd0, unix.SYS_FDATASYNC: fd0, unix.SYS_SYNCFS: fd0, unix.SYS_SYNC_FILE_RANGE: fd0,
	unix.SYS_FTRUNCATE: fd0, unix.SYS_FALLOCATE: fd0, unix.SYS_FADVISE64: fd0, unix.SYS_READAHEAD: fd0, unix.SYS_CACHESTAT: fd0,
	unix.SYS_GETDENTS: fd0, unix.SYS_GETDENTS64: fd0, unix.SYS_FCHDIR: fd0, unix.SYS_FCHMOD: fd0, unix.SYS_FCHOWN: fd0,
	unix.SYS_FSTATFS: fd0, unix.SYS_FSETXATTR: fd0, unix.SYS_FGETXATTR: fd0, unix.SYS_FLISTXATTR: fd0, unix.SYS_FREMOVEXATTR: fd0,
	unix.SYS_SENDFILE: fd0 | fd1, unix.SYS_SPLICE: fd0 | fd2, unix.SYS_TEE: fd0 | fd1, unix.SYS_VMSPLICE: fd0,
	unix.SYS_COPY_FILE_RANGE: fd0 | fd2, unix.SYS_MMAP: fdMaybe, unix.SYS_QUOTACTL_FD: fd0,

	unix.SYS_OPENAT: at0, unix.SYS_OPENAT2: at0, unix.SYS_MKDIRAT: at0, unix.SYS_MKNODAT: at0, unix.SYS_UNLINKAT: at0,
	unix.SYS_FCHOWNAT: at0, unix.SYS_FCHMODAT: at0, unix.SYS_FCHMODAT2: at0, unix.SYS_FACCESSAT: at0, unix.SYS_FACCESSAT2: at0,
	unix.SYS_FUTIMESAT: at0, unix.SYS_UTIMENSAT: at0, unix.SYS_NEWFSTATAT: at0, unix.SYS_STATX: at0, unix.SYS_READLINKAT: at0,
	unix.SYS_RENAMEAT: at0 | at2, unix.SYS_RENAMEAT2: at0 | at2, unix.SYS_LINKAT: at0 | at2, unix.SYS_SYMLINKAT: at1,
	unix.SYS_EXECVEAT: at0, unix.SYS_NAME_TO_HANDLE_AT: at0, unix.SYS_OPEN_BY_HANDLE_AT: fd0,
	sysSetxattrat: at0, sysGetxattrat: at0, sysListxattrat: at0, sysRemovexattrat: at0, sysFileGetattr: at0, sysFileSetattr: at0,
	unix.SYS_MOUNT_SETATTR: at0, unix.SYS_OPEN_TREE: at0, unix.SYS_MOVE_MOUNT: at0 | at2, unix.SYS_FSPICK: at0,
	unix.SYS_FSMOUNT: fd0, unix.SYS_FSCONFIG: fd0, unix.SYS_INOTIFY_ADD_WATCH: fd0, unix.SYS_INOTIFY_RM_WATCH: fd0,
	unix.SYS_FANOTIFY_MARK: fd0 | at3,

	unix.SYS_CONNECT: fd0, unix.SYS_ACCEPT: fd0, unix.SYS_ACCEPT4: fd0, unix.SYS_BIND: fd0, unix.SYS_LISTEN: fd0,
	unix.SYS_SHUTDOWN: fd0, unix.SYS_GETSOCKNAME: fd0, unix.SYS_GETPEERNAME: fd0, unix.SYS_SETSOCKOPT: fd0,
	unix.SYS_GETSOCKOPT: fd0, unix.SYS_SENDTO: fd0, unix.SYS_RECVFROM: fd0, unix.SYS_SENDMSG: fd0 | fdMaybe,
	unix.SYS_RECVMSG: fd0, unix.SYS_SENDMMSG: fd0, unix.SYS_RECVMMSG: fd0,

	unix.SYS_EPOLL_WAIT: fd0, unix.SYS_EPOLL_PWAIT: fd0, unix.SYS_EPOLL_PWAIT2: fd0, unix.SYS_EPOLL_CTL: fd0 | fd2,
	unix.SYS_SELECT: fdMaybe, unix.SYS_PSELECT6: fdMaybe, unix.SYS_SIGNALFD: fd0, unix.SYS_SIGNALFD4: fd0,
	unix.SYS_TIMERFD_SETTIME: fd0, unix.SYS_TIMERFD_GETTIME: fd0, unix.SYS_MQ_TIMEDSEND: fd0, unix.SYS_MQ_TIMEDRECEIVE: fd0,
	unix.SYS_MQ_NOTIFY: fd0, unix.SYS_MQ_GETSETATTR: fd0, unix.SYS_IO_URING_ENTER: fd0, unix.SYS_IO_URING_REGISTER: fd0,
	unix.SYS_FINIT_MODULE: fd0, unix.SYS_KEXEC_FILE_LOAD: fd0 | fd1, unix.SYS_SETNS: fd0, unix.SYS_PIDFD_SEND_SIGNAL: fd0,
	unix.SYS_PIDFD_GETFD: fd0, unix.SYS_PROCESS_MADVISE: fd0, unix.SYS_PROCESS_MRELEASE: fd0, unix.SYS_PERF_EVENT_OPEN: fd3,
	unix.SYS_LANDLOCK_ADD_RULE: fd0, unix.SYS_LANDLOCK_RESTRICT_SELF: fd0, unix.SYS_WAITID: fdMaybe,
}

// ownsFd says whether a descriptor that a call is about is ours: it gets EBADF, as
// if the number were free.
func ownsFd(c *Call) bool {
	if uint64(c.Sysno) >= uint64(len(fdArgs)) {
		return false
	}
	m := uint(fdArgs[c.Sysno])
	if m == 0 {
		return false
	}
	for i := range 5 {
		if (m|m>>atShift)>>i&1 == 0 || !ownfd.Is(c.Args[i]) {
			continue
		}
		var first [1]byte
		if m>>i&1 != 0 || mem.Read(first[:], c.Args[i+1]) != 1 || first[0] != '/' {
			return true
		}
	}
	return m&fdMaybe != 0 && ownsFdWithin(c)
}

// ownsFdWithin is ownsFd for descriptors in certain places.
func ownsFdWithin(c *Call) bool {
	a := &c.Args
	switch c.Sysno {
	case unix.SYS_MMAP:
		return a[3]&unix.MAP_ANONYMOUS == 0 && ownfd.Is(a[4])
	case unix.SYS_IOCTL:
		return a[1] == unix.FICLONE && ownfd.Is(a[2])
	case unix.SYS_WAITID:
		return a[0] == unix.P_PIDFD && ownfd.Is(a[1])
	case unix.SYS_SELECT, unix.SYS_PSELECT6:
		return ownsFdSet(a)
	case unix.SYS_SENDMSG:
		return guarded() && ownsFdPassed(a[1])
	}
	return false
}

// ownsFdSet says whether one of select's sets has one of ours.
func ownsFdSet(a *[6]uint64) bool {
	n := int64(int32(a[0]))
	for i := range ownfd.Count {
		fd := ownfd.Get(i)
		if fd < 0 || fd >= n {
			continue
		}
		for set := 1; set <= 3; set++ {
			if a[set] == 0 {
				continue
			}
			if v, ok := mem.ReadUint64(a[set] + uint64(fd)/64*8); ok && v>>(uint(fd)%64)&1 != 0 {
				return true
			}
		}
	}
	return false
}

// ownsFdPassed says whether a message passes one of ours on (unix(7), SCM_RIGHTS).
// It looks at the first maxPassed headers and their first words.
func ownsFdPassed(msg uint64) bool {
	const controlAt, maxPassed = 32, 16 // struct msghdr
	var control [2]uint64
	if mem.Read(unsafe.Slice((*byte)(unsafe.Pointer(&control)), 16), msg+controlAt) != 16 {
		return false
	}
	at, end := control[0], control[0]+control[1]
	for range maxPassed {
		var h struct {
			len         uint64
			level, kind int32
		}
		n := uint64(unsafe.Sizeof(h))
		if at == 0 || end-at < n || end < at || mem.Read(unsafe.Slice((*byte)(unsafe.Pointer(&h)), n), at) != int(n) || h.len < n || h.len > end-at {
			return false
		}
		if h.level == unix.SOL_SOCKET && h.kind == unix.SCM_RIGHTS {
			for off := n; off+4 <= h.len; off += 4 {
				var fd uint32
				if mem.Read(unsafe.Slice((*byte)(unsafe.Pointer(&fd)), 4), at+off) == 4 && ownfd.Is(uint64(fd)) {
					return true
				}
			}
		}
		at += (h.len + 7) &^ 7
	}
	return false
}

// sysPoll shows our descriptors as not open (poll(2), POLLNVAL).
func sysPoll(c *Call) {
	c.performPlain()
	hidePolled(c)
}

// hidePolled corrects what poll or ppoll has just returned. The kernel has written
// to the array: it can be read, but for one that another thread takes away meanwhile.
func hidePolled(c *Call) {
	if c.Result < 0 {
		return
	}
	const size, nval, some = 8, 0x20, 32 // struct pollfd, POLLNVAL
	n := uint64(uint32(c.Args[1]))       // unsigned int nfds (fs/select.c)
	var fds [some]unix.PollFd
	for i := uint64(0); i < n; i += some {
		k := min(n-i, some)
		if mem.CopyGuarded(uintptr(unsafe.Pointer(&fds)), uintptr(c.Args[0]+i*size), uintptr(k*size)) != 0 {
			return
		}
		for j := range fds[:k] {
			p := &fds[j]
			if p.Fd < firstOwnLow || !ownfd.Is(uint64(uint32(p.Fd))) {
				continue
			}
			if p.Revents == 0 {
				c.Result++
			}
			p.Revents = nval
			mem.CopyGuarded(uintptr(c.Args[0]+(i+uint64(j))*size), uintptr(unsafe.Pointer(p)), size)
		}
	}
}

// firstOwnLow is the least number of ours: below are those that a program uses.
const firstOwnLow = 3

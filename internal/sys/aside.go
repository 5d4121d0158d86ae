package sys

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// A descriptor of ours that is open for a moment gets the lowest free number. Where other threads share the table that is one that the
// program may be about to name: a shell closes 0 and makes dup2(3, 0), which would close ours, and when we close that it is the
// program's. So what is opened is moved at once to a number that programs do not name, and until that is done
// no dup2(2) is made.
// See docs/decisions/descriptors-for-a-moment.md.

// FilesShared is set where another thread, or process, may use the same table of descriptors.
var FilesShared bool

// FilesElsewhere is set where that may be a process with other memory.
var FilesElsewhere bool

// named counts the calls just now by which the program names a number; opening is set while something of ours has a low one.
var named, opening int32

// asidePatience is how many steps of a wait ([Pause], a second) one waits for the other: a call that opens or closes a file can
// wait for as long as the file's server likes.
const asidePatience = PauseYields + 1000

// A descriptor is moved to the first free number from asideFrom on, or from AsideFar on where others of ours are there: programs name
// numbers of one digit, shells of two. A table of descriptors has room for 64, and making it larger in a process with several
// threads takes an RCU grace period (expand_fdtable, fs/file.c), 20 ms or more.
const (
	asideFrom = 40
	AsideFar  = 2000
)

// Far is set where a descriptor of ours has a number from AsideFar on.
var Far bool

// OpenAt makes openat(2) untrapped; path is an address. The number is out of the program's way.
func OpenAt(dir, path, flags uintptr, mode uint32) int64 {
	return NewFd(unix.SYS_OPENAT, dir, path, flags, uintptr(mode), 0, 0)
}

// NewFd makes a call untrapped whose result is a new descriptor, and moves that out of the program's way. It returns its
// number, or a negated errno.
func NewFd(nr int, a0, a1, a2, a3, a4, a5 uintptr) int64 {
	if !FilesShared {
		return int64(rawsys.Syscall(uintptr(nr), a0, a1, a2, a3, a4, a5))
	}
	for i := 0; i < asidePatience; i++ { // and then it is taken over: who had it may have been killed, a child in this memory
		if atomic.CompareAndSwapInt32(&opening, 0, 1) {
			if atomic.LoadInt32(&named) == 0 {
				break
			}
			atomic.StoreInt32(&opening, 0) // who names a number is first
		}
		Pause(i)
	}
	fd := int64(rawsys.Syscall(uintptr(nr), a0, a1, a2, a3, a4, a5))
	if fd >= 0 {
		fd = moveAside(fd)
	}
	atomic.StoreInt32(&opening, 0)
	return fd
}

// moveAside gives the file behind fd a number that programs do not name, if there is one, and returns its number.
func moveAside(fd int64) int64 {
	how := uintptr(unix.F_DUPFD)
	if rawsys.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_GETFD, 0, 0, 0, 0) == unix.FD_CLOEXEC {
		how = unix.F_DUPFD_CLOEXEC
	}
	high := int64(-1)
	if Far && fd < AsideFar {
		high = int64(rawsys.Syscall(unix.SYS_FCNTL, uintptr(fd), how, AsideFar, 0, 0, 0)) // EINVAL beyond the limit
	}
	if high < 0 && fd < asideFrom {
		high = int64(rawsys.Syscall(unix.SYS_FCNTL, uintptr(fd), how, asideFrom, 0, 0, 0))
	}
	if high < 0 {
		return fd
	}
	Close(fd)
	return high
}

// BeginNaming is called before the program makes a call that gives a descriptor a number of its choice, EndNaming behind
// that. No descriptor of ours has a low number in between.
func BeginNaming() {
	atomic.AddInt32(&named, 1)
	for i := 0; i < asidePatience && atomic.LoadInt32(&opening) != 0; i++ {
		Pause(i)
	}
}

// EndNaming ends what BeginNaming has begun.
func EndNaming() { atomic.AddInt32(&named, -1) }

// ForkedFiles is called in a forked child, which has one thread; shared says whether its parent uses the same table.
func ForkedFiles(shared bool) { FilesShared, FilesElsewhere, named, opening = shared, shared, 0, 0 }

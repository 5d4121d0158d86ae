package text

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/internal/clock"
)

// The path of a descriptor is asked for each time that it is printed, which costs as much as ten short calls. A
// program that opens a file, asks for its size, reads and closes it does so in the time of a few lines, and
// between these lines nothing can have moved the file that the thread could know of. So a thread keeps the path
// that it found last for its next lines, until
//   - a call has returned, in any thread of the process, by which descriptors or files can have changed, or the
//     thread can have learnt that others changed them: any but those of [settled];
//   - a process that shares the trace's records has moved files ([movesFiles]);
//   - the program is given a signal;
//   - a tenth of a millisecond is over, for what strangers do unasked.
// See docs/decisions/paths-kept-for-a-moment.md.

var (
	// events counts the first and the third.
	events atomic.Uint64
	// Moved counts the second, in memory that the processes share; nil if there is none.
	Moved *atomic.Uint64
)

// stamp says when something was found out.
type stamp struct {
	events, moved uint64
	count         uint64 // of the time-stamp counter; 0 if it may not be used
}

func stampNow() stamp {
	if Moved == nil {
		return stamp{}
	}
	return stamp{events.Load(), Moved.Load(), clock.Count()}
}

// holds says whether nothing has happened since.
func (s *stamp) holds() bool {
	return Moved != nil && s.events == events.Load() && s.moved == Moved.Load() && clock.Recent(s.count)
}

// Returned takes in that a call has returned in thread tid, before its result is printed.
func Returned(nr int64, a *[6]uint64, result int64, tid int) {
	if settled(nr, a, tid) {
		return
	}
	events.Add(1)
	renumber(nr, a, result)
	if Moved != nil && movesFiles(nr) {
		Moved.Add(1)
	}
}

// Signalled takes in that the program is given a signal.
func Signalled() { events.Add(1) }

// keptFd says of which thread's descriptor something is kept.
type keptFd struct {
	// owner is the thread's id, 0 before there is one, and filling while the rest is written.
	owner atomic.Int32
	fd    int32
}

const filling = -1

// of says whether it is of descriptor fd of thread tid.
func (k *keptFd) of(tid int, fd int32) bool { return k.owner.Load() == int32(tid) && k.fd == fd }

// begin says whether thread tid may write what it has asked for at a count of the time-stamp counter, and end then makes that its own.
func (k *keptFd) begin(tid int, count uint64) bool {
	old := k.owner.Load()
	return tid > 0 && count != 0 && old != filling && k.owner.CompareAndSwap(old, filling)
}

func (k *keptFd) end(tid int, fd int32) {
	k.fd = fd
	k.owner.Store(int32(tid))
}

// keptPath is the path of a regular file that a thread found last.
type keptPath struct {
	keptFd
	asked stamp // just before that was asked for
	n     int32
	text  [keptMax]byte
}

// keptMax is how long a path may be that is kept.
const keptMax = 192

// keptPaths has a place for the threads with equal ids modulo its length.
var keptPaths [128]keptPath

func keptPathOf(tid int) *keptPath { return &keptPaths[uint(tid)%uint(len(keptPaths))] }

// keptLink copies the path that descriptor fd had a moment before to link, and returns its length; 0 means that
// it has to be asked for.
//
//go:noinline
func keptLink(tid int, fd int32, link *[linkMax]byte) int {
	k := keptPathOf(tid)
	if !k.of(tid, fd) || !k.asked.holds() {
		return 0
	}
	n := copy(link[:], k.text[:min(uint32(k.n), keptMax)])
	if !k.of(tid, fd) {
		return 0 // another thread's place now
	}
	return n
}

// keepLink keeps the path of descriptor fd, a regular file's.
//
//go:noinline
func keepLink(tid int, fd int32, link []byte, asked stamp) {
	if k := keptPathOf(tid); len(link) <= keptMax && k.begin(tid, asked.count) {
		k.n, k.asked = int32(copy(k.text[:], link)), asked
		k.end(tid, fd)
	}
}

// settled says whether a call leaves all descriptors open on what they were open on, and all files where they
// were, and does not wait for others or receive what they send. tid is the thread that makes it.
func settled(nr int64, a *[6]uint64, tid int) bool {
	switch nr {
	case unix.SYS_FSTAT, unix.SYS_LSEEK, unix.SYS_PREAD64, unix.SYS_PREADV, unix.SYS_PREADV2, unix.SYS_FADVISE64,
		unix.SYS_WRITE, unix.SYS_WRITEV, unix.SYS_PWRITE64, unix.SYS_PWRITEV, unix.SYS_PWRITEV2, unix.SYS_SENDFILE,
		unix.SYS_SENDTO, unix.SYS_SENDMSG,
		unix.SYS_MMAP, unix.SYS_MUNMAP, unix.SYS_MPROTECT, unix.SYS_MADVISE, unix.SYS_BRK:
		return true
	case unix.SYS_NEWFSTATAT:
		return a[3]&unix.AT_EMPTY_PATH != 0
	case unix.SYS_READ, unix.SYS_READV:
		k := keptPathOf(tid) // a regular file's, so that nobody is waited for
		return k.of(tid, int32(a[0])) && k.asked.holds()
	}
	return false
}

// movesFiles says whether a call changes where files are, for all processes.
func movesFiles(nr int64) bool {
	switch nr {
	case unix.SYS_RENAME, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_UNLINK, unix.SYS_UNLINKAT, unix.SYS_RMDIR,
		unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_MOVE_MOUNT, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_SETNS, unix.SYS_UNSHARE,
		unix.SYS_IO_URING_ENTER:
		return true
	}
	return false
}

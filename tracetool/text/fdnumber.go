package text

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/internal/clock"
	"libsystrap/internal/sys"
	"libsystrap/systrap/abi"
)

// A descriptor that has no path is open on the same thing, with the same name, until its number is given to another file: a
// socket, a pipe, an epoll instance. What such a one is is asked for once, and kept by the thread that asked until
//   - a call by which its number can have become another file's has returned, in any thread of the process;
//   - a hundredth of a second is over: a supervisor (seccomp_unotify(2)) or debugger can do so, too.
//
// Nothing is kept where a process with other memory shares the descriptors, or the kernel may close them by itself, for a ring.

var (
	// renumbered counts, for the numbers with equal remainders, the calls by which one can have become another file's.
	renumbered [1024]atomic.Uint32
	// allRenumbered counts those that it is not known for which, or for many.
	allRenumbered atomic.Uint32
	// rings says whether there may be one.
	rings atomic.Bool
)

// lastingTenths is for how many tenths of a millisecond what has no path is kept.
const lastingTenths = 100

// numberStamp says when it was found out what a number is.
type numberStamp struct {
	one, all uint32
	count    uint64 // of the time-stamp counter; 0 if it may not be used
}

func renumberedOf(fd int32) *atomic.Uint32 { return &renumbered[uint32(fd)%uint32(len(renumbered))] }

func numberNow(fd int32) numberStamp {
	if sys.FilesElsewhere || rings.Load() {
		return numberStamp{}
	}
	return numberStamp{renumberedOf(fd).Load(), allRenumbered.Load(), clock.Count()}
}

// holds says whether fd is what it was.
func (s *numberStamp) holds(fd int32) bool {
	return !sys.FilesElsewhere && !rings.Load() && s.one == renumberedOf(fd).Load() && s.all == allRenumbered.Load() && clock.RecentBy(s.count, lastingTenths)
}

// renumber takes in that a call has returned by which a number can have become another file's: the number is closed or given, or,
// where another thread's close has not returned yet, is one that the kernel has just made.
func renumber(nr int64, a *[6]uint64, result int64) {
	gives := nr == unix.SYS_FCNTL || uint64(nr) < uint64(len(abi.Calls)) && abi.Calls[nr].Result == abi.ResultFd
	switch nr {
	case unix.SYS_CLOSE:
		renumberedOf(int32(a[0])).Add(1)
	case unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER:
		rings.Store(true)
	case unix.SYS_CLOSE_RANGE, unix.SYS_PIPE, unix.SYS_PIPE2, unix.SYS_SOCKETPAIR:
		allRenumbered.Add(1)
	}
	if gives && result >= 0 {
		renumberedOf(int32(result)).Add(1)
	}
}

// keptName is what a descriptor that has no path was when a thread asked.
type keptName struct {
	keptFd
	asked numberStamp // just before that was asked for
	// kind is an index of inodeKinds, whose inode is ino, or anonymous, whose name is text.
	kind int32
	n    int32
	ino  uint64
	text [40]byte
}

// anonymous is the kind of the inodes that have a name only: epoll instances, eventfds and the like (fs/anon_inodes.c).
const (
	anonymous     = len(inodeKinds)
	anonymousHead = "anon_inode:"
)

// keptNames has a place for the descriptors with equal remainders.
var keptNames [256]keptName

func keptNameOf(fd int32) *keptName { return &keptNames[uint32(fd)%uint32(len(keptNames))] }

// holds says whether it is what descriptor fd of thread tid is.
func (k *keptName) holds(tid int, fd int32) bool { return k.of(tid, fd) && k.asked.holds(fd) }

// keptKind returns what kind of inode descriptor fd of thread tid is, and its number; the kind -1 means that it has to be
// asked for.
//
//go:noinline
func keptKind(tid int, fd int32) (kind int, ino uint64) {
	k := keptNameOf(fd)
	if !k.holds(tid, fd) {
		return -1, 0
	}
	kind, ino = int(k.kind), k.ino
	if !k.holds(tid, fd) || uint(kind) >= uint(len(inodeKinds)) {
		return -1, 0 // another thread's place now, or without a number
	}
	return kind, ino
}

// keptAnonymous copies the name of descriptor fd of thread tid to link, if it is anonymous and that is known, and returns its length, or 0.
//
//go:noinline
func keptAnonymous(tid int, fd int32, link []byte) int {
	k := keptNameOf(fd)
	if !k.holds(tid, fd) || int(k.kind) != anonymous {
		return 0
	}
	n := copy(link, k.text[:min(uint32(k.n), uint32(len(k.text)))])
	if !k.holds(tid, fd) {
		return 0
	}
	return n
}

// keepName keeps what descriptor fd is: a kind of inode and its number, or anonymous and its name.
//
//go:noinline
func keepName(tid int, fd int32, kind int, ino uint64, name []byte, asked numberStamp) {
	if k := keptNameOf(fd); len(name) <= len(k.text) && k.begin(tid, asked.count) {
		k.asked, k.kind, k.ino = asked, int32(kind), ino
		k.n = int32(copy(k.text[:], name))
		k.end(tid, fd)
	}
}

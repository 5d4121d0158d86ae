package ownfd

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
)

// Our descriptor has a number at or above the soft RLIMIT_NOFILE, where a limit
// of the usual size leaves room: the program can neither be given that number
// nor reach it with a loop to the limit, and the limit bounds numbers, not how
// many are open. Under a large limit it is firstOwn or above, as the kernel's
// table grows with the largest number in use.
// See docs/decisions/descriptor-numbers.md.
const (
	firstOwn    = sys.AsideFar
	largeNofile = 16384
	ownFdGap    = 32
)

// MoveHigh duplicates fd to a number of ours with close-on-exec set and returns
// it or a negated errno. The limit is lifted for the moment: descriptors above
// it stay usable (getrlimit(2)).
func MoveHigh(fd int64) int64 {
	var old unix.Rlimit
	Prlimit(nil, &old)
	if old.Cur > largeNofile {
		return DupHigh(fd, firstOwn)
	}
	first := old.Cur
	if first < firstOwn {
		first = firstOwn
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
		Prlimit(&lim, nil)
	}
	r := DupHigh(fd, int64(first+ownFdGap))
	Prlimit(&old, nil)
	return r
}

// DupHigh duplicates fd to the first free number from min on, with close-on-exec set. It
// returns that or a negated errno.
func DupHigh(fd, min int64) int64 {
	noteLowest(min)
	r := rawsys.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_DUPFD_CLOEXEC, uintptr(min), 0, 0, 0)
	if r == sys.Refused && seccomp.On {
		return dupFree(fd, min)
	}
	return int64(r)
}

// dupFree is DupHigh where a filter forbids fcntl(2): the next numbers are looked at.
func dupFree(fd, min int64) int64 {
	var st unix.Stat_t
	for n := min; n < min+ownFdGap; n++ {
		if int64(rawsys.Syscall(unix.SYS_FSTAT, uintptr(n), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0)) == -int64(unix.EBADF) {
			return int64(rawsys.Syscall(unix.SYS_DUP3, uintptr(fd), uintptr(n), unix.O_CLOEXEC, 0, 0, 0))
		}
	}
	return -int64(unix.EPERM)
}

// Prlimit sets and gets RLIMIT_NOFILE; nil is for neither.
func Prlimit(set, old *unix.Rlimit) bool {
	return rawsys.Syscall(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 0, 0) == 0
}

// SharedFd is a descriptor of the tool's that goes from image to image beside
// the trace's (Share), or -1.
var SharedFd int64 = -1

// Share makes the file behind fd known to all images of the trace; fd itself is
// closed. It returns the number it has now, or a negated errno. It is meant
// for memory that the processes share (memfd_create(2)), and for Init.
func Share(fd int64) int64 {
	high := MoveHigh(fd)
	sys.Close(fd)
	if high >= 0 {
		SharedFd = high
	}
	return high
}

// LogFd is the descriptor of the trace's stream, or -1.
var LogFd int64 = -1

// LogMapFd is that of the memory that the processes share for it, or -1.
var LogMapFd int64 = -1

// AliveFd is the writing end of a pipe that every process of the trace keeps
// open, or -1: who started the trace reads end of file when the last one is
// gone, however it ended, and whichever PID namespace it was in.
var AliveFd int64 = -1

// Lowest is a number that no descriptor of ours is below.
var Lowest uint32 = none

const none = 1 << 31

// Any says whether there is, or has been, a descriptor of ours.
func Any() bool { return Lowest != none }

func noteLowest(fd int64) {
	if fd >= 0 && fd < int64(Lowest) {
		Lowest = uint32(fd)
		sys.Far = true
	}
}

// NoteLowest brings Lowest up to those that another image has handed over.
func NoteLowest() {
	for i := range Count {
		noteLowest(Get(i))
	}
}

// Is says whether a descriptor is one of ours.
func Is(fd uint64) bool { return Index(int64(uint32(fd))) >= 0 }

// Index returns which of our descriptors has number fd, or -1.
func Index(fd int64) int {
	if t := Table(); t >= 0 {
		for i, own := range fdTables[t].fds {
			if own == fd {
				return i
			}
		}
		return -1
	}
	switch fd {
	case LogFd:
		return Log
	case SharedFd:
		return Shared
	case AliveFd:
		return Alive
	case LogMapFd:
		return LogMap
	case LibFd:
		return Lib
	}
	if privateCount.Load() != 0 && fd >= 0 {
		for i := range privateFds {
			if privateFds[i] == fd {
				return FirstPrivate + i
			}
		}
	}
	return -1
}

// DupLifted is DupHigh for a process whose limit leaves no number: it is lifted for
// the moment, also the hard one where the process may do that (CAP_SYS_RESOURCE).
func DupLifted(fd int64) int64 {
	var old unix.Rlimit
	Prlimit(nil, &old)
	lim := unix.Rlimit{Cur: old.Max, Max: old.Max}
	r := -int64(unix.EMFILE)
	if old.Cur < old.Max && Prlimit(&lim, nil) {
		r = DupHigh(fd, int64(old.Cur))
	}
	if lim.Cur += 2 * ownFdGap; r < 0 && lim.Cur > old.Max {
		lim.Max = lim.Cur
		if Prlimit(&lim, nil) {
			r = DupHigh(fd, int64(old.Max)+ownFdGap)
		}
	}
	Prlimit(&old, nil)
	return r
}

// LogUsers counts the threads that use the log's number just now, of whichever
// table.
var LogUsers atomic.Int32

// TakeLog returns the log's number for the caller, which stays the log's until
// DropLog.
func TakeLog() int64 {
	LogUsers.Add(1)
	return Get(Log)
}

// DropLog ends what TakeLog began.
func DropLog() { LogUsers.Add(-1) }

// LibFd is a descriptor of the library's file, or of a copy, with which it goes from
// image to image; or -1.
var LibFd int64 = -1

// Adopt takes over the descriptors, besides the log's, that came across execve;
// execed is false if who started the trace knows nothing of where ours lie.
func Adopt(execed bool) {
	if SharedFd >= 0 && !sys.CloseOnExec(SharedFd, true) {
		SharedFd = -1
	}
	if SharedFd >= 0 && !execed {
		Share(SharedFd)
	}
	if LibFd >= 0 && !sys.CloseOnExec(LibFd, true) {
		LibFd = -1
	}
	if LibFd >= 0 && !execed {
		LibFd = moveUp(LibFd)
	}
	if AliveFd >= 0 && !sys.CloseOnExec(AliveFd, true) {
		AliveFd = -1
	}
	if AliveFd >= 0 && !execed {
		AliveFd = moveUp(AliveFd)
	}
}

// moveUp is MoveHigh for a descriptor that is not needed where it is; it stays there if there is no other number.
func moveUp(low int64) int64 {
	high := MoveHigh(low)
	if high < 0 {
		return low
	}
	sys.Close(low)
	return high
}

package tracelog

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/ownmem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
	"libsystrap/systrap/line"
)

// A log in a regular file is written through a shared mapping of it: a line is
// given its place by compare-and-swap of an offset that all processes of the trace
// share, and copied there. No system call is made per line. What is in the file
// stays there when the process is killed; the part of the file that waits for lines
// reads as NULs, and is cut off at the end (logend.go).
//
// The offset never passes the file's end, so
// that a full disk is seen before a line has its place. Where anything stands in the
// way, the log is closed to mapped lines for good, in all processes, and cut;
// write(2) appends from then on.
// See docs/decisions/mapped-log.md.

// logHead is what the processes share: the memory of a file without a name
// (memfd_create(2)), whose descriptor goes from image to image. All zero is the
// head of an empty log.
type logHead struct {
	logState
	_       [unsafe.Sizeof(writer{}) - unsafe.Sizeof(logState{})]byte
	writers [numWriters]writer // texts that are about to go there by write(2) (logtorn.go)
}

type logState struct {
	off    atomic.Uint64 // where the next line goes; logClosed
	done   atomic.Uint64 // how many bytes have been copied
	size   atomic.Uint64 // how much of the file is there for lines
	claim  atomic.Uint64 // how much is, or is about to be
	grows  atomic.Int64  // how many enlarge the file just now
	cutter atomic.Int64  // the process that cuts the file
	cut    atomic.Uint32 // it has been cut
	// foreign is set if somebody else has added to the file.
	foreign atomic.Uint32
	// faulty is set once a process has said that lines are lost.
	faulty atomic.Uint32
	// end is where the mapped part ended, and what has been written behind it.
	end atomic.Uint64
	// noted is how many of the writers have ever been noted.
	noted atomic.Uint64
}

// logClosed is the bit of logHead.off that ends the log's mapped part.
const logClosed = 1 << 63

// logHeadSize is the size of the shared memory in bytes; little of it is ever touched.
const logHeadSize = unsafe.Sizeof(logHead{})

var _ [0]byte = [logHeadSize % sys.PageSize]byte{}

var (
	// logMap is nil if lines are written.
	logMap *logHead
	// logJoined is set once this process is known to take part (joinLog).
	logJoined atomic.Uint32
)

// Map has the lines of the trace's stream, an empty regular file, written
// through a mapping, where that is possible. It is for a tool's Init.
func Map() {
	if !MayMap() {
		return
	}
	fd, mapFd := NewMap(ownfd.LogFd)
	if fd < 0 {
		return
	}
	high, highMap := ownfd.MoveHigh(fd), ownfd.MoveHigh(mapFd)
	sys.Close(fd)
	sys.Close(mapFd)
	if high < 0 || highMap < 0 {
		sys.Close(high)
		sys.Close(highMap)
		return
	}
	flock(high, unix.LOCK_SH)
	Set(high)
	ownfd.LogMapFd = highMap
	attachLog()
}

// NewMap prepares the empty file behind descriptor fd, which may be write-only,
// for being mapped. It returns a descriptor of it that allows that, and one of
// memory that the processes share; -1 if it is no such file, or cannot be mapped.
func NewMap(fd int64) (logFd, mapFd int64) {
	var st unix.Stat_t
	if rawsys.Syscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) != 0 ||
		st.Mode&unix.S_IFMT != unix.S_IFREG || st.Size != 0 || fileLimit() != sys.RlimInfinity {
		return -1, -1
	}
	var path [48]byte
	l := line.On(path[:len(path)-1])
	l.Str("/proc/self/fd/")
	l.Int(fd)
	// A shared mapping to write needs a descriptor to read, too (mmap(2), EACCES).
	logFd = sys.Open(&path[0], unix.O_RDWR|unix.O_APPEND|unix.O_CLOEXEC, 0)
	if logFd < 0 {
		return -1, -1
	}
	mapFd = sys.NewFd(unix.SYS_MEMFD_CREATE, uintptr(unsafe.Pointer(&logMapName)), unix.MFD_CLOEXEC, 0, 0, 0, 0)
	if mapFd < 0 || rawsys.Syscall(unix.SYS_FTRUNCATE, uintptr(mapFd), logHeadSize, 0, 0, 0, 0) != 0 {
		sys.Close(mapFd)
		sys.Close(logFd)
		return -1, -1
	}
	return logFd, mapFd
}

var logMapName = [...]byte{'s', 'y', 's', 't', 'r', 'a', 'p', '-', 'l', 'o', 'g', 0}

// AdoptMap is Adopt for the descriptor of the shared memory.
func AdoptMap(execed bool) {
	if ownfd.LogMapFd < 0 {
		return
	}
	if !sys.CloseOnExec(ownfd.LogMapFd, true) {
		ownfd.LogMapFd = -1
		return
	}
	if !execed {
		high := ownfd.MoveHigh(ownfd.LogMapFd)
		sys.Close(ownfd.LogMapFd)
		ownfd.LogMapFd = high
	}
	attachLog()
}

// MayMap says whether no seccomp filter forbids what a mapped log needs.
func MayMap() bool {
	for _, nr := range [...]int{unix.SYS_MMAP, unix.SYS_MUNMAP, unix.SYS_FALLOCATE, unix.SYS_WRITEV, unix.SYS_FTRUNCATE, unix.SYS_FSTAT,
		unix.SYS_FCNTL, unix.SYS_SCHED_YIELD, unix.SYS_NANOSLEEP} {
		if !sys.MayCall(nr) {
			return false
		}
	}
	return true
}

// mayCutLog says the same of what ends it.
func mayCutLog() bool { return sys.MayCall(unix.SYS_FTRUNCATE) && sys.MayCall(unix.SYS_FSTAT) }

// attachLog maps the head, and reserves addresses for the windows.
func attachLog() {
	a := rawsys.Syscall(unix.SYS_MMAP, sys.Hint(logHeadSize), logHeadSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED, uintptr(ownfd.LogMapFd), 0)
	if int64(a) < 0 && int64(a) >= -sys.MaxErrno {
		return // write(2) appends behind the mapped part: endLog moves it
	}
	if size := sys.FileSize(ownfd.LogMapFd); size != 0 && size < uint64(logHeadSize) && // an older program's
		(fileLimit() != sys.RlimInfinity || rawsys.Syscall(unix.SYS_FTRUNCATE, uintptr(ownfd.LogMapFd), logHeadSize, 0, 0, 0, 0) != 0) {
		sys.Munmap(a, logHeadSize)
		return
	}
	logMap = (*logHead)(sys.Ptr(a))
	ownmem.Note(a, logHeadSize)
	ownmem.Unlock(a, logHeadSize)
	ownmem.LeaveOut(a, a+logHeadSize)
	joinLog()
	if logMap.off.Load()&logClosed != 0 {
		return
	}
	if seccomp.Suspended && !MayMap() && reserveWindows() { // what cannot be called later can be now
		Fix(sys.MayCall(unix.SYS_WRITE))
		return
	}
	logFixed = !MayMap() && !mayCutLog()
	if !logFixed && !MayMap() || !reserveWindows() {
		giveUpMap(0)
	}
}

// appendMapped adds b to the log through the mapping. It returns false if the
// caller is to write it.
func appendMapped(b []byte, end *atomic.Uint64) bool {
	h := logMap
	n := uint64(len(b))
	if logJoined.Load() == 0 {
		joinLog()
	}
	for {
		at := h.off.Load()
		if at&logClosed != 0 {
			awaitCut()
			return false
		}
		if at+n > h.size.Load() {
			if !growLog(at+n) && !giveUpMap(n) {
				return true
			}
			continue
		}
		// The windows are there before the line has its place: there is nothing to
		// take back if they cannot be.
		w := holdWindow(at / windowSize)
		next := w
		if (at+n-1)/windowSize != at/windowSize && w >= 0 {
			next = holdWindow(at/windowSize + 1)
		}
		ok := w >= 0 && next >= 0 && n <= windowSize
		mine := ok && h.off.CompareAndSwap(at, at+n)
		if mine && end != nil {
			end.Store(at + n)
		}
		whole := !mine || copyToWindows(w, next, at, b)
		if next != w {
			releaseWindow(next)
		}
		releaseWindow(w)
		if mine {
			h.done.Add(n)
			windows.filled += n
		}
		switch {
		case !ok || !whole: // not whole: somebody has cut the file
			if !giveUpMap(n) {
				return true
			}
		case mine:
			return true
		}
	}
}

// logFixed is set behind a filter that forbids to end the mapped part of the log, or to
// enlarge it, where lines cannot be written either: what finds no room is lost.
var logFixed bool

// ForgetMap leaves the log to others.
func ForgetMap() { logMap = nil }

// Forked runs in a forked child, which does not take part before its first line.
func Forked() {
	Unjoin()
	freeWindows()
}

// Fix is called before a filter is in force that forbids what a mapped log needs; mayWrite
// says whether it lets lines be written. Lines go on through the mapping where they can, as
// long as there is room; the result says whether they do.
func Fix(mayWrite bool) bool {
	if logMap == nil || logMap.off.Load()&logClosed != 0 {
		return false
	}
	if mayWrite && !(logFile && fileLimit() != sys.RlimInfinity) {
		closeLog() // nothing but write(2) is left to us
		return false
	}
	reserveLog(logMap)
	logFixed = true
	return true
}

// giveUpMap has lines written from now on, in all processes; false if that cannot be, and
// n bytes are lost.
func giveUpMap(n uint64) bool {
	if logFixed {
		LostBytes += n
		return false
	}
	closeLog()
	return true
}

// copyToWindows copies b to offset at of the log. It is done from the first byte
// to the last, so that what a killed process leaves is a beginning of b, and NULs.
func copyToWindows(w, next int, at uint64, b []byte) bool {
	in := at % windowSize
	head := b
	if room := windowSize - in; uint64(len(b)) > room {
		head = b[:room]
	}
	if mem.Write(uint64(windows.base)+uint64(w)*windowSize+in, head) != len(head) {
		return false
	}
	rest := b[len(head):]
	return len(rest) == 0 || mem.Write(uint64(windows.base)+uint64(next)*windowSize, rest) == len(rest)
}

// MayWrite says whether the filters let the trace's write(2) through.
func MayWrite() bool {
	fd := ownfd.LogFd
	if fd < 0 {
		fd = 2
	}
	return seccomp.Allows(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&logMapName)), 1, 0, 0, 0)
}

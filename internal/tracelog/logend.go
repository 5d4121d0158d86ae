package tracelog

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ownfd"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// The end of a log's mapped part.
//
// Each process image, and each forked child that has written a line, holds a read lock on the shared memory
// (fcntl(2), advisory record locking): the kernel takes it away however the process
// ends, and an execve keeps it as long as the descriptor. Who can have a write lock
// instead is the last. To be wrong in that does no harm: a closed log goes on with
// write(2), and lines are not moved together for good while others add to them.

// joinLog takes this process's lock.
func joinLog() {
	logJoined.Store(1)
	for i := 0; setLock(unix.F_RDLCK) == -int64(unix.EAGAIN) && i < longWait; i++ {
		sys.Pause(i) // who took itself for the last one puts the lines together
	}
}

// Unjoin notes that this process has no lock.
func Unjoin() { logJoined.Store(0) }

// lockLog changes the lock of this process; false if another one's is in the way.
func lockLog(kind int16) bool { return setLock(kind) == 0 }

// setLock is the call, -EAGAIN if another process's lock is in the way.
func setLock(kind int16) int64 {
	l := unix.Flock_t{Type: kind}
	return int64(rawsys.Syscall(unix.SYS_FCNTL, uintptr(ownfd.Get(ownfd.LogMap)), unix.F_SETLK, uintptr(unsafe.Pointer(&l)), 0, 0, 0))
}

// Leave is called when nothing more is to come from this process, which is none that
// shares its parent's memory. The last one finishes the log.
func Leave() {
	if logMap == nil || logJoined.Load() == 0 {
		return
	}
	logJoined.Store(0)
	lockLog(unix.F_UNLCK) // of two that end together, one sees the other gone
	finishLog()
}

// EndMap ends the mapped part of the log behind the two descriptors of
// [NewMap], and finishes the log if no process takes part any more. It is for a
// program that has started the trace.
func EndMap(fd, mapFd int64) {
	ownfd.LogFd, ownfd.LogMapFd = fd, mapFd
	a := rawsys.Syscall(unix.SYS_MMAP, sys.Hint(logHeadSize), logHeadSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED, uintptr(mapFd), 0)
	if int64(a) >= 0 || int64(a) < -sys.MaxErrno {
		logMap = (*logHead)(sys.Ptr(a))
		finishLog()
		closeLog()
		sys.Munmap(a, logHeadSize)
	}
	logMap, ownfd.LogFd, ownfd.LogMapFd = nil, -1, -1
}

// finishLog closes the log and puts its lines together, if this process is the
// last one.
func finishLog() {
	if !lockLog(unix.F_WRLCK) {
		return
	}
	h := logMap
	if h.cut.Load() == 0 {
		shutLog()
		if h.cutter.CompareAndSwap(0, sys.Getpid()) {
			cutLog(true)
		}
	} else if h.patchy() || h.killedWriting() {
		size := sys.FileSize(ownfd.Get(ownfd.Log))
		end := removeGaps(size)
		if sys.FileSize(ownfd.Get(ownfd.Log)) == size {
			truncateLog(size, end)
		} else {
			h.foreign.Store(1) // somebody writes still, without a lock: there are NULs in between until the next one finishes it
		}
	}
	lockLog(unix.F_UNLCK)
}

// patchy says whether places have been left empty, or may have been.
func (h *logHead) patchy() bool {
	return h.done.Load() != h.off.Load()&^logClosed || h.foreign.Load() != 0
}

// closeLog ends the mapped part of the log, in all processes.
func closeLog() {
	shutLog()
	if logMap.cutter.CompareAndSwap(0, sys.Getpid()) {
		cutLog(false)
		return
	}
	awaitCut()
}

// EndMapped is closeLog where lines go through the mapping still.
func EndMapped() {
	if logMap != nil && logMap.cut.Load() == 0 {
		closeLog()
	}
}

// shutLog lets no more lines have places.
func shutLog() {
	h := logMap
	for at := h.off.Load(); at&logClosed == 0; at = h.off.Load() {
		h.off.CompareAndSwap(at, at|logClosed)
	}
}

// cutLog cuts the file behind its last line. Lines that have their places and are
// being copied stay within the file.
func cutLog(last bool) {
	h := logMap
	for i := 0; h.grows.Load() != 0 && i < shortWait; i++ {
		sys.Pause(i) // one may have been killed in there
	}
	end := h.off.Load() &^ logClosed
	size := sys.FileSize(ownfd.Get(ownfd.Log))
	if size > h.claim.Load() {
		h.foreign.Store(1) // it lies behind the part that waits for lines
	}
	for i := 0; last && (h.done.Load() != end || windowsInUse()) && i < shortWait; i++ {
		sys.Pause(i)
	}
	switch {
	case h.cut.Load() != 0: // somebody took us for dead
	case last && h.patchy() && (!windowsInUse() || proc.LastThread()):
		truncateLog(size, removeGaps(size))
	case h.foreign.Load() == 0:
		truncateLog(size, end)
	}
	h.cut.Store(1)
}

func truncateLog(size, end uint64) {
	if size > end {
		rawsys.Syscall(unix.SYS_FTRUNCATE, uintptr(ownfd.TakeLog()), uintptr(end), 0, 0, 0, 0)
		ownfd.DropLog()
	}
}

// awaitCut waits until the file has been cut, and cuts it if who was about to has
// been killed.
func awaitCut() {
	h := logMap
	for i := 0; h.cut.Load() == 0; i++ {
		p := h.cutter.Load()
		if i >= shortWait && (p == 0 || sys.Dead(p)) && h.cutter.CompareAndSwap(p, sys.Getpid()) {
			cutLog(false)
			return
		}
		if i >= longWait {
			return
		}
		sys.Pause(i)
	}
}

// AwaitFd waits until no thread uses the log's number as it was.
func AwaitFd() {
	for k := 0; ownfd.LogUsers.Load() != 0 && k < shortWait; k++ {
		sys.Pause(k)
	}
}

// Bounds of waiting, in steps of sys.Pause: about a tenth of a second, and half a
// minute.
const (
	shortWait = sys.PauseYields + 100
	longWait  = sys.PauseYields + 30000
)

// removeGaps moves the lines of the log together where processes that were killed
// have left places empty, and returns how many bytes there are.
func removeGaps(size uint64) uint64 {
	h := logMap
	if size == 0 {
		return 0
	}
	a := rawsys.Syscall(unix.SYS_MMAP, sys.Hint(uintptr(size)), uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED, uintptr(ownfd.TakeLog()), 0)
	ownfd.DropLog()
	if int64(a) < 0 && int64(a) >= -sys.MaxErrno {
		if h.cut.Load() != 0 || h.foreign.Load() != 0 {
			return size // there are lines behind the mapped part
		}
		return min(size, h.off.Load()&^logClosed)
	}
	h.foreign.Store(1) // until it is done: we may be killed
	p := unsafe.Slice((*byte)(sys.Ptr(a)), int(size))
	h.clearTorn(p)
	n := closeGaps(p)
	clear(p[n:])
	if h.end.Load() != 0 {
		h.end.Add(uint64(n) - size)
	}
	sys.Munmap(a, uintptr(size))
	h.done.Store(h.off.Load() &^ logClosed)
	h.foreign.Store(0)
	return uint64(n)
}

// closeGaps moves the lines in p together and returns their length: it leaves out
// the NULs, and a line that they cut short. There is no NUL in a line.
func closeGaps(p []byte) int {
	w := 0
	for r := range p {
		if p[r] == 0 {
			for w > 0 && p[w-1] != '\n' {
				w--
			}
			continue
		}
		if w != r {
			p[w] = p[r]
		}
		w++
	}
	return w
}

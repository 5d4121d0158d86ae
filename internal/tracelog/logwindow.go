package tracelog

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ownfd"
	"libsystrap/internal/ownmem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// The parts of the log that this process has mapped. Threads share them without a
// lock: who copies into a window is counted, and only one that nobody uses is given
// up for another part of the file.

const (
	windowSize = 256 << 10
	numWindows = 4
	// windowPauses bounds the wait for a free window, in steps of sys.Pause: a tenth of a second. Those who hold one may wait for a second.
	windowPauses = sys.PauseYields + 100
)

// windows are the slots of the mapped parts, at addresses that are reserved once:
// slot i is at base + i*windowSize. A slot's word is the part's number plus one in
// the upper half, 0 for none, and the number of its users in the lower, or
// windowBusy while it is being mapped.
var windows struct {
	base uintptr
	slot [numWindows]atomic.Uint64
	// filled is about how many bytes this process has put there since it mapped the last one:
	// threads count without a lock.
	filled uint64
}

// muchFilled is from when on a process is expected to fill the next window, too.
const muchFilled = windowSize / 4

const windowBusy = 1 << 31

func reserveWindows() bool {
	a := rawsys.Syscall(unix.SYS_MMAP, sys.Hint(numWindows*windowSize), numWindows*windowSize, unix.PROT_NONE,
		unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE, ^uintptr(0), 0)
	if int64(a) < 0 && int64(a) >= -sys.MaxErrno {
		return false
	}
	windows.base = a
	ownmem.Note(a, numWindows*windowSize)
	return true
}

// holdWindow returns the slot in which part n of the log is mapped, for
// releaseWindow, or -1 if it cannot be mapped. The same part may be in two.
func holdWindow(n uint64) int {
	if windows.base == 0 {
		return -1
	}
	for step := range windowPauses {
		free, oldest := -1, ^uint64(0)
		for i := range windows.slot {
			v := windows.slot[i].Load()
			if v>>32 == n+1 && v&windowBusy == 0 {
				if windows.slot[i].CompareAndSwap(v, v+1) {
					return i
				}
				v = ^uint64(0) // it has other users now
			}
			if uint32(v) == 0 && v < oldest {
				free, oldest = i, v
			}
		}
		if free >= 0 && windows.slot[free].CompareAndSwap(oldest, oldest|windowBusy) {
			if !mapWindow(free, n) {
				windows.slot[free].Store(0)
				return -1
			}
			windows.slot[free].Store((n+1)<<32 | 1)
			return free
		}
		if free < 0 {
			sys.Pause(step)
		}
	}
	return -1
}

func mapWindow(i int, n uint64) bool {
	at := windows.base + uintptr(i)*windowSize
	got := rawsys.Syscall(unix.SYS_MMAP, at, windowSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_FIXED,
		uintptr(ownfd.TakeLog()), uintptr(n*windowSize))
	ownfd.DropLog()
	ownmem.Unlock(got, windowSize)
	if got != at {
		return false
	}
	if there := logMap.size.Load() - uint64(n*windowSize); windows.filled >= muchFilled && int64(there) > 0 {
		populate(at, uintptr(min(there, windowSize)))
	}
	windows.filled = 0
	return true
}

// populate has the pages mapped in one go, rather than by a fault each.
func populate(at, n uintptr) {
	const madvPopulateWrite = 23 // Linux 5.14 (linux/mman.h)
	rawsys.Syscall(unix.SYS_MADVISE, at, n, madvPopulateWrite, 0, 0, 0)
}

func releaseWindow(i int) {
	if i >= 0 {
		windows.slot[i].Add(^uint64(0))
	}
}

// windowsInUse says whether a thread of this process is copying.
func windowsInUse() bool {
	for i := range windows.slot {
		if uint32(windows.slot[i].Load()) != 0 {
			return true
		}
	}
	return false
}

// freeWindows runs in a forked child: who used the windows is not there. One that
// was being mapped may not be.
func freeWindows() {
	for i := range windows.slot {
		v := windows.slot[i].Load()
		if v&windowBusy != 0 {
			v = 0
		}
		windows.slot[i].Store(v >> 32 << 32)
	}
}

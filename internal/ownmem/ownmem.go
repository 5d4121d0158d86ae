package ownmem

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// Our memory is none that the program knows of: but for our stacks it is left out of
// core files, and all of it of what mlockall locks, which would fault all of it in and count it against
// RLIMIT_MEMLOCK.
// See docs/decisions/memory-of-ours.md.

// ownMemory are our image and the mappings that we have made, but for the threads'
// (internal/core/thread.go); 0 is a free entry.
var ownMemory [Max]struct{ start, size atomic.Uintptr }

// Max is how many there can be.
const Max = 64

// Block returns where entry i of them lies; size 0 if it is free.
func Block(i int) (start, size uintptr) {
	return ownMemory[i].start.Load(), ownMemory[i].size.Load()
}

// Map is sys.MmapAnon for memory that stays.
func Map(n uintptr, flags int) uintptr {
	p := sys.MmapAnon(n, flags)
	if p != 0 {
		Note(p, n)
		Unlock(p, n)
		LeaveOut(p, p+n)
	}
	return p
}

// LeaveOut keeps the whole pages of [start, end) out of core files.
func LeaveOut(start, end uintptr) {
	start, end = (start+sys.PageSize-1)&^(sys.PageSize-1), end&^(sys.PageSize-1)
	if start < end {
		rawsys.Syscall(unix.SYS_MADVISE, start, end-start, unix.MADV_DONTDUMP, 0, 0, 0)
	}
}

// Note notes that [p, p+n) is ours, and the rest of its last page.
func Note(p, n uintptr) {
	n = uintptr(sys.PageCeil(uint64(n)))
	for i := range ownMemory {
		m := &ownMemory[i]
		if m.start.Load() == 0 && m.start.CompareAndSwap(0, p) {
			m.size.Store(n)
			return
		}
	}
}

// Forget undoes own.
func Forget(p uintptr) {
	for i := range ownMemory {
		if m := &ownMemory[i]; m.start.Load() == p {
			m.size.Store(0)
			m.start.Store(0)
			return
		}
	}
}

// LockFuture is set while the program has new mappings locked (mlockall(2),
// MCL_FUTURE): so are ours, for a moment.
var LockFuture bool

// Unlock takes the lock from new memory of ours.
func Unlock(p, n uintptr) {
	if LockFuture {
		rawsys.Syscall(unix.SYS_MUNLOCK, p, n, 0, 0, 0, 0)
	}
}

// Shared maps n bytes of zeroed memory that children made by fork share, or
// returns 0. The memory is reserved, not committed, and in no core file.
func Shared(n uintptr) uintptr { return Map(n, unix.MAP_SHARED|unix.MAP_NORESERVE) }

// Private maps n bytes of zeroed memory, which a child made by fork finds
// zeroed again (MADV_WIPEONFORK, Linux 4.14), or returns 0. The memory is
// reserved, not committed, and in no core file.
func Private(n uintptr) uintptr {
	p := Map(n, unix.MAP_PRIVATE|unix.MAP_NORESERVE)
	if p != 0 {
		WipeOnFork(p, n)
	}
	return p
}

// Unmap gives back memory of [Shared] or [Private].
func Unmap(p, n uintptr) {
	sys.Munmap(p, n)
	Forget(p)
}

// WipeOnFork has a child find n bytes at p zeroed.
func WipeOnFork(p, n uintptr) {
	if rawsys.Syscall(unix.SYS_MADVISE, p, n, unix.MADV_WIPEONFORK, 0, 0, 0) != sys.Refused {
		return
	}
	for i := range unwiped {
		if unwiped[i].n == 0 {
			unwiped[i].p, unwiped[i].n = p, n
			return
		}
	}
}

// unwiped is memory that a child has to wipe itself, as a filter forbids madvise(2).
var unwiped [4]struct{ p, n uintptr }

// WipeForked does that.
func WipeForked() {
	for i := range unwiped {
		if w := &unwiped[i]; w.n != 0 {
			rawsys.Syscall(unix.SYS_MMAP, w.p, w.n, unix.PROT_READ|unix.PROT_WRITE,
				unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE|unix.MAP_FIXED, ^uintptr(0), 0)
		}
	}
}

package systrap

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// Our memory is none that the program knows of: but for our stacks it is left out of
// core files, and all of it of what mlockall locks, which would fault all of it in and count it against
// RLIMIT_MEMLOCK.
// See docs/decisions/memory-of-ours.md.

// ownMemory are our image and the mappings that we have made, but for the threads'
// (thread.go); 0 is a free entry.
var ownMemory [maxOwn]struct{ start, size atomic.Uintptr }

// maxOwn is how many there can be.
const maxOwn = 64

// ownBlock returns where entry i of them lies; size 0 if it is free.
func ownBlock(i int) (start, size uintptr) {
	return ownMemory[i].start.Load(), ownMemory[i].size.Load()
}

// mapOwn is mmapAnon for memory that stays.
func mapOwn(n uintptr, flags int) uintptr {
	p := mmapAnon(n, flags)
	if p != 0 {
		own(p, n)
		unlockOwn(p, n)
		leaveOut(p, p+n)
	}
	return p
}

// leaveOut keeps the whole pages of [start, end) out of core files.
func leaveOut(start, end uintptr) {
	start, end = (start+pageSize-1)&^(pageSize-1), end&^(pageSize-1)
	if start < end {
		rawsys.Syscall(unix.SYS_MADVISE, start, end-start, unix.MADV_DONTDUMP, 0, 0, 0)
	}
}

// own notes that [p, p+n) is ours.
func own(p, n uintptr) {
	for i := range ownMemory {
		m := &ownMemory[i]
		if m.start.Load() == 0 && m.start.CompareAndSwap(0, p) {
			m.size.Store(n)
			return
		}
	}
}

// disown undoes own.
func disown(p uintptr) {
	for i := range ownMemory {
		if m := &ownMemory[i]; m.start.Load() == p {
			m.size.Store(0)
			m.start.Store(0)
			return
		}
	}
}

// lockFuture is set while the program has new mappings locked (mlockall(2),
// MCL_FUTURE): so are ours, for a moment.
var lockFuture bool

// unlockOwn takes the lock from new memory of ours.
func unlockOwn(p, n uintptr) {
	if lockFuture {
		rawsys.Syscall(unix.SYS_MUNLOCK, p, n, 0, 0, 0, 0)
	}
}

// MapShared maps n bytes of zeroed memory that children made by fork share, or
// returns 0. The memory is reserved, not committed, and in no core file.
func MapShared(n uintptr) uintptr { return mapOwn(n, unix.MAP_SHARED|unix.MAP_NORESERVE) }

// MapPrivate maps n bytes of zeroed memory, which a child made by fork finds
// zeroed again (MADV_WIPEONFORK, Linux 4.14), or returns 0. The memory is
// reserved, not committed, and in no core file.
func MapPrivate(n uintptr) uintptr {
	p := mapOwn(n, unix.MAP_PRIVATE|unix.MAP_NORESERVE)
	if p != 0 {
		wipeOnFork(p, n)
	}
	return p
}

// Unmap gives back memory of [MapShared] or [MapPrivate].
func Unmap(p, n uintptr) {
	munmap(p, n)
	disown(p)
}

// wipeOnFork has a child find n bytes at p zeroed.
func wipeOnFork(p, n uintptr) {
	if rawsys.Syscall(unix.SYS_MADVISE, p, n, unix.MADV_WIPEONFORK, 0, 0, 0) != refusedCall {
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

// wipeForked does that.
func wipeForked() {
	for i := range unwiped {
		if w := &unwiped[i]; w.n != 0 {
			rawsys.Syscall(unix.SYS_MMAP, w.p, w.n, unix.PROT_READ|unix.PROT_WRITE,
				unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE|unix.MAP_FIXED, ^uintptr(0), 0)
		}
	}
}

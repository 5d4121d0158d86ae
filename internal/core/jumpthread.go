package core

import (
	"sync/atomic"
	"unsafe"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// The jump door finds its thread by the FS base, which RDFSBASE reads. A thread is entered at its first
// trap: then the kernel's frame says which it is. No two threads that are entered have the same place, so the door
// needs no comparison to find one, nor a register for it.
//
// What changes an FS base is a call (clone with CLONE_SETTLS, ARCH_SET_FS), which goes by the trap, or WRFSBASE: a
// program whose text has that keeps to the trap once it has threads (fsexchange.go), as they may have each other's.
// See docs/decisions/jump-threads.md.

const (
	// jumpTableSize is the size in bytes, and the alignment, of the table of threads: what a
	// 16-bit register can index.
	jumpTableSize = 1 << 16
	// fsShift leaves out the bits in which the FS bases of threads rarely differ. The
	// control blocks of Go's threads are 2 KiB apart, those on stacks pages.
	fsShift = 10
)

// jumpThreads is the address of the table, which has the address of a thread at each multiple of 8.
var jumpThreads uintptr

// fsLock serialises those who change it; no signal of the program's is delivered meanwhile.
var fsLock uint32

func lockFS() {
	for i := 0; !atomic.CompareAndSwapUint32(&fsLock, 0, 1); i++ {
		sys.Pause(i)
	}
}

func unlockFS() { atomic.StoreUint32(&fsLock, 0) }

// fsPlace is where the thread with FS base fs is found.
func fsPlace(fs uint64) *uint64 {
	return (*uint64)(sys.Ptr(jumpThreads | uintptr(fs>>fsShift*8)&(jumpTableSize-1)))
}

// learn enters t, which is the calling thread's, with its FS base.
// sp is its stack pointer.
func (t *thread) learn(sp uint64) {
	fs := rawsys.ReadFSBase()
	back := t.onTop && !t.onStack(uintptr(sp))
	if back {
		t.onTop = false
	}
	if back || !t.entered || t.fs != fs || !t.sharesFS && !t.onTop && tellsThreads() && atomic.LoadUint64(fsPlace(fs)) != uint64(uintptr(unsafe.Pointer(t))) {
		t.enterDoor(fs)
	}
}

// enterDoor enters t, which has or is about to have FS base fs.
func (t *thread) enterDoor(fs uint64) {
	lockFS()
	t.leaveDoorLocked()
	t.fs, t.entered = fs, true
	t.sharesFS = t.sharers(true) > 0
	v := uint64(0)
	if !t.sharesFS && !t.onTop && tellsThreads() {
		v = uint64(uintptr(unsafe.Pointer(t)))
	}
	atomic.StoreUint64(fsPlace(fs), v)
	unlockFS()
}

// sharers returns how many other threads have t's place, and marks them if mark is set.
func (t *thread) sharers(mark bool) (n int) {
	place := fsPlace(t.fs)
	for i := range threadSlots[:slotsUsed] {
		s := &threadSlots[i]
		if u := s.thread; u != nil && u != t && s.busy != 0 && u.entered && fsPlace(u.fs) == place {
			n++
			u.sharesFS = u.sharesFS || mark
		}
	}
	return n
}

// leaveDoor takes t out of the table: its FS base may soon be another thread's.
func (t *thread) leaveDoor() {
	if t.entered {
		lockFS()
		t.leaveDoorLocked()
		unlockFS()
	}
}

func (t *thread) leaveDoorLocked() {
	if !t.entered {
		return
	}
	t.entered = false
	place := fsPlace(t.fs)
	if *place == uint64(uintptr(unsafe.Pointer(t))) {
		atomic.StoreUint64(place, 0)
	}
	if !t.sharesFS {
		return
	}
	t.sharesFS = false
	// One that is left alone with the place has it now.
	for i := range threadSlots[:slotsUsed] {
		s := &threadSlots[i]
		if u := s.thread; u != nil && s.busy != 0 && u.entered && u.sharesFS && fsPlace(u.fs) == place && u.sharers(false) == 0 {
			u.sharesFS = false
			if tellsThreads() && !u.onTop {
				atomic.StoreUint64(place, uint64(uintptr(unsafe.Pointer(u))))
			}
		}
	}
}

// suspendDoor is called when a handler of the program is entered on our stack: the kernel sends SIGSYS for a call that we make
// for the program, and its handler shall give that a result (SECCOMP_RET_TRAP). What the handler calls goes by the
// trap, whose frame is built below; the door would take the stack from its end.
func (t *thread) suspendDoor() {
	lockFS()
	t.onTop = true
	if t.entered && *fsPlace(t.fs) == uint64(uintptr(unsafe.Pointer(t))) {
		atomic.StoreUint64(fsPlace(t.fs), 0)
	}
	unlockFS()
}

// sysArchPrctl makes arch_prctl(2), which may change the FS base: no handler of the program runs before the thread is found by the new
// one.
func sysArchPrctl(c *Call, d *door) {
	c.performHere()
	d.enterDoor()
}

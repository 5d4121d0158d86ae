package systrap

import (
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// A child that shares memory with its suspended parent (CLONE_VM|CLONE_VFORK)
// may have been given a small stack inside its parent's: musl's posix_spawn
// gives it 5 KiB. The kernel's signal frame fits there, but not our work below
// it, which would run into the parent's frames. So such a child's traps are
// handled on a stack of ours, known by the stack pointer it was started with. A
// child with a copy of the memory and a stack of its own has ours for as long as
// it lives: its stack can be one page.
type childStack struct {
	// lo and hi bound the stack pointers of the child, in bytes.
	lo, hi uint64
	// top is the end of the stack to use instead.
	top   uint64
	inUse int64
}

const (
	maxChildStacks = 64
	// childStackSize is what any path below an entry may need, and room for a
	// signal handler of the program that interrupts it.
	childStackSize = 65536
	// smallStack is below what size in bytes a child's stack is too small for us.
	smallStack = 16384
)

var (
	childStacks     [maxChildStacks]childStack
	childStackCount int32
)

// smallChildStack returns the lowest stack pointer of a child that starts at sp
// if its stack is small: it is said to be size bytes long or, where that is
// not said (clone), lies in its parent's frame, whose stack pointer is
// parentSP. Else it returns 0.
func smallChildStack(sp, size, parentSP uint64) uint64 {
	if size != 0 && size < smallStack {
		return sp - size
	}
	if size == 0 && parentSP < sp && sp-parentSP < smallStack {
		return parentSP
	}
	return 0
}

// lendChildStack prepares for a child whose stack pointers are in [lo, hi). It
// returns the index of the stack, or -1: the child then uses its own.
func lendChildStack(lo, hi uint64) int {
	for i := range childStacks {
		s := &childStacks[i]
		if s.inUse != 0 || !atomic.CompareAndSwapInt64(&s.inUse, 0, 1) {
			continue
		}
		if s.top == 0 {
			p := mapOwn(childStackSize, unix.MAP_PRIVATE|unix.MAP_NORESERVE)
			if p == 0 {
				s.inUse = 0
				return -1
			}
			s.top = uint64(p) + childStackSize
		}
		s.lo, s.hi = lo, hi
		addInt32(&childStackCount, 1)
		return i
	}
	return -1
}

// returnChildStack takes stack i back; -1 does nothing.
func returnChildStack(i int) {
	if i < 0 {
		return
	}
	s := &childStacks[i]
	s.lo, s.hi = 0, 0
	addInt32(&childStackCount, -1)
	atomic.StoreInt64(&s.inUse, 0)
}

package clock

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// ID is a clock.
type ID uint8

const (
	Monotonic ID = iota
	Realtime
	ThreadTime // the processor time of the calling thread
	numIDs
)

// kernelIDs are the kernel's numbers (clock_gettime(2)).
var kernelIDs = [numIDs]int{unix.CLOCK_MONOTONIC, unix.CLOCK_REALTIME, unix.CLOCK_THREAD_CPUTIME_ID}

// trusted is for how many nanoseconds the counter tells how a clock goes on. A thread may be off its
// processor meanwhile, which its processor time is wrong by then, but no wait is so short.
var trusted = [numIDs]int64{100e3, 100e3, 10e3}

// Cells are what clocks showed last in one thread. The zero value is for one that has begun.
type Cells struct {
	tid int // whose the ThreadTime is: a vfork child may share the memory
	of  [numIDs]cell
}

// cell is what a clock showed, in nanoseconds, and the counter just after that.
type cell struct {
	count uint64
	ns    int64
}

var (
	// scale is how many nanoseconds one count takes, with 32 binary places; 0 while that is not
	// known, or the counter may not be read.
	scale atomic.Uint64
	// limits are trusted, in counts.
	limits [numIDs]atomic.Uint64
	// begun is a reading of Monotonic, for scale to be found; its count is 0 without one.
	begun cell
	// shown is what each clock showed last, for those that may not be read any more.
	shown [numIDs]atomic.Int64
)

const (
	// shortest is how many counts scale is found from at least: a millisecond, or half.
	shortest = 1 << 21
	// prompt is in how many counts a clock is read if the thread is not interrupted.
	prompt = 1 << 13
)

// Start prepares for reading clocks. It makes five calls.
func Start() {
	if !countsTime() {
		return
	}
	before := counter()
	ns, ok := ask(Monotonic)
	if after := counter(); ok && after-before < prompt {
		begun = cell{after, ns}
	}
}

// Lost has all clocks asked from now on: it is called before a thread of the process may not read the
// counter any more.
func Lost() {
	scale.Store(0)
	begun.count = 0
}

// Now returns a clock's time in nanoseconds: of the thread tid, which is the calling one and whose c
// is, nil if there is none. It is that of a moment just before, and never less than what it was before.
func Now(c *Cells, id ID, tid int) int64 {
	if s := scale.Load(); s != 0 && c != nil && (id != ThreadTime || c.tid == tid) {
		e := &c.of[id]
		if d := counter() - e.count; d < limits[id].Load() {
			return e.ns + int64(d*s>>32)
		}
	}
	return read(c, id, tid)
}

// Count returns the counter, or 0 if it is not known how fast it counts, or it may not be read.
func Count() uint64 {
	if scale.Load() == 0 && begun.count != 0 && counter()-begun.count > shortest {
		findScale()
	}
	if scale.Load() == 0 {
		return 0
	}
	return counter()
}

// Recent says whether it is known that [Count] returned c less than a tenth of a millisecond ago.
func Recent(c uint64) bool { return RecentBy(c, 1) }

// RecentBy says whether it is known that [Count] returned c less than some tenths of a millisecond ago.
func RecentBy(c, tenths uint64) bool {
	return c != 0 && scale.Load() != 0 && counter()-c < tenths*limits[Monotonic].Load()
}

// read is Now by a call.
//
//go:noinline
func read(c *Cells, id ID, tid int) int64 {
	if c == nil || scale.Load() == 0 && begun.count == 0 {
		ns, _ := ask(id)
		return ns
	}
	before := counter()
	ns, ok := ask(id)
	after := counter()
	if c.tid != tid {
		c.tid = tid
		c.of[ThreadTime] = cell{}
	}
	c.of[id] = cell{}
	if ok && after-before < prompt {
		c.of[id] = cell{after, ns}
	}
	if scale.Load() == 0 && after-begun.count > shortest {
		findScale()
	}
	return ns
}

// findScale measures the counter against Monotonic.
func findScale() {
	from := begun
	before := counter()
	ns, ok := ask(Monotonic)
	after := counter()
	if from.count == 0 || !ok || after-before > prompt {
		return // another time
	}
	d := uint64(ns - from.ns)
	if d == 0 || d > (after-from.count)*8 || after-from.count > d*64 {
		Lost() // no counter counts so
		return
	}
	s, _ := bits.Div64(d>>32, d<<32, after-from.count)
	for i := range limits {
		limits[i].Store(uint64(trusted[i]) << 32 / s)
	}
	scale.Store(s)
}

// ask asks the kernel for a clock's time. One that may not be read any more stands still.
func ask(id ID) (ns int64, ok bool) {
	var t unix.Timespec
	if rawsys.Syscall(unix.SYS_CLOCK_GETTIME, uintptr(kernelIDs[id]), uintptr(unsafe.Pointer(&t)), 0, 0, 0, 0) != 0 {
		return shown[id].Load(), false
	}
	ns = t.Sec*1e9 + t.Nsec
	*(*int64)(unsafe.Pointer(&shown[id])) = ns // nobody waits for it: no locked instruction
	return ns, true
}

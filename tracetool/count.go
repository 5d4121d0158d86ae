package tracetool

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/clock"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/systrap"
)

// Counts is what -c sums over all processes of a trace: memory of a file
// without a name (memfd_create(2)), whose descriptor goes from image to image.
// See docs/decisions/counts-in-a-memfd.md.
type Counts struct {
	// pids are the processes that take part; 0 is a free place.
	pids  [4096]atomic.Int32
	calls [512]callCount
}

// callCount is what is known of one call; times are in nanoseconds.
type callCount struct {
	calls, errors, total, max atomic.Uint64
	// min is kept inverted, so that 0 means nothing yet.
	min atomic.Uint64
}

// CountsSize is the size of the memory in bytes.
const CountsSize = unsafe.Sizeof(Counts{})

// counts is nil without -c.
var counts *Counts

// AttachCounts maps the memory behind descriptor fd.
func AttachCounts(fd int64) *Counts {
	a := systrap.Syscall(unix.SYS_MMAP, sys.Hint(CountsSize), CountsSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED, uintptr(fd), 0)
	if a < 0 && a >= -maxErrno {
		return nil
	}
	return *(**Counts)(unsafe.Pointer(&a))
}

// startCounts finds or makes the memory.
func startCounts() {
	if opt.count == 0 {
		return
	}
	fd := ownfd.Get(ownfd.Shared)
	if fd < 0 {
		if fd = makeCounts(); fd < 0 {
			systrap.Warn("-c: cannot make memory for the counts")
			return
		}
	}
	if counts = AttachCounts(fd); counts == nil {
		systrap.Warn("-c: cannot map the counts")
		return
	}
	counts.join(int32(systrap.Pid()))
}

var countsName = [...]byte{'s', 'y', 's', 't', 'r', 'a', 'p', 0}

func makeCounts() int64 {
	fd := systrap.Syscall(unix.SYS_MEMFD_CREATE, uintptr(unsafe.Pointer(&countsName)), unix.MFD_CLOEXEC, 0, 0, 0, 0)
	if fd < 0 {
		return fd
	}
	if e := systrap.Syscall(unix.SYS_FTRUNCATE, uintptr(fd), CountsSize, 0, 0, 0, 0); e < 0 {
		return e
	}
	return ownfd.Share(fd)
}

// join notes a process.
func (c *Counts) join(pid int32) {
	free := -1
	for i := range c.pids {
		switch c.pids[i].Load() {
		case pid:
			return
		case 0:
			if free < 0 {
				free = i
			}
		}
		if free >= 0 && i > free+64 {
			break
		}
	}
	for i := max(free, 0); i < len(c.pids); i++ {
		if c.pids[i].CompareAndSwap(0, pid) {
			return
		}
	}
}

// leave notes that a process is about to end, and says whether it is the last.
func (c *Counts) leave(pid int32) (last bool) {
	last = true
	for i := range c.pids {
		switch v := c.pids[i].Load(); {
		case v == pid:
			c.pids[i].Store(0)
		case v != 0 && alive(v):
			last = false
		}
	}
	return last
}

func alive(pid int32) bool {
	return systrap.Syscall(unix.SYS_KILL, uintptr(pid), 0, 0, 0, 0, 0) != -int64(unix.ESRCH)
}

// countClock is what -c measures: with -w the time that passes, else that of
// the thread on a processor.
func countClock() clock.ID {
	if opt.wall {
		return clock.Monotonic
	}
	return clock.ThreadTime
}

// count adds one call that took some nanoseconds.
func (c *Counts) count(nr int64, failed bool, took int64) {
	if nr < 0 || nr >= int64(len(c.calls)) {
		return
	}
	n := &c.calls[nr]
	ns := uint64(took)
	if over := uint64(countOverhead.Sec)*1e9 + uint64(countOverhead.Nsec); ns > over {
		ns -= over
	} else {
		ns = 0
	}
	n.calls.Add(1)
	if failed {
		n.errors.Add(1)
	}
	n.total.Add(ns)
	for old := n.max.Load(); ns > old && !n.max.CompareAndSwap(old, ns); old = n.max.Load() {
	}
	for old := n.min.Load(); ^ns > old && !n.min.CompareAndSwap(old, ^ns); old = n.min.Load() {
	}
}

// countOverhead is what -O takes off each call's time.
var countOverhead unix.Timespec

func overhead(s string) bool {
	var ok bool
	countOverhead, ok = interval(s)
	return ok
}

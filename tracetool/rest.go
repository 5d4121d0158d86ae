package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/tracelog"
	"libsystrap/systrap"
	"libsystrap/tracetool/text"
)

// What another thread, the teller, does with the text of an open line. Only one of it and
// the owner writes: the one that leaves toldNobody first.
//
// A teller may be stopped while it writes, by a debugger or a leak checker of the program's own,
// or be slow: its owner waits, but not for ever. The record is the teller's then, to read the text to
// its end and to free, and the owner goes on in another.
//
// See docs/decisions/left-records.md.
const (
	toldNobody    = iota
	toldBegun     // it is writing
	toldDone      // it has written
	toldWithdrawn // the owner writes the line whole
	toldLeft      // the record has been left to the teller
)

// told is the value of record.told for an owner word, or a handle, and a state.
func told(word uint64, state uint64) uint64 { return word&0xffffffff<<3 | state }

// isTold says whether a teller is at work on the record, whose owner's word is word.
func (r *record) isTold(word uint64) bool {
	t := r.told.Load()
	return t == told(word, toldBegun) || t == told(word, toldLeft)
}

// rest is where the rest of an open line goes: in record k, whose handle is h, behind what is
// there of the line if it is whole, and else behind "<... resumed>".
type rest struct {
	k     int
	h     uint64
	n     int // bytes that are there
	whole bool
}

// withdraw closes the open line h if nobody has begun to write it.
func (r *record) withdraw(h uint64) bool {
	return opt.separate || pool.open.CompareAndSwap(h, 0) || r.told.CompareAndSwap(told(h, toldNobody), told(h, toldWithdrawn))
}

// rest closes the line of record k, whose handle is h and which is thread tid's and busy.
//
//go:noinline
func (r *record) rest(k int, h uint64, tid int) rest {
	e := rest{k, h, int(r.n), true}
	if r.withdraw(h) {
		return e
	}
	teller := r.awaitTeller(h)
	if teller == tellerHasWritten {
		e.whole = false
		return e
	}
	// What is there has the note behind it.
	e.whole = teller != tellerIsStopped && tracelog.Lost(r.toldEnd.Load(), textOf(k)[:r.n])
	if teller == tellerHasDied {
		return e // nobody else has to do with the record
	}
	other, word := take(tid, 0)
	if other < 0 {
		return e // the teller may mix its text with ours: there are more threads in calls than records
	}
	if !r.told.CompareAndSwap(told(h, toldBegun), told(h, toldLeft)) {
		pool.head[other].free(handle(other, word), tid)
		e.whole = false // it has just written
		return e
	}
	e.k, e.h = other, handle(other, word)
	if e.whole {
		for e.n > len(textOf(other))-2*tail && enlarge(other, e.h) {
		}
		to := textOf(other)
		e.n = copy(to[:len(to)-2*tail], textOf(k)[:e.n])
	}
	return e
}

// free gives back the record in which the rest of a line was put together.
func (e rest) free(tid int) {
	pool.head[e.k].free(e.h, tid)
}

// longWait is how long a teller is waited for, in milliseconds, after a twentieth as many times
// that the processor was given up. spinsPerNap are as many looks as take a part of a millisecond. Each
// tellerLook naps it is looked what has become of the teller.
const (
	longWait    = 2000
	tellerLook  = 8
	spinsPerNap = 1 << 18
)

// What is known of a teller.
type tellerState uint8

const (
	tellerUnknown tellerState = iota
	tellerHasWritten
	tellerHasDied
	tellerIsStopped // it will write when it goes on
)

// awaitTeller waits for the teller of a record: it writes without delay, unless it was killed
// there, or is stopped.
//
//go:noinline
func (r *record) awaitTeller(h uint64) tellerState {
	nap := unix.Timespec{Nsec: 1e6}
	for i := 0; i < longWait; i++ {
		if r.told.Load() != told(h, toldBegun) {
			return tellerHasWritten
		}
		if i < longWait/20 {
			systrap.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0)
			continue
		}
		if i%tellerLook == 0 {
			if s := r.tellerState(); s != tellerUnknown {
				return s
			}
		}
		if systrap.Syscall(unix.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&nap)), 0, 0, 0, 0, 0) != -int64(unix.EPERM) {
			continue
		}
		// A filter of the program's forbids us to sleep.
		for spin := 0; spin < spinsPerNap && r.told.Load() == told(h, toldBegun); spin++ {
		}
	}
	return r.tellerState()
}

// tellerState says what has become of the teller.
func (r *record) tellerState() tellerState {
	switch {
	case r.tellerDied():
		return tellerHasDied
	case r.tellerStopped():
		return tellerIsStopped
	}
	return tellerUnknown
}

// tellerTid returns the teller's thread id, if it is known here.
func (r *record) tellerTid() int {
	w := r.teller.Load()
	if uint32(w>>32) != space || systrap.Vforked() {
		return 0
	}
	return int(uint32(w))
}

// tellerDied says whether the teller is known to have ended, also if nobody has waited for it:
// then it has no memory (process_vm_readv(2)).
//
//go:noinline
func (r *record) tellerDied() bool {
	tid := uintptr(r.tellerTid())
	if tid == 0 {
		return false
	}
	var b [1]byte
	at := struct{ base, len uintptr }{uintptr(unsafe.Pointer(&b)), 1}
	v := uintptr(unsafe.Pointer(&at))
	return systrap.Syscall(unix.SYS_PROCESS_VM_READV, tid, v, 1, v, 1, 0) == -int64(unix.ESRCH)
}

// tellerStopped says whether the teller is stopped, by a signal or a tracer (proc_pid_stat(5)).
//
//go:noinline
func (r *record) tellerStopped() bool {
	tid := r.tellerTid()
	if tid == 0 {
		return false
	}
	var path, stat [64]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/")
	l.Int(int64(tid))
	l.Str("/stat")
	n := text.ReadFile(&path, stat[:])
	for i := n - 3; i > 0; i-- {
		if stat[i] == ')' { // the last one: the name has 15 bytes at most
			return stat[i+2] == 'T' || stat[i+2] == 't'
		}
	}
	return false
}

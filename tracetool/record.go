package tracetool

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/tracelog"
	"libsystrap/systrap"
	"libsystrap/tracetool/text"
)

// The text of a call that is under way lives in a record: a slot of a pool in
// memory that all processes forked from this image share, taken and given back
// by compare-and-swap. No lock is ever held: a handler of the program may run
// anywhere in here, make calls of its own and never come back.
// See docs/decisions/line-records.md.
const (
	slots = 512
	// A record's text has plainText bytes, or with paths of descriptors, which are
	// looked up in what is behind a line's text, pathsText. What does not fit goes into
	// a larger one (bigtext.go).
	plainText = 8 << 10
	pathsText = 64 << 10
)

// slotText is how long a record's text may be in bytes.
var slotText = plainText

// record is the head of a slot, in cache lines of its own: threads that are made together have
// neighbouring ones.
type record struct {
	recordHead
	_ [(cacheLine - unsafe.Sizeof(recordHead{})%cacheLine) % cacheLine]byte
}

const cacheLine = 64

type recordHead struct {
	// owner is 0 if the slot is free, else its thread's id in the upper half
	// and the slot's uses in the lower. With busy the thread is
	// writing the text, and nobody else may; without, it is in its call, and who
	// ends it may end its line, too (live.go).
	owner atomic.Uint64
	// process, key and space say whose the record is where ids do not (process.go).
	// They and sp are set before owner has the thread's id.
	process, space uint32
	key            uintptr
	// uses counts how often the slot was taken; who has it changes it.
	uses uint32
	// sp is the program's stack pointer at the call: a record of the same
	// thread with no higher one was left by a handler that jumped away.
	sp atomic.Uint64
	// told says whether another thread writes the text up to here with
	// "<unfinished ...>" behind it: the lower half of owner, times eight, and one
	// of the told values.
	told atomic.Uint64
	// toldEnd is where that is in the trace (tracelog.Noting), and teller the thread that
	// does so, its space in the upper half; both are 0 until they are known.
	toldEnd, teller atomic.Uint64
	shown           int32 // the thread's number in the line, or 0
	n               int32 // bytes of text
	arg             int32 // the argument that waits
	begun           bool  // that argument's text is begun
	saved           [4]uint64
	sysno           int64
	start           int64  // for -T, in nanoseconds
	counted         int64  // for -C, of countClock
	inj             uint8  // what is injected, plus one
	poked           bool   // the program's memory was changed
	big             uint8  // the larger text that it has instead of its own, plus one
	bigOf           uint32 // the memory that it is in (bigTexts.id)
}

type shared struct {
	head [slots]record
	// used has a bit for each record that was ever one's: the others' memory is not touched by who looks at all.
	used [slots / 64]atomic.Uint64
	// open is the record whose text may have to be written by another thread
	// that wants to write: its owner word's lower half, and its index in the
	// upper one.
	open atomic.Uint64
	// live is how many threads and processes of this image are known to live
	// besides the first.
	live  atomic.Int64
	begun begunFiles
	ended [256]atomic.Int32 // processes that have ended and not been waited for
	// sockets are those that -yy has looked up.
	sockets [len(*text.Sockets)]text.SocketText
	// moved counts the calls that moved files.
	moved atomic.Uint64
	kept  [slots][text.MaxKept]uint32
	// memories counts the bigTexts, processes and spaces what has these numbers (process.go).
	memories, processes, spaces atomic.Uint32
	// text is the beginning of slots texts of slotText bytes.
	text [0]byte
}

// busy is a bit of record.owner.
const busy = 1 << 63

// threadOf is the thread's id in an owner word.
func threadOf(word uint64) int { return int(word &^ busy >> 32) }

// pool is nil if there is no memory for it; then each line is made whole at
// the call's end.
var pool *shared

func makePool() {
	if text.Opt.FdPaths {
		slotText = pathsText
	}
	a := systrap.MapShared(unsafe.Sizeof(shared{}) + uintptr(slots*slotText))
	pool = *(**shared)(unsafe.Pointer(&a))
	if pool != nil {
		text.Sockets, text.Moved = &pool.sockets, &pool.moved
	}
}

// take returns the index of a slot that is now the caller's, and busy, or -1, and
// its owner word without that bit.
func take(tid int, sp uint64) (int, uint64) {
	if pool == nil {
		return -1, 0
	}
	for i := 0; i < slots; i++ {
		k := (tid + i) % slots
		r := &pool.head[k]
		old := r.owner.Load()
		if old != 0 && !(threadOf(old) == tid && r.mine() && r.sp.Load() <= sp && !r.isTold(old)) {
			continue
		}
		if word := r.begin(old, tid, sp); word != 0 {
			return k, word
		}
	}
	return reclaim(tid, sp)
}

// reclaim takes the slot of a thread that is gone, when all are taken.
func reclaim(tid int, sp uint64) (int, uint64) {
	for k := range pool.head {
		r := &pool.head[k]
		old := r.owner.Load()
		if old != 0 && !(r.inSpace() && ended(threadOf(old))) {
			continue
		}
		if word := r.begin(old, tid, sp); word != 0 {
			return k, word
		}
	}
	return -1, 0
}

// begin makes the record, whose owner word is old, that of the calling thread tid, and busy. It
// returns the owner word without that bit, or 0 if another thread has been faster.
func (r *record) begin(old uint64, tid int, sp uint64) (word uint64) {
	if !r.owner.CompareAndSwap(old, busy) {
		return 0
	}
	if r.uses++; r.uses == 0 {
		r.uses = 1 // a handle is never 0
	}
	if r.uses == 1 {
		r.noteUsed()
	}
	word = uint64(tid)<<32 | uint64(r.uses)
	r.setMine()
	set(&r.sp, sp)
	set(&r.toldEnd, 0)
	set(&r.teller, 0)
	r.big = 0
	set(&r.told, told(word, toldNobody))
	set(&r.owner, word|busy)
	return word
}

// noteUsed sets the record's bit of pool.used.
func (r *record) noteUsed() {
	k := (uintptr(unsafe.Pointer(r)) - uintptr(unsafe.Pointer(&pool.head))) / unsafe.Sizeof(*r)
	pool.used[k/64].Or(1 << (k % 64))
}

// nextUsed returns the first record from k on that was ever one's, or slots.
func nextUsed(k int) int {
	for k < slots {
		if w := pool.used[k/64].Load() >> (k % 64); w != 0 {
			return k + bits.TrailingZeros64(w)
		}
		k = k/64*64 + 64
	}
	return slots
}

// set stores v where nobody else writes just now. Who sees it sees what was stored before: the
// processor keeps stores in order (Intel SDM vol. 3, 9.2.2), so it need not be the locked
// instruction that an atomic Store is, a dozen of which took half of a line's time.
func set(p *atomic.Uint64, v uint64) { *(*uint64)(unsafe.Pointer(p)) = v }

// textOf is where record k has its text.
func textOf(k int) []byte {
	if b := pool.head[k].big; b > 0 {
		return bigText(int(b - 1))
	}
	return ownText(k)
}

// ownText is the text that belongs to record k.
func ownText(k int) []byte {
	return unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(&pool.text), k*slotText)), slotText)
}

// holds says whether a handle is still that of a living thread's record.
func holds(h uint64) bool {
	k := int(h>>32) - 1
	if k < 0 {
		return false
	}
	word := pool.head[k].owner.Load()
	return word != 0 && uint32(word) == uint32(h) && !ended(threadOf(word))
}

// steal takes the record of another thread, which is about to be ended, for
// thread self; the word is what owner is then. It waits a little for one that is
// busy. It returns false if that stays so, or the record is another's now.
func (r *record) steal(word uint64, self int) (stolen uint64, ok bool) {
	for i := 0; r.owner.Load() == word|busy && i < 100; i++ {
		systrap.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0)
	}
	stolen = busy | uint64(self)<<32 | word&0xffffffff
	return stolen, r.owner.CompareAndSwap(word&^busy, stolen)
}

// handle is what Call.User holds: the slot's index plus one, and the lower
// half of its owner word.
func handle(k int, word uint64) uint64 { return uint64(k+1)<<32 | word&0xffffffff }

// claim returns the record of a handle and makes it busy, if it is still the
// caller's.
func claim(h uint64, tid int) (k int, r *record) {
	k = int(h>>32) - 1
	if pool == nil || k < 0 || k >= slots {
		return -1, nil
	}
	r = &pool.head[k]
	word := uint64(tid)<<32 | h&0xffffffff
	if !r.owner.CompareAndSwap(word, word|busy) {
		return -1, nil
	}
	return k, r
}

// free gives back the caller's record, which is busy, so that nobody else changes the word.
func (r *record) free(h uint64, tid int) {
	if r.owner.Load() == busy|uint64(tid)<<32|h&0xffffffff {
		set(&r.owner, 0)
	}
}

// interrupt writes the open line of another call, if there is one, with
// "<unfinished ...>" behind it, and makes h the open one.
func interrupt(h uint64) {
	if pool == nil || opt.separate {
		return
	}
	interruptWith(h, " <unfinished ...>\n")
}

// interruptWith is interrupt with another note.
func interruptWith(h uint64, note string) {
	old := pool.open.Swap(h)
	if old == 0 || old == h {
		return
	}
	k := int(old>>32) - 1
	r := &pool.head[k]
	if uint32(r.owner.Load()) != uint32(old) || r.n <= 0 || r.big != 0 && r.bigOf != bigs.id() {
		return // its owner writes the line whole
	}
	if !r.told.CompareAndSwap(told(old, toldNobody), told(old, toldBegun)) {
		return // its owner has not waited for us
	}
	r.teller.Store(uint64(space)<<32 | uint64(systrap.Tid()))
	t := textOf(k)
	n := min(int(r.n), len(t)-len(note))
	var keep [64]byte
	copy(keep[:], t[n:])
	copy(t[n:], note)
	tracelog.Noting(t[:n+len(note)], &r.toldEnd)
	copy(t[n:], keep[:len(note)])
	if !r.told.CompareAndSwap(told(old, toldBegun), told(old, toldDone)) {
		// Its owner has not waited any longer, and has left it to us.
		if word := r.owner.Load(); uint32(word) == uint32(old) {
			r.owner.CompareAndSwap(word, 0)
		}
	}
}

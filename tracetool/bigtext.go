package tracetool

import (
	"sync/atomic"
	"unsafe"

	"libsystrap/systrap"
)

// Lines that do not fit their records lie in memory of the process, which is made
// when there is one: it is none of what the processes share, as that would have to
// be there before. So only threads of the same memory may write such a line with
// "<unfinished ...>"; where another process is about to, its owner writes it whole.
const (
	midTexts = 16
	midText  = 64 << 10
	maxTexts = 8
	maxText  = 4 << 20
)

// bigTexts is zeroed in a forked child.
type bigTexts struct {
	// number tells this memory from that of other processes of the trace; 0 until
	// it is asked for.
	number atomic.Uint32
	// holder is the handle of the record that has a text. It is not taken back: a
	// record that is given up holds nothing.
	holder [midTexts + maxTexts]atomic.Uint64
	large  [maxTexts]atomic.Uintptr // where they are, once they have been used
	mid    [midTexts][midText]byte
}

// bigs is nil as long as no line was long.
var bigs *bigTexts

// id returns the number of the process's memory, or 0 if it has none.
func (b *bigTexts) id() uint32 {
	if b == nil {
		return 0
	}
	if b.number.Load() == 0 {
		b.number.CompareAndSwap(0, pool.memories.Add(1))
	}
	return b.number.Load()
}

// bigText returns text i.
func bigText(i int) []byte {
	if i < midTexts {
		return bigs.mid[i][:]
	}
	a := bigs.large[i-midTexts].Load()
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&a)), maxText)
}

// enlarge gives record k, whose handle is h, a larger text than it has, if there is
// one and one is free.
func enlarge(k int, h uint64) bool {
	r := &pool.head[k]
	from := 0
	switch {
	case int(r.big) > midTexts:
		return false
	case r.big > 0 || slotText >= midText:
		from = midTexts
	}
	if bigs == nil && !makeBigs() {
		return false
	}
	for i := from; i < len(bigs.holder); i++ {
		old := bigs.holder[i].Load()
		if holds(old) || !bigs.holder[i].CompareAndSwap(old, h) {
			continue
		}
		if i >= midTexts && !bigs.makeLarge(i-midTexts) {
			return false
		}
		r.bigOf = bigs.id()
		r.big = uint8(i + 1)
		return true
	}
	return false
}

// makeBigs makes the memory. Of two threads that do so the second one's is given up.
func makeBigs() bool {
	a := systrap.MapPrivate(unsafe.Sizeof(bigTexts{}))
	at := (*uintptr)(unsafe.Pointer(&bigs))
	if a != 0 && !atomic.CompareAndSwapUintptr(at, 0, a) {
		systrap.Unmap(a, unsafe.Sizeof(bigTexts{}))
	}
	return bigs != nil
}

// makeLarge makes large text i, which the caller has for itself.
func (b *bigTexts) makeLarge(i int) bool {
	if b.large[i].Load() == 0 {
		b.large[i].Store(systrap.MapPrivate(maxText))
	}
	return b.large[i].Load() != 0
}

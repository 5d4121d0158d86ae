package mem

import (
	"unsafe"

	"libsystrap/internal/sys"
)

// Words reads a list of the program's words one after the other, some at a time, as for one a call may be needed. What lies
// behind the end of the list is read with it, but no other page.
type Words struct {
	// At is the address of the next word in bytes.
	At uint64
	// buf has the words from index next on to end.
	next, end int
	buf       [wordsAtOnce]uint64
}

const (
	wordSize    = 8
	wordsAtOnce = 32
)

// Next returns the next word, or false if it cannot be read.
func (w *Words) Next() (v uint64, ok bool) {
	if w.next == w.end && !w.fill() {
		return 0, false
	}
	v = w.buf[w.next]
	w.next++
	w.At += wordSize
	return v, true
}

func (w *Words) fill() bool {
	n := max(1, min(wordsAtOnce, (sys.PageSize-int(w.At%sys.PageSize))/wordSize))
	b := unsafe.Slice((*byte)(unsafe.Pointer(&w.buf)), n*wordSize)
	w.next, w.end = 0, Read(b, w.At)/wordSize
	return w.end > 0
}

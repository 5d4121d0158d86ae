package mem

import (
	"testing"
	"unsafe"

	"libsystrap/internal/sys"
)

// TestWords: a list is read to its end wherever it lies, and not beyond what can be read.
func TestWords(t *testing.T) {
	page, end := twoPages(t)
	for i := range sys.PageSize / 8 {
		*(*uint64)(unsafe.Pointer(&page[i*8])) = uint64(i + 1)
	}
	read := func(at uint64) (list []uint64, after uint64) {
		w := Words{At: at}
		for v, ok := w.Next(); ok; v, ok = w.Next() {
			list = append(list, v)
		}
		return list, w.At
	}
	for _, n := range []int{0, 1, wordsAtOnce - 1, wordsAtOnce, wordsAtOnce + 1, sys.PageSize / 8} {
		list, after := read(end - uint64(n)*8)
		if len(list) != n || after != end {
			t.Errorf("%d words before an unreadable page: %d, then at %#x of %#x", n, len(list), after, end)
			continue
		}
		for i, v := range list {
			if want := uint64(sys.PageSize/8 - n + i + 1); v != want {
				t.Errorf("%d words: number %d is %d, want %d", n, i, v, want)
			}
		}
	}
	// One that lies across the pages' boundary cannot be read, those before it can.
	if list, after := read(end - 12); len(list) != 1 || after != end-4 {
		t.Errorf("unaligned: %d words, then at %#x of %#x", len(list), after, end)
	}
}

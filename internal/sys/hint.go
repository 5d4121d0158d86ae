package sys

import "sync/atomic"

// Where our own mappings are made. The kernel places those of the program from the top down, or from the bottom up; in a
// process whose program is to find the addresses that it has natively, ours ask for others.
var hints struct{ first, next atomic.Uintptr }

// HintSpace is how many bytes there are for it; what is mapped for a moment comes round again.
const HintSpace = 256 << 30

// KeepAway has our mappings made from address first on.
func KeepAway(first uintptr) {
	hints.first.Store(first)
	hints.next.Store(first)
}

// HintsEnd is behind all that was asked for.
func HintsEnd() uintptr {
	first, next := hints.first.Load(), hints.next.Load()
	if next > first+HintSpace/2 {
		return first + HintSpace
	}
	return next
}

// Hint returns the address to ask mmap(2) for where n bytes of ours are to lie, or 0 for any. An address that is taken is no hint,
// and what the kernel chooses instead would move the program's: so each is returned once, with a page between.
func Hint(n uintptr) uintptr {
	first := hints.first.Load()
	if first == 0 {
		return 0
	}
	n = uintptr(PageCeil(uint64(n))) + PageSize
	p := hints.next.Add(n) - n
	if p+n > first+HintSpace {
		hints.next.Store(first + HintSpace/2) // the first half is that of what stays
		p = hints.next.Add(n) - n
	}
	return p
}

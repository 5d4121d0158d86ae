package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/instr"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
)

// textMapping is an executable mapping and the image it belongs to.
type textMapping struct {
	start, end uint64
	prot       uintptr
	shared     bool
	image      int // index in bootImages, or -1
}

// bootImage is where an ELF file is mapped, from its header to its last page.
type bootImage struct{ base, end, dev, inode uint64 }

// What bootstrap finds before it patches anything, as patching changes
// /proc/self/maps.
var (
	bootTexts  [2048]textMapping
	bootImages [2048]bootImage
	ownPath    [unix.PathMax]byte
	ownPathLen int
	// unreadable is set if one of bootTexts cannot be read but with all keys open.
	unreadable bool
)

// instrumentMaps patches the executable mappings that overlap [lo, hi), but for
// our own image, the vDSO and the vsyscall page. It returns false if the
// mappings cannot be listed. The code lock is held, or there is one thread.
func instrumentMaps(lo, hi uint64) bool {
	if unsearched {
		return true
	}
	n, ok := listTexts(lo, hi)
	instrumentTexts(n, lo, hi)
	return ok
}

// instrumentStart is instrumentMaps at the start: other libraries of ours are kept out, and
// what is deferred is not searched.
func instrumentStart() bool {
	if isFreshImage() {
		return true
	}
	booting, starting, freshText = true, true, jumpWanted
	n, ok := listTexts(0, ^uint64(0))
	n = keepOthersOut(n)
	if unsearched {
		knowTexts(n)
	} else {
		instrumentTexts(n, 0, ^uint64(0))
	}
	booting, starting, freshText = false, false, false
	return ok
}

// keepOthersOut drops the texts of other libraries of ours from the first n of bootTexts, keeps
// them from starting, and returns the number left.
func keepOthersOut(n int) int {
	k := 0
	for i := range bootTexts[:n] {
		t := &bootTexts[i]
		if t.image >= 0 {
			keepRewrittenOut(&bootImages[t.image])
		}
		if t.image < 0 || !keepOut(&bootImages[t.image]) {
			bootTexts[k] = *t
			k++
		}
	}
	return k
}

// listTexts enters the executable mappings that overlap [lo, hi), but for those that
// instrumentMaps leaves out, into bootTexts, and what images they are of. It returns
// their number, and whether the mappings could be listed.
func listTexts(lo, hi uint64) (n int, ok bool) {
	if !proc.Maps.Open() {
		return 0, false
	}
	texts, images := 0, 0
	unreadable = false
	self := uint64(trapEntryAddr())
	var m proc.Mapping
	for proc.Maps.Next(&m) {
		if m.Inode != 0 {
			images = noteImage(&m, images)
			if booting && m.Offset == 0 {
				noteSanitizer(m.Name)
			}
		}
		if m.Prot&unix.PROT_EXEC == 0 {
			continue
		}
		if m.Start <= self && self < m.End {
			ownPathLen = copy(ownPath[:len(ownPath)-1], m.Name)
			ownPath[ownPathLen] = 0 // a guess may have been longer
			keepPreparedWay()
			ownText = textRange{m.Start, m.End - m.Start}
			continue
		}
		if m.End <= lo || hi <= m.Start || isKernels(m.Name) || m.Inode == 0 && outpostIn(m.Start, m.End) {
			continue
		}
		if m.Prot&unix.PROT_READ == 0 {
			unreadable = true
		}
		if texts == len(bootTexts) {
			tracelog.Warn("too many executable mappings: the rest is not traced")
			break
		}
		t := &bootTexts[texts]
		texts++
		t.start, t.end, t.prot, t.shared = m.Start, m.End, m.Prot, m.Shared
		t.image = -1
		if images > 0 && m.Inode != 0 {
			if b := &bootImages[images-1]; b.inode == m.Inode && b.dev == m.Dev {
				t.image = images - 1
			}
		}
	}
	proc.Maps.Close()
	return joinTexts(texts), true
}

// instrumentTexts patches what of the first n of bootTexts lies in [lo, hi).
func instrumentTexts(n int, lo, hi uint64) {
	keys := openKeys(keysUsed || unreadable)
	for i := range bootTexts[:n] {
		t := &bootTexts[i]
		if t.prot&unix.PROT_WRITE != 0 {
			// It may be read back or rewritten at any time, a file's text, too,
			// so it keeps its own bytes: a ud2 written over a trap would be
			// taken for it.
			counters.writableCode.Add(1)
			noteMadeCode()
			continue
		}
		if onlyReported && !hasReported(t.start, t.end) {
			continue
		}
		var im *instr.Image
		if t.image >= 0 {
			b := &bootImages[t.image]
			if image.FromMemory(sys.Ptr(uintptr(b.base)), b.end-b.base) {
				im = &image
			}
		}
		if im == nil && foundWhenRun() {
			continue
		}
		// What stands before lo is context: an instruction may reach over it.
		s, from, e := t.start, t.start, t.end
		if from < lo {
			from = lo
			if lo-s > textContext {
				s = lo - textContext
			}
		}
		if e > hi {
			e = hi
		}
		left := notLeft
		if t.shared {
			left = leftShared
		}
		instrument(im, s, from, e, t.prot, left)
	}
	closeKeys(keys)
}

// textContext is how many bytes before new code are looked at with it: more
// than instr's conservative rule asks for.
const textContext = 256

// joinTexts makes one text of those that lie end to end and differ in nothing
// that matters: in two halves, an instruction that straddles them would not be
// seen. It returns their number.
func joinTexts(n int) int {
	k := 0
	for i := 1; i < n; i++ {
		a, b := &bootTexts[k], &bootTexts[i]
		if a.end == b.start && a.prot == b.prot && a.shared == b.shared && a.image == b.image {
			a.end = b.end
			continue
		}
		k++
		bootTexts[k] = *b
	}
	if n == 0 {
		return 0
	}
	return k + 1
}

// noteImage enters m, a mapping of a file, into bootImages and returns their
// number: a readable mapping of offset 0 begins an image, others extend it.
func noteImage(m *proc.Mapping, n int) int {
	if n > 0 {
		b := &bootImages[n-1]
		if b.dev == m.Dev && b.inode == m.Inode && m.Offset != 0 {
			if m.Prot&unix.PROT_READ != 0 || m.End < b.end {
				b.end = m.End
			}
			return n
		}
	}
	if m.Offset == 0 && m.Prot&unix.PROT_READ != 0 && n < len(bootImages) {
		bootImages[n] = bootImage{m.Start, m.End, m.Dev, m.Inode}
		return n + 1
	}
	return n
}

// isKernels says whether a mapping's name is [vdso], [vvar], [vsyscall] or
// [uprobes]: code of the kernel's.
func isKernels(name []byte) bool {
	return len(name) > 1 && name[0] == '[' && (name[1] == 'v' || name[1] == 'u')
}

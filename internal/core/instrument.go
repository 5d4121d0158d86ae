package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/instr"
	"libsystrap/internal/sys"
)

// What instrumenting needs besides a little stack; used under the code lock.
var (
	finder  instr.Finder
	image   instr.Image
	pending [4096]uint64
)

// instrument patches the syscall sites of [start, end), which has protection
// prot and can be read by the thread. Of what lies before from, the start of
// what is new in a larger mapping, it looks only for instructions that reach
// over from. im tells where functions start, or is nil. left, if it is not
// notLeft, is why the sites found are not patched. The caller holds the code
// lock, or is the only thread.
func instrument(im *instr.Image, start, from, end uint64, prot uintptr, left leaving) {
	if discoverOnly {
		return
	}
	counters.mappings.Add(1)
	instrumentText(im, start, from, end, prot, left)
}

// instrumentText is instrument for any part of a mapping.
func instrumentText(im *instr.Image, start, from, end uint64, prot uintptr, left leaving) {
	if start == 0 {
		start = 1 // a slice cannot begin at nil, and no call fits into one byte
	}
	text := unsafe.Slice((*byte)(sys.Ptr(uintptr(start))), int(end-start))
	finder.SyscallOnly = true
	finder.Init(im, text, start)
	if prot&unix.PROT_READ == 0 {
		guardedCode = true
	}
	n, found := 0, 0
	var c instr.Candidate
	for finder.Next(&c) {
		if c.VAddr+siteSize <= from || resuming && inPart(c.VAddr) {
			continue
		}
		switch {
		case !c.Site:
			counters.declined[c.Reason].Add(1)
			if c.Reason > instr.InOpcode {
				counters.doubtful.Add(1) // not proven to be something else
				noteUnseen()
			}
			continue
		case left != notLeft:
			leave(left, 1)
			continue
		}
		pending[n] = c.VAddr
		pendingBefore[n] = 0
		if freshText && prot&unix.PROT_READ != 0 {
			pendingBefore[n] = beforeOf(text, &c)
		}
		n++
		if n == len(pending) {
			found += patch(pending[:n], prot)
			n = 0
		}
	}
	found += patch(pending[:n], prot)
	if found > 0 {
		addCode(start, end)
	}
}

// The code ranges: where sites are. Most calls that change memory touch none,
// and learn so here without a lock: a range is published before its sites can
// run, by its end, which is written last.
type codeRange struct{ start, end uint64 }

var (
	code      [1024]codeRange
	codeCount int32
	// codeMore is set when there are ranges that code has no room for.
	codeMore int32
)

func addCode(start, end uint64) {
	for i := int32(0); i < codeCount; i++ {
		if code[i].start <= start && end <= code[i].end {
			return
		}
	}
	for i := int32(0); i < codeCount; i++ {
		if code[i].end == 0 {
			code[i].start = start
			atomic.StoreUint64(&code[i].end, end)
			return
		}
	}
	if int(codeCount) == len(code) {
		atomic.StoreInt32(&codeMore, 1)
		return
	}
	code[codeCount] = codeRange{start, end}
	atomic.AddInt32(&codeCount, 1)
}

// hasCode says whether there may be sites in [lo, hi).
func hasCode(lo, hi uint64) bool {
	n := atomic.LoadInt32(&codeCount)
	for i := int32(0); i < n; i++ {
		if code[i].start < hi && lo < atomic.LoadUint64(&code[i].end) {
			return true
		}
	}
	return atomic.LoadInt32(&codeMore) != 0
}

// dropCode cuts [lo, hi) out of the code ranges.
func dropCode(lo, hi uint64) {
	dropParts(lo, hi)
	n := codeCount
	for i := int32(0); i < n; i++ {
		r := &code[i]
		if r.start >= hi || lo >= r.end {
			continue
		}
		if r.end > hi {
			end := r.end
			if r.start >= lo {
				r.start = hi
				continue
			}
			r.end = lo
			addCode(hi, end)
			continue
		}
		if r.start < lo {
			r.end = lo
			continue
		}
		r.end = 0
	}
}

// undoSiteAcross gives the site whose bytes lie on both sides of edge, one of which is about to be moved, its own.
func undoSiteAcross(edge uint64) {
	pc := edge - 1
	if !siteAt(pc) || needsTrap(pc) {
		return
	}
	var w codeWriter
	w.begin(pc, pc+siteSize, unix.PROT_READ|unix.PROT_EXEC)
	if w.putSyscall(pc) {
		dropSite(pc)
	}
	w.end()
}

// moveSites makes the sites of [lo, hi) those of size bytes at to: their bytes
// moved with the memory.
func moveSites(lo, hi, to, size uint64) {
	if to == lo {
		// Resized where it is.
		if size < hi-lo {
			forget(lo+size, hi, false)
		}
		return
	}
	n := 0
	t := sites // what is entered may replace the table
	for pc, i := t.nextSite(0, lo, hi); i <= t.mask; pc, i = t.nextSite(i+1, lo, hi) {
		dropSite(pc)
		// What is entered is outside [lo, hi): old and new place do not overlap
		// (mremap(2)).
		if pc-lo < size && addSite(pc-lo+to) {
			n++
		}
	}
	dropCode(lo, hi)
	if n > 0 {
		addCode(to, to+size)
	}
}

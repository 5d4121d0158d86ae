package systrap

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/instr"
	"libsystrap/rawsys"
)

// What instrumenting needs besides a little stack; used under the code lock.
var (
	finder  instr.Finder
	image   instr.Image
	pending [4096]uint64
)

// The trap: the second byte of `syscall` (0f 05) becomes that of `ud2` (0f 0b).
// One byte changes, so another thread fetches either instruction, never half of
// each (SDM vol. 3, 9.1.3 is about more than one).
const (
	syscallByte = 0x05
	trapByte    = 0x0b
)

// instrument patches the syscall sites of [start, end), which is mapped
// readable with protection prot. im tells where functions start, or is nil. The
// caller holds the code lock, or is the only thread.
func instrument(im *instr.Image, start, end uint64, prot uintptr) {
	text := unsafe.Slice((*byte)(ptr(uintptr(start))), int(end-start))
	finder.SyscallOnly = true
	finder.Init(im, text, start)
	counters.mappings.Add(1)
	n, found := 0, 0
	var c instr.Candidate
	for finder.Next(&c) {
		if !c.Site {
			counters.declined.Add(1)
			if c.Reason > instr.InOpcode {
				counters.doubtful.Add(1) // not proven to be something else
			}
			continue
		}
		pending[n] = c.VAddr
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

// patch turns the syscall instructions at pcs (ascending) into traps and
// returns how many it did. The protection is as before when it returns.
func patch(pcs []uint64, prot uintptr) int {
	if len(pcs) == 0 {
		return 0
	}
	if !setProt(pcs[0], pcs[len(pcs)-1]+siteSize, prot|unix.PROT_WRITE) {
		counters.unwritable.Add(uint64(len(pcs)))
		return 0
	}
	n := 0
	for _, pc := range pcs {
		// The site is entered first: another thread may run it at once.
		if !addSite(pc) {
			counters.unwritable.Add(1)
			continue
		}
		*(*byte)(ptr(uintptr(pc + 1))) = trapByte
		n++
	}
	setProt(pcs[0], pcs[len(pcs)-1]+siteSize, prot)
	counters.sites.Add(uint64(n))
	return n
}

// setProt changes the protection of the pages that [lo, hi) touches.
func setProt(lo, hi uint64, prot uintptr) bool {
	lo &^= pageSize - 1
	hi = (hi + pageSize - 1) &^ (pageSize - 1)
	return rawsys.Syscall(unix.SYS_MPROTECT, uintptr(lo), uintptr(hi-lo), prot, 0, 0, 0) == 0
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

// forget removes the sites of [lo, hi), whose memory is gone or, if restore is
// set, gets its own bytes back first; then it is left writable.
func forget(lo, hi uint64, restore bool) {
	if restore {
		setProt(lo, hi, unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC)
	}
	for i := range sites {
		pc := sites[i]
		if pc >= lo && pc < hi && pc != tombstone && pc != 0 {
			if restore {
				*(*byte)(ptr(uintptr(pc + 1))) = syscallByte
			}
			atomic.StoreUint64(&sites[i], tombstone)
			siteCount--
		}
	}
	dropCode(lo, hi)
}

// moveSites makes the sites of [lo, hi) those of size bytes at to: their bytes
// moved with the memory.
func moveSites(lo, hi, to, size uint64) {
	n := 0
	for i := range sites {
		pc := sites[i]
		if pc < lo || pc >= hi || pc == tombstone || pc == 0 {
			continue
		}
		atomic.StoreUint64(&sites[i], tombstone)
		siteCount--
		if pc-lo < size && n < len(pending) {
			pending[n] = pc - lo + to
			n++
		}
	}
	dropCode(lo, hi)
	for _, pc := range pending[:n] {
		addSite(pc)
	}
	if n > 0 {
		addCode(to, to+size)
	}
}

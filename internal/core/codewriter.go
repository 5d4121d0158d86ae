package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// codeWriter changes bytes of code. It writes through /proc/self/mem, which
// needs no permission of the mapping (FOLL_FORCE, mm/gup.c) and so leaves
// protections, keys, seals and the extent of mappings as they are: mprotect(2)
// to writable and back would cut a file's mapping in three for good, as the
// middle has been charged for (VM_ACCOUNT, mm/mprotect.c).
//
// mprotect is the way where that file cannot be opened: no /proc, no descriptor
// left, another user's since a setuid, behind a seccomp filter; and on
// hugetlbfs, which FOLL_FORCE excludes.
// See docs/decisions/code-through-proc-mem.md.
type codeWriter struct {
	mem    int64 // descriptor of /proc/self/mem, or negative
	lo, hi uint64
	prot   uintptr
	open   bool // [lo, hi) has been made writable
	huge   bool // it is on hugetlbfs
	keys   uint64
	failed leaving
	done   uint64 // an address in the page that putPage has written
}

// begin prepares to change bytes of [lo, hi), which has protection prot. The
// caller holds the code lock, or is the only thread.
func (w *codeWriter) begin(lo, hi uint64, prot uintptr) {
	*w = codeWriter{lo: lo, hi: hi, prot: prot, keys: keysUntouched}
	w.mem = sys.Open(&procThreadMem[0], unix.O_RDWR|unix.O_CLOEXEC, 0)
}

var procThreadMem = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 't', 'h', 'r', 'e', 'a', 'd', '-', 's', 'e', 'l', 'f', '/', 'm', 'e', 'm', 0}

// moveTo is begin for another range, with the same descriptor: what has failed in the one before is none of its.
func (w *codeWriter) moveTo(lo, hi uint64, prot uintptr) {
	w.close()
	*w = codeWriter{mem: w.mem, lo: lo, hi: hi, prot: prot, keys: keysUntouched}
}

// put writes one byte and says whether it could; failed says why not.
func (w *codeWriter) put(addr uint64, b byte) bool {
	if w.failed != notLeft {
		return false
	}
	if !w.open {
		if w.write(addr, b) {
			return true
		}
		if !w.makeWritable() {
			return false
		}
	}
	if w.huge {
		// A store that finds no free huge page to copy to would be SIGBUS.
		if !w.write(addr, b) {
			w.failed = leftHugetlb
		}
		return w.failed == notLeft
	}
	*(*byte)(sys.Ptr(uintptr(addr))) = b
	return true
}

// putBytes is put for several bytes in a row, which others must not run meanwhile.
func (w *codeWriter) putBytes(addr uint64, b []byte) bool {
	if w.failed != notLeft {
		return false
	}
	if !w.open && w.writeBytes(addr, b) {
		return true
	}
	for i, c := range b {
		if !w.put(addr+uint64(i), c) {
			return false
		}
	}
	return true
}

// putPage writes the traps of the sites of pcs from the ith on whose byte that changes is in the same page as
// that of the first, and the jumps before them (doors), in one call: a call for each made a fifth of a millisecond
// of libc at every start.
func (w *codeWriter) putPage(pcs []uint64, i int) bool {
	if w.mem < 0 || w.open || w.failed != notLeft {
		return false
	}
	n := siteTrap.changed()
	lo := pcs[i] + n
	if freshText && doors[i] != noSlot {
		lo = pcs[i] - uint64(pendingBefore[i])
	}
	hi := lo
	end := i
	for ; end < len(pcs) && samePage(pcs[end]+n, pcs[i]+n) && addSite(pcs[end]); end++ {
		hi = pcs[end] + n + 1
	}
	if end == i {
		return false
	}
	b := patchPage[:hi-lo]
	sys.MoveBytes(uintptr(unsafe.Pointer(&b[0])), uintptr(lo), uintptr(hi-lo))
	for k := i; k < end; k++ {
		pc := pcs[k]
		b[pc+n-lo] = siteBytes[n%siteSize]
		if freshText && doors[k] != noSlot {
			at := pc - uint64(pendingBefore[k])
			emitJump(b[at-lo:], at, int(doors[k]))
		}
	}
	if !w.writeBytes(lo, b) {
		return false
	}
	for k := i; freshText && k < end; k++ {
		if s := doors[k]; s != noSlot {
			slotJump[s] = slotLive
			counters.doors[doorKind(slotBefore[s])].Add(1)
		}
	}
	w.done = pcs[i] + n
	return true
}

// patchPage is where putPage prepares a page, with the instruction before its first site, which may lie in the page before.
var patchPage [sys.PageSize + siteSize + maxInstruction]byte

func samePage(a, b uint64) bool { return a/sys.PageSize == b/sys.PageSize }

func (w *codeWriter) write(addr uint64, b byte) bool {
	return w.mem >= 0 && rawsys.Syscall(unix.SYS_PWRITE64, uintptr(w.mem), uintptr(unsafe.Pointer(&b)), 1, uintptr(addr), 0, 0) == 1
}

func (w *codeWriter) writeBytes(addr uint64, b []byte) bool {
	n := uintptr(len(b))
	return w.mem >= 0 && rawsys.Syscall(unix.SYS_PWRITE64, uintptr(w.mem), uintptr(unsafe.Pointer(&b[0])), n, uintptr(addr), 0, 0) == n
}

// makeWritable makes the pages of [lo, hi) writable.
func (w *codeWriter) makeWritable() bool {
	e := setProt(w.lo, w.hi, w.prot|unix.PROT_WRITE)
	if e == -int64(unix.EINVAL) {
		// hugetlbfs: only whole huge pages, which the bounds of mappings are.
		w.huge = true
		if w.lo, w.hi = mappedAround(w.lo, w.hi); w.hi != 0 {
			e = setProt(w.lo, w.hi, w.prot|unix.PROT_WRITE)
		}
	}
	switch {
	case e == 0:
		w.open = true
		w.keys = openKeys(keysUsed)
	case w.huge:
		w.failed = leftHugetlb
	case e == -int64(unix.EPERM):
		w.failed = leftSealed
	case e == -int64(unix.ENOMEM):
		w.failed = leftNoMemory
	default:
		w.failed = leftDenied
	}
	return w.open
}

// close puts the protection back that begin was given.
func (w *codeWriter) close() {
	if w.open {
		closeKeys(w.keys)
		setProt(w.lo, w.hi, w.prot)
	}
}

// end is close at the end.
func (w *codeWriter) end() {
	w.close()
	if w.mem >= 0 {
		sys.Close(w.mem)
	}
}

// setProt changes the protection of the pages that [lo, hi) touches and returns
// 0 or a negated errno.
func setProt(lo, hi uint64, prot uintptr) int64 {
	lo &^= sys.PageSize - 1
	return int64(rawsys.Syscall(unix.SYS_MPROTECT, uintptr(lo), uintptr(sys.PageCeil(hi-lo)), prot, 0, 0, 0))
}

// mappedAround returns the bounds of the mappings that hold [lo, hi), or 0, 0.
func mappedAround(lo, hi uint64) (start, end uint64) {
	if !proc.Maps.Open() {
		return 0, 0
	}
	var m proc.Mapping
	for proc.Maps.Next(&m) {
		if m.Start <= lo && lo < m.End {
			start = m.Start
		}
		if m.Start < hi && hi <= m.End {
			end = m.End
		}
	}
	proc.Maps.Close()
	if start == 0 || end == 0 {
		return 0, 0
	}
	return start, end
}

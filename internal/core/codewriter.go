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

// putPage writes the traps of all pcs whose byte that changes is in the same page as
// that of the first, in one call: a call for each made a fifth of a millisecond
// of libc at every start.
func (w *codeWriter) putPage(pcs []uint64) bool {
	if w.mem < 0 || w.open || w.failed != notLeft {
		return false
	}
	n := siteTrap.changed()
	lo := pcs[0] + n
	hi := lo + 1
	for _, pc := range pcs {
		if !samePage(pc+n, lo) || !addSite(pc) {
			break
		}
		hi = pc + n + 1
	}
	b := patchPage[:hi-lo]
	sys.MoveBytes(uintptr(unsafe.Pointer(&b[0])), uintptr(lo), uintptr(hi-lo))
	for _, pc := range pcs {
		if pc+n >= hi {
			break
		}
		b[pc+n-lo] = siteBytes[n%siteSize]
	}
	if rawsys.Syscall(unix.SYS_PWRITE64, uintptr(w.mem), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), uintptr(lo), 0, 0) != uintptr(len(b)) {
		return false
	}
	w.done = lo
	return true
}

// patchPage is where putPage prepares a page.
var patchPage [sys.PageSize]byte

func samePage(a, b uint64) bool { return a/sys.PageSize == b/sys.PageSize }

func (w *codeWriter) write(addr uint64, b byte) bool {
	return w.mem >= 0 && rawsys.Syscall(unix.SYS_PWRITE64, uintptr(w.mem), uintptr(unsafe.Pointer(&b)), 1, uintptr(addr), 0, 0) == 1
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

// end puts the protection back that begin was given.
func (w *codeWriter) end() {
	if w.open {
		closeKeys(w.keys)
		setProt(w.lo, w.hi, w.prot)
	}
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

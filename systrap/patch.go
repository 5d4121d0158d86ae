package systrap

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// The trap: the second byte of `syscall` (0f 05) becomes that of `ud2` (0f 0b).
// One byte changes, so another thread fetches either instruction, never half of
// each (SDM vol. 3, 9.1.3 is about more than one).
const (
	syscallByte = 0x05
	trapByte    = 0x0b
)

// leaving is why instructions that are proven to be `syscall` stay as they are.
type leaving uint8

const (
	notLeft       leaving = iota
	leftShared            // MAP_SHARED: the file, or other processes, would see the trap
	leftSealed            // mprotect: EPERM (mseal(2), MemoryDenyWriteExecute)
	leftDenied            // mprotect: EACCES (SELinux and the like)
	leftHugetlb           // a huge page of hugetlbfs that cannot be copied
	leftNoMemory          // mprotect: ENOMEM
	leftTableFull         // more sites than the table has room for
	numLeft
)

// leftNames are the keys in SYSTRAP_REPORT.
var leftNames = [numLeft]string{"", "shared", "sealed", "denied", "hugetlb", "no_memory", "table_full"}

// leave counts n instructions that stay as they are.
func leave(why leaving, n int) { counters.left[why].Add(uint64(n)) }

// codeWriter changes bytes of code. It writes through /proc/self/mem, which
// needs no permission of the mapping (FOLL_FORCE, mm/gup.c) and so leaves
// protections, keys, seals and the extent of mappings as they are: mprotect(2)
// to writable and back would cut a file's mapping in three for good, as the
// middle has been charged for (VM_ACCOUNT, mm/mprotect.c).
//
// mprotect is the way where that file cannot be opened: no /proc, no descriptor
// left, another user's since a setuid, behind a seccomp filter; and on
// hugetlbfs, which FOLL_FORCE excludes.
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
	*w = codeWriter{mem: -1, lo: lo, hi: hi, prot: prot, keys: keysUntouched}
	if !filtered {
		w.mem = openFile(&procSelfMem[0], unix.O_RDWR|unix.O_CLOEXEC, 0)
	}
}

var procSelfMem = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 'm', 'e', 'm', 0}

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
	*(*byte)(ptr(uintptr(addr))) = b
	return true
}

// putPage writes the traps of all pcs whose second byte is in the same page as
// that of the first, in one call: a call for each made a fifth of a millisecond
// of libc at every start.
func (w *codeWriter) putPage(pcs []uint64) bool {
	if w.mem < 0 || w.open || w.failed != notLeft {
		return false
	}
	lo := pcs[0] + 1
	hi := lo + 1
	for _, pc := range pcs {
		if !samePage(pc+1, lo) || !addSite(pc) {
			break
		}
		hi = pc + siteSize
	}
	b := patchPage[:hi-lo]
	moveBytes(uintptr(unsafe.Pointer(&b[0])), uintptr(lo), uintptr(hi-lo))
	for _, pc := range pcs {
		if pc+1 >= hi {
			break
		}
		b[pc+1-lo] = trapByte
	}
	if rawsys.Syscall(unix.SYS_PWRITE64, uintptr(w.mem), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), uintptr(lo), 0, 0) != uintptr(len(b)) {
		return false
	}
	w.done = lo
	return true
}

// patchPage is where putPage prepares a page.
var patchPage [pageSize]byte

func samePage(a, b uint64) bool { return a/pageSize == b/pageSize }

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
		closeFd(w.mem)
	}
}

// setProt changes the protection of the pages that [lo, hi) touches and returns
// 0 or a negated errno.
func setProt(lo, hi uint64, prot uintptr) int64 {
	lo &^= pageSize - 1
	return int64(rawsys.Syscall(unix.SYS_MPROTECT, uintptr(lo), uintptr(pageCeil(hi-lo)), prot, 0, 0, 0))
}

// mappedAround returns the bounds of the mappings that hold [lo, hi), or 0, 0.
func mappedAround(lo, hi uint64) (start, end uint64) {
	if !theMaps.open() {
		return 0, 0
	}
	var m mapping
	for theMaps.next(&m) {
		if m.start <= lo && lo < m.end {
			start = m.start
		}
		if m.start < hi && hi <= m.end {
			end = m.end
		}
	}
	theMaps.close()
	if start == 0 || end == 0 {
		return 0, 0
	}
	return start, end
}

// patch turns the syscall instructions at pcs (ascending), in memory of
// protection prot, into traps and returns how many it did. What it could not
// change it has counted.
func patch(pcs []uint64, prot uintptr) int {
	if len(pcs) == 0 {
		return 0
	}
	n := 0
	var w codeWriter
	w.begin(pcs[0], pcs[len(pcs)-1]+siteSize, prot)
	for i, pc := range pcs {
		// The site is entered first: another thread may run it at once.
		if !addSite(pc) {
			leave(leftTableFull, 1)
			continue
		}
		if starting {
			// No other thread is there yet to run or change what lies between.
			if !samePage(pc+1, w.done) && w.putPage(pcs[i:]) || samePage(pc+1, w.done) {
				n++
				continue
			}
		}
		if !w.put(pc+1, trapByte) {
			dropSite(pc)
			leave(w.failed, 1)
			continue
		}
		n++
	}
	w.end()
	counters.sites.Add(uint64(n))
	return n
}

// forget removes the sites that have a byte in [lo, hi), whose memory is gone
// or, if restore is set, gets its own bytes back first. A site whose byte cannot
// be given back stays one.
func forget(lo, hi uint64, restore bool) {
	var w codeWriter
	if restore {
		// What mprotect has to open stays writable: the caller sets it next.
		w.begin(lo, hi, unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC)
	}
	for i := range sites {
		pc := sites[i]
		if pc+1 < lo || pc >= hi || pc == tombstone || pc == 0 {
			continue
		}
		if !restore && pc+1 == hi {
			// Its first byte is gone, its second is in a page that stays.
			w.begin(hi, hi+1, 0)
			w.write(hi, syscallByte)
			w.end()
		}
		if restore && !w.put(pc+1, syscallByte) {
			continue
		}
		atomic.StoreUint64(&sites[i], tombstone)
		siteCount--
	}
	if restore {
		w.end()
	}
	dropCode(lo, hi)
}

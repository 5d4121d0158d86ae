package core

import "golang.org/x/sys/unix"

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
func leave(why leaving, n int) {
	counters.left[why].Add(uint64(n))
	noteUnseen()
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
	if freshText {
		makeSlots(&w, pcs, pendingBefore[:])
		w.moveTo(pcs[0], pcs[len(pcs)-1]+siteSize, prot)
	}
	for i, pc := range pcs {
		// The site is entered first: another thread may run it at once.
		if !addSite(pc) {
			leave(leftTableFull, 1)
			continue
		}
		if starting || freshText {
			// No other thread is there yet to run or change what lies between.
			if at := pc + siteTrap.changed(); !samePage(at, w.done) && w.putPage(pcs, i) || samePage(at, w.done) {
				n++
				continue
			}
		}
		if !w.putTrap(pc) {
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
		undoJumps(&w, lo, hi)
	} else {
		dropJumps(lo, hi)
	}
	t := sites
	first := lo
	if lo > 0 {
		first = lo - 1 // one that reaches over
	}
	for pc, i := t.nextSite(0, first, hi); i <= t.mask; pc, i = t.nextSite(i+1, first, hi) {
		at := pc + siteTrap.changed()
		if !restore && at-lo >= hi-lo {
			// Its other byte is gone, that of the trap is in a page that stays.
			w.begin(at, at+1, 0)
			w.write(at, syscallBytes[(at-pc)%siteSize])
			w.end()
		}
		if restore && (needsTrap(pc) || !w.putSyscall(pc)) {
			continue
		}
		dropSite(pc)
	}
	if restore {
		w.end()
	}
	dropCode(lo, hi)
}

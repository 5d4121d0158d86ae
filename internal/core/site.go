package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ownmem"
	"libsystrap/internal/sys"
)

// siteSize is the length in bytes of `syscall`, and of the trap in its place.
const siteSize = 2

// The site table: the addresses of all patched instructions, an open-addressed
// hash set. It is read without locks from the trap; writers hold the code lock.
// A key is never moved within a table, so a reader sees it or not, but never something
// wrong. A table that is half full is replaced by a larger one; the old one stays, as
// readers may be in it.
// See docs/decisions/site-table.md.
const (
	// siteSlots is the largest table's size, maxSites what it may hold, so that
	// probes stay short.
	siteSlots  = 1 << 17
	maxSites   = siteSlots / 2
	firstSlots = 1 << 12
	tombstone  = 1
)

// siteTable has mask+1 slots, however long the array is said to be.
type siteTable struct {
	mask uint64
	slot [siteSlots]uint64
}

var (
	// sites is the table in use. The first one holds the sites of the C library and
	// a few more.
	sites      = (*siteTable)(unsafe.Pointer(&firstSites))
	firstSites struct {
		mask uint64
		slot [firstSlots]uint64
	}
	siteCount int
	// siteUsed is how many slots are not 0.
	siteUsed int
)

// siteHash keeps the sites of one piece of text together, as every page of the
// table that is touched costs a fault at start-up: 64 bytes of text share a
// slot. What lies far apart is scattered.
func siteHash(pc uint64) uint64 { return pc>>6 + pc>>24*0x9e3779b97f4a7c15>>47 }

// currentSites returns the table for a reader.
func currentSites() *siteTable {
	return (*siteTable)(atomic.LoadPointer((*unsafe.Pointer)(unsafe.Pointer(&sites))))
}

// siteAt says whether the instruction at pc is a patched one.
func siteAt(pc uint64) bool {
	t := currentSites()
	for i := siteHash(pc); ; i++ {
		switch atomic.LoadUint64(&t.slot[i&t.mask%siteSlots]) {
		case pc:
			return true
		case 0:
			return false
		}
	}
}

// siteBehindPrefixes returns the address of the site that a fault at pc is of,
// or 0. The table has the address of the opcode, 0f; the fault has that of the
// first prefix in front of it, if there is one (48 0f 05). Bytes are read only
// if there is a site near: a ud2 of the program's may stand in memory that a
// handler cannot read.
func siteBehindPrefixes(pc uint64) uint64 {
	for n := uint64(0); n <= maxInstruction-siteSize; n++ {
		if !siteAt(pc + n) {
			continue
		}
		for i := uint64(0); i < n; i++ {
			if !isPrefix(codeByte(pc + i)) {
				return 0
			}
		}
		return pc + n
	}
	return 0
}

// codeByte reads a byte of executable memory.
func codeByte(pc uint64) byte {
	keys := openKeys(guardedCode)
	b := *(*byte)(sys.Ptr(uintptr(pc)))
	closeKeys(keys)
	return b
}

// maxInstruction is the longest instruction in bytes (SDM vol. 2, 2.3.11).
const maxInstruction = 15

// isPrefix says whether b is a legacy prefix or REX (SDM vol. 2, 2.1.1 and
// 2.2.1).
func isPrefix(b byte) bool {
	switch b {
	case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf2, 0xf3:
		return true
	}
	return b&0xf0 == 0x40
}

// addSite enters pc; it returns false when the table is full.
func addSite(pc uint64) bool {
	if siteCount >= maxSites || uint64(siteUsed) >= (sites.mask+1)/2 && !growSites() {
		return false
	}
	t := sites
	free := ^uint64(0)
	for i := siteHash(pc); ; i++ {
		k := t.slot[i&t.mask%siteSlots]
		if k == pc {
			return true
		}
		if k == tombstone && free == ^uint64(0) {
			free = i
		}
		if k == 0 {
			if free == ^uint64(0) {
				free = i
				siteUsed++
			}
			break
		}
	}
	atomic.StoreUint64(&t.slot[free&t.mask%siteSlots], pc)
	siteCount++
	return true
}

// growSites makes room in the table, first of all by giving it its size. It returns
// false if that cannot be.
func growSites() bool {
	old := sites
	if old.mask == 0 {
		firstSites.mask = firstSlots - 1
		return true
	}
	size := min(2*(old.mask+1), siteSlots)
	a := ownmem.Map(uintptr(8+8*size), unix.MAP_PRIVATE|unix.MAP_NORESERVE)
	if a == 0 {
		return uint64(siteUsed) < old.mask-old.mask/8
	}
	t := (*siteTable)(sys.Ptr(a))
	t.mask = size - 1
	siteUsed = 0
	for i := range old.mask + 1 {
		pc := old.slot[i%siteSlots]
		if pc == 0 || pc == tombstone {
			continue
		}
		k := siteHash(pc)
		for t.slot[k&t.mask%siteSlots] != 0 {
			k++
		}
		t.slot[k&t.mask%siteSlots] = pc
		siteUsed++
	}
	atomic.StorePointer((*unsafe.Pointer)(unsafe.Pointer(&sites)), unsafe.Pointer(t))
	return true
}

// nextSite returns the first site in [lo, hi) at slot i of t or behind, and its slot;
// slot i is beyond the table's end if there is none.
func (t *siteTable) nextSite(i, lo, hi uint64) (pc, at uint64) {
	for ; i <= t.mask; i++ {
		if pc := t.slot[i%siteSlots]; pc >= lo && pc < hi && pc > tombstone {
			return pc, i
		}
	}
	return 0, i
}

// dropSite removes pc.
func dropSite(pc uint64) {
	t := sites
	for i := siteHash(pc); t.slot[i&t.mask%siteSlots] != 0; i++ {
		if t.slot[i&t.mask%siteSlots] == pc {
			atomic.StoreUint64(&t.slot[i&t.mask%siteSlots], tombstone)
			siteCount--
			return
		}
	}
}

// The code lock serialises those who patch or forget sites. Its holder has all
// signals blocked, so that no handler of the program can run, and want it,
// while it is held.
var codeLock int32

// lockCode returns the mask to give to unlockCode.
func lockCode() sys.Blocked {
	old := sys.Block(^ownMask)
	for i := 0; !atomic.CompareAndSwapInt32(&codeLock, 0, 1); i++ {
		sys.Pause(i)
	}
	return old
}

func unlockCode(mask sys.Blocked) {
	atomic.StoreInt32(&codeLock, 0)
	mask.End()
}

// unlockAfterFork frees the lock in a forked child, where whoever held it is not.
func unlockAfterFork() {
	atomic.StoreInt32(&codeLock, 0)
	sys.ForgetMoments()
}

package systrap

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// siteSize is the length in bytes of `syscall`, and of the trap in its place.
const siteSize = 2

// The site table: the addresses of all patched instructions, an open-addressed
// hash set. It is read without locks from the trap; writers hold the code lock.
// A key is never moved, so a reader sees it or not, but never something wrong.
const (
	siteSlots = 1 << 17
	// maxSites leaves the table sparse enough for short probes.
	maxSites  = siteSlots / 2
	tombstone = 1
)

var (
	sites     [siteSlots]uint64
	siteCount int
)

// siteHash keeps the sites of one piece of text together, as every page of the
// table that is touched costs a fault at start-up: 64 bytes of text share a
// slot, so libc's sites lie in some 40 pages. What lies far apart is scattered.
func siteHash(pc uint64) uint64 { return (pc>>6 + pc>>24*0x9e3779b97f4a7c15>>47) % siteSlots }

// siteAt says whether the instruction at pc is a patched one.
func siteAt(pc uint64) bool {
	for i := siteHash(pc); ; i = (i + 1) % siteSlots {
		switch atomic.LoadUint64(&sites[i]) {
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
	b := *(*byte)(ptr(uintptr(pc)))
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
	if siteCount >= maxSites {
		return false
	}
	free := ^uint64(0)
	for i := siteHash(pc); ; i = (i + 1) % siteSlots {
		k := sites[i]
		if k == pc {
			return true
		}
		if k == tombstone && free == ^uint64(0) {
			free = i
		}
		if k == 0 {
			if free == ^uint64(0) {
				free = i
			}
			break
		}
	}
	atomic.StoreUint64(&sites[free], pc)
	siteCount++
	return true
}

// dropSite removes pc.
func dropSite(pc uint64) {
	for i := siteHash(pc); sites[i] != 0; i = (i + 1) % siteSlots {
		if sites[i] == pc {
			atomic.StoreUint64(&sites[i], tombstone)
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
func lockCode() uint64 {
	old := sigprocmask(unix.SIG_BLOCK, ^ownMask)
	for !atomic.CompareAndSwapInt32(&codeLock, 0, 1) {
		rawsys.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0)
	}
	return old
}

func unlockCode(mask uint64) {
	atomic.StoreInt32(&codeLock, 0)
	sigprocmask(unix.SIG_SETMASK, mask)
}

// unlockAfterFork frees the lock in a forked child, where whoever held it is not.
func unlockAfterFork() { atomic.StoreInt32(&codeLock, 0) }

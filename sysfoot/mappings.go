package sysfoot

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/footprint"
	"libsystrap/internal/proc"
	"libsystrap/systrap"
	"libsystrap/tracetool"
)

// The process's mappings, so that a range's can be named without asking the kernel. They are read once, at the start, when
// no descriptor of ours can be in the way of the program's; from then on the calls that change them are followed. A forked child has a
// copy.
//
// See docs/decisions/mappings-are-followed.md.

// mapping is where a part of the address space belongs.
type mapping struct {
	start, end uint64
	group      int
}

const maxMappings = 4096

var table struct {
	lock atomic.Int32 // who holds it, by thread id
	n    int
	lost bool // there was no room for all
	at   [maxMappings]mapping
}

var reader proc.Reader

// lockTable gives the table to the calling thread. Who holds it does so for some hundred instructions; one that was killed there
// (a vfork child) does not give it back, and it is taken.
func lockTable() {
	tid := int32(systrap.Tid())
	for i := 0; ; i++ {
		holder := table.lock.Load()
		if (holder == 0 || i > tooLong) && table.lock.CompareAndSwap(holder, tid) {
			return
		}
		if i%64 == 63 {
			systrap.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0)
		}
	}
}

// tooLong are looks, with a sched_yield(2) every 64.
const tooLong = 1 << 20

func unlockTable() { table.lock.Store(0) }

// readMappings reads /proc/self/maps.
func readMappings() {
	table.n = 0
	if !reader.Open() {
		return
	}
	var m proc.Mapping
	lib, libEnd := 0, uint64(0) // the mapping before, if it was a file's
	for reader.Next(&m) && table.n < maxMappings {
		g := groupOf(&m)
		switch {
		case m.IsFile():
			lib, libEnd = g, m.End
		case len(m.Name) == 0 && m.Start == libEnd:
			g = lib // .bss
		}
		table.at[table.n] = mapping{m.Start, m.End, g}
		table.n++
	}
	reader.Close()
}

// groupOf returns the group of a mapping in /proc/self/maps.
func groupOf(m *proc.Mapping) int {
	switch {
	case len(m.Name) == 0:
		return groupAnonymous
	case m.Name[0] == '[':
		return special(m.Name)
	}
	return fileGroup(m.Name, m.Shared, m.Prot)
}

// find returns the index of the mapping at addr, or of the next one.
func find(addr uint64) int {
	lo, hi := 0, table.n
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if table.at[mid].end <= addr {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// cut removes what lies between two addresses. The lock is held.
func cut(start, end uint64) {
	i := find(start)
	if i < table.n && table.at[i].start < start {
		m := table.at[i]
		table.at[i].end = start
		i++
		if m.end > end { // a hole in it
			insert(i, mapping{end, m.end, m.group})
			return
		}
	}
	j := i
	for j < table.n && table.at[j].end <= end {
		j++
	}
	if j < table.n && table.at[j].start < end {
		table.at[j].start = end
	}
	if j > i {
		copy(table.at[i:], table.at[j:table.n])
		table.n -= j - i
	}
}

func insert(i int, m mapping) {
	if table.n == maxMappings {
		table.lost = true
		return
	}
	copy(table.at[i+1:table.n+1], table.at[i:table.n])
	table.at[i] = m
	table.n++
}

// set says that what lies between two addresses belongs to a group. The lock is held.
func set(start, end uint64, group int) {
	if start >= end {
		return
	}
	cut(start, end)
	insert(find(start), mapping{start, end, group})
}

// forked begins anew in a process that has a copy of its parent's memory. If another thread was just changing the table the copy
// is of no use; there is one thread, in whose way no descriptor can be.
func forked() {
	if table.lock.Swap(0) != 0 && !tracetool.Counting() {
		readMappings()
	}
}

const pageSize = 4096

func pageUp(n uint64) uint64 { return (n + pageSize - 1) &^ (pageSize - 1) }

// removes says whether a call is about to take a mapping away, as far as can be told.
func removes(c *systrap.Call) bool {
	return (c.Sysno == unix.SYS_MUNMAP && c.Args[1] != 0 || c.Sysno == unix.SYS_SHMDT) && c.Args[0]%pageSize == 0
}

// followRemoval notes, before the call, what it takes away: as soon as it is made another thread may map something there. It
// returns what was there.
//
//go:noinline
func followRemoval(c *systrap.Call) (was place) {
	r := footprint.Range{Addr: c.Args[0]}
	was = where(&r, c)
	lockTable()
	switch i := find(c.Args[0]); {
	case c.Sysno == unix.SYS_MUNMAP:
		cut(c.Args[0], pageUp(c.Args[0]+c.Args[1]))
	case i < table.n && table.at[i].start == c.Args[0]:
		cut(table.at[i].start, table.at[i].end)
	}
	unlockTable()
	return was
}

// follow notes what a call has done to the mappings.
func follow(c *systrap.Call) {
	switch c.Sysno {
	case unix.SYS_MMAP, unix.SYS_MREMAP, unix.SYS_BRK, unix.SYS_SHMAT:
		if !c.Failed() && !c.NotMade {
			followMapping(c)
		}
	}
}

//go:noinline
func followMapping(c *systrap.Call) {
	result := uint64(c.Result)
	group := groupAnonymous
	if c.Sysno == unix.SYS_MMAP && c.Args[3]&unix.MAP_ANONYMOUS == 0 {
		group = fileOf(c)
	}
	size := uint64(0)
	if c.Sysno == unix.SYS_SHMAT {
		size = segmentSize(c)
	}
	lockTable()
	switch c.Sysno {
	case unix.SYS_MMAP:
		if i := find(result - 1); group == groupAnonymous && c.Args[3]&unix.MAP_FIXED != 0 && i < table.n && table.at[i].end == result {
			if g := table.at[i].group; isFile(g) {
				group = g // .bss
			}
		}
		set(result, pageUp(result+c.Args[1]), group)
	case unix.SYS_MREMAP:
		if i := find(c.Args[0]); i < table.n && table.at[i].start <= c.Args[0] {
			group = table.at[i].group
		}
		const dontUnmap = 4 // MREMAP_DONTUNMAP
		if c.Args[1] != 0 && c.Args[3]&dontUnmap == 0 {
			cut(c.Args[0], pageUp(c.Args[0]+c.Args[1]))
		}
		set(result, pageUp(result+c.Args[2]), group)
	case unix.SYS_BRK:
		followBrk(result)
	case unix.SYS_SHMAT:
		set(result, pageUp(result+size), groupSharedMemory)
	}
	unlockTable()
}

// heapStart is where the heap begins, from the first brk(2) or the mapping on.
var heapStart uint64

// followBrk notes that the heap ends at end now.
func followBrk(end uint64) {
	for i := 0; i < table.n && heapStart == 0; i++ {
		if table.at[i].group == groupHeap {
			heapStart = table.at[i].start
		}
	}
	if heapStart == 0 || end < heapStart {
		heapStart = end &^ (pageSize - 1)
		return
	}
	if i := find(heapStart); i < table.n && table.at[i].group == groupHeap {
		cut(table.at[i].start, table.at[i].end)
	}
	set(heapStart, pageUp(end), groupHeap)
}

// segmentSize asks how large the segment of a shmat(2) is (shmctl(2)).
func segmentSize(c *systrap.Call) uint64 {
	var ds [112]byte // struct shmid_ds; shm_segsz is behind an ipc_perm of 48 bytes
	if systrap.Syscall(unix.SYS_SHMCTL, uintptr(c.Args[0]), unix.IPC_STAT, uintptr(unsafe.Pointer(&ds)), 0, 0, 0) < 0 {
		return pageSize
	}
	return *(*uint64)(unsafe.Pointer(&ds[48]))
}

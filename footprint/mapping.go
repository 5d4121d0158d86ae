package footprint

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// Calls that make, change and remove mappings. Their ranges are whole pages.

// mapping adds the n bytes of mappings at addr that a call is about. Where it only changes what may be done with them, or where
// they lie, their bytes stay.
func (it *Iterator) mapping(addr, n uint64) {
	f := Keeps
	switch it.call.Sysno {
	case unix.SYS_MINCORE:
		return // it looks at page tables
	case unix.SYS_MUNMAP, unix.SYS_REMAP_FILE_PAGES:
		f = 0
	case unix.SYS_MREMAP:
		if n == 0 {
			return // a second mapping of shared memory: beyond has where
		}
		f = 0
	case unix.SYS_MADVISE:
		if adviceDiscards(it.call.Args[2]) {
			f = 0
		}
	}
	it.maps(addr, n, f, "")
}

// maps adds whole pages.
func (it *Iterator) maps(addr, n uint64, f Flags, field string) {
	if n == 0 {
		return
	}
	start := addr &^ (pageSize - 1)
	it.later(Maps, start, plus(plus(n, addr-start), pageSize-1)&^(pageSize-1), f, field)
}

// adviceDiscards says whether an advice of madvise(2) is to drop what the pages hold.
func adviceDiscards(advice uint64) bool {
	switch int32(advice) {
	case unix.MADV_DONTNEED, unix.MADV_FREE, unix.MADV_REMOVE, unix.MADV_HWPOISON,
		24, 102: // MADV_DONTNEED_LOCKED, MADV_GUARD_INSTALL
		return true
	}
	return false
}

// beyond adds what no argument points to, when all arguments are done, and says whether there is more.
func (it *Iterator) beyond() (more bool) {
	c := it.call
	result := uint64(c.Result)
	switch c.Sysno {
	case unix.SYS_MMAP:
		const fixed = unix.MAP_FIXED | unix.MAP_FIXED_NOREPLACE
		switch {
		case it.when == succeeded:
			it.maps(result, c.Args[1], 0, "")
		case it.when == before && c.Args[3]&fixed != 0:
			it.maps(c.Args[0], c.Args[1], 0, "")
		}
	case unix.SYS_MREMAP:
		switch {
		case it.when == succeeded:
			it.maps(result, c.Args[2], 0, "")
		case it.when == before && c.Args[3]&unix.MREMAP_FIXED != 0:
			it.maps(c.Args[4], c.Args[2], 0, "")
		}
	case unix.SYS_BRK:
		it.brk()
	case unix.SYS_SHMAT:
		if it.when == succeeded {
			n, f := segmentSize(c.Args[0])
			it.maps(result, n, f, "")
		}
	case unix.SYS_SHMDT:
		it.maps(c.Args[0], pageSize, AtLeast, "")
	case unix.SYS_MAP_SHADOW_STACK:
		if it.when == succeeded {
			it.maps(result, c.Args[1], 0, "")
		}
	case unix.SYS_IO_SETUP:
		if it.when == succeeded {
			it.maps(read64(c.Args[1]), pageSize, AtLeast|MayChange, "ring")
		}
	case unix.SYS_IO_DESTROY:
		it.maps(c.Args[0], pageSize, AtLeast, "ring")
	case unix.SYS_IO_SUBMIT, unix.SYS_IO_GETEVENTS, unix.SYS_IO_PGETEVENTS, unix.SYS_IO_CANCEL:
		it.aioRing(c.Args[0])
	case unix.SYS_RT_SIGRETURN:
		it.signalFrame()
	case unix.SYS_EXIT, unix.SYS_EXIT_GROUP:
		return it.threadEnd()
	}
	return false
}

// brk adds what is between the old end of the heap and the new one.
func (it *Iterator) brk() {
	end := it.call.Args[0]
	old := heapEnd()
	if it.when == succeeded {
		end, old = uint64(it.call.Result), it.saved.page()
	}
	if end == 0 || old == 0 {
		return
	}
	from := (min(end, old) + pageSize - 1) &^ (pageSize - 1)
	to := (max(end, old) + pageSize - 1) &^ (pageSize - 1)
	it.maps(from, to-from, 0, "")
}

// heapEnd asks the kernel where the heap ends.
func heapEnd() uint64 {
	return uint64(max(systrap.Syscall(unix.SYS_BRK, 0, 0, 0, 0, 0, 0), 0))
}

// threadEnd adds what exit(2) does with the caller's memory: the robust mutexes that it holds are marked, and the
// word that set_tid_address(2) named is cleared. The kernel is asked for both.
func (it *Iterator) threadEnd() (more bool) {
	var head, size uint64
	if it.pos == 0 {
		it.pos = 1
		if systrap.Syscall(unix.SYS_PRCTL, unix.PR_GET_TID_ADDRESS, uintptr(unsafe.Pointer(&head)), 0, 0, 0, 0) == 0 && head != 0 {
			it.writesAnyway(head, 4, Bound, "tid_address")
		}
		return true
	}
	const most = 2048 // ROBUST_LIST_LIMIT
	if systrap.Syscall(unix.SYS_GET_ROBUST_LIST, 0, uintptr(unsafe.Pointer(&head)), uintptr(unsafe.Pointer(&size)), 0, 0, 0) != 0 || head == 0 {
		return false
	}
	if it.pos == 1 {
		it.reads(head, 24, 0, "robust_list")
	}
	it.flags |= MayChange
	offset := read64(head + 8)
	entry := it.robust
	if it.pos == 1 {
		entry = read64(head)
		if pending := read64(head + 16); pending != 0 {
			it.writesAnyway(pending&^1+offset, 4, Bound, "robust_list.list_op_pending.futex")
		}
	}
	for it.tail < queueLen-1 && entry&^1 != head && entry != 0 && it.pos < most {
		at := entry &^ 1 // the lowest bit is that of a mutex with priority inheritance
		it.index[0] = int32(it.pos - 1)
		it.reads(at, 8, 0, "robust_list[#]")
		it.writesAnyway(at+offset, 4, Bound, "robust_list[#].futex")
		entry = read64(at)
		it.pos++
	}
	it.robust = entry
	return entry&^1 != head && entry != 0 && it.pos < most
}

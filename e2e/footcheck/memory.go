package main

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ownmem"
	"libsystrap/internal/proc"
	"libsystrap/systrap"
)

const (
	pageSize = 4096
	maxPages = 1 << 15   // 128 MiB of memory that is in use
	maxSpan  = 256 << 20 // of one mapping, in use or not
)

// The pages as they were: pages are their addresses, in order, copies what was in them.
var (
	pages     [maxPages]uint64
	pageCount int
	copies    uintptr
)

// spans are the mappings that were looked at.
var spans [1024]struct{ from, to uint64 }

var spanCount int

// wasThere says whether the page lies in one of them: it was zeroes then if it was not copied.
func wasThere(page uint64) bool {
	for i := range spanCount {
		if s := &spans[i]; s.from <= page && page < s.to {
			return true
		}
	}
	return false
}

var (
	maps    proc.Reader
	present [512]uint64 // of /proc/self/pagemap
	now     [pageSize]byte
)

// where is the mapping that is being looked at.
var where struct {
	start, end uint64
	name       []byte
	text       [200]byte
}

type outcome int

const (
	taken outcome = iota
	tooLarge
	notSeen
)

// takeMemory copies all pages of the program's own writable memory.
func takeMemory() outcome {
	if copies == 0 {
		copies = systrap.MapPrivate(maxPages * pageSize)
		if copies == 0 {
			return notSeen
		}
	}
	pageCount, spanCount = 0, 0
	return eachPage(copyPage, true)
}

func copyPage(page uint64) outcome {
	if pageCount == maxPages {
		return tooLarge
	}
	to := unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&copies))), maxPages*pageSize)[pageCount*pageSize:][:pageSize]
	if systrap.Read(to, page) != pageSize {
		return taken
	}
	pages[pageCount] = page
	pageCount++
	return taken
}

// eachPage calls f for each page that is there of private writable memory, by addresses that rise.
func eachPage(f func(page uint64) outcome, first bool) outcome {
	mem := systrap.Syscall(unix.SYS_OPENAT, fdCwd, uintptr(unsafe.Pointer(&pagemap)), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0)
	if mem < 0 {
		return notSeen
	}
	result := notSeen
	if maps.Open() {
		result = taken
		var m proc.Mapping
		for result == taken && maps.Next(&m) {
			if m.Shared || m.Prot&unix.PROT_WRITE == 0 || m.Prot&unix.PROT_READ == 0 {
				continue
			}
			if m.End-m.Start > maxSpan {
				result = tooLarge
				break
			}
			if first {
				if spanCount == len(spans) {
					result = tooLarge
					break
				}
				spans[spanCount].from, spans[spanCount].to = m.Start, m.End
				spanCount++
			}
			where.start, where.end = m.Start, m.End
			where.name = where.text[:copy(where.text[:], m.Name)]
			result = eachPresent(mem, &m, f)
		}
		maps.Close()
	}
	systrap.Syscall(unix.SYS_CLOSE, uintptr(mem), 0, 0, 0, 0, 0)
	return result
}

var pagemap = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 't', 'h', 'r', 'e', 'a', 'd', '-', 's', 'e', 'l', 'f', '/', 'p', 'a', 'g', 'e', 'm', 'a', 'p', 0}

// eachPresent calls f for the pages of m: those of a file all, as nothing else tells what is in them, of other memory
// those that were touched.
func eachPresent(mem int64, m *proc.Mapping, f func(uint64) outcome) outcome {
	const inMemory = 3 << 62 // present, or swapped
	stack, stackEnd := ownStack()
	for at := m.Start; at < m.End; {
		n := min((m.End-at)/pageSize, uint64(len(present)))
		got := systrap.Syscall(unix.SYS_PREAD64, uintptr(mem), uintptr(unsafe.Pointer(&present)), uintptr(n*8), uintptr(at/pageSize*8), 0, 0)
		if got != int64(n*8) {
			return notSeen
		}
		for i := range n {
			page := at + i*pageSize
			if present[i]&inMemory == 0 && !m.IsFile() || page >= stack && page < stackEnd || isOwn(page) {
				continue
			}
			if r := f(page); r != taken {
				return r
			}
		}
		at += n * pageSize
	}
	return taken
}

// ownStack is the block that the thread's traps are handled on, with what is behind the stack: the kernel knows it.
func ownStack() (from, to uint64) {
	var s struct{ sp, flags, size uint64 }
	if systrap.Syscall(unix.SYS_SIGALTSTACK, 0, uintptr(unsafe.Pointer(&s)), 0, 0, 0, 0) != 0 {
		return 0, 0
	}
	return s.sp, s.sp + s.size + pageSize
}

func isOwn(page uint64) bool {
	for i := range ownmem.Max {
		start, size := ownmem.Block(i)
		if uint64(start) < page+pageSize && page < uint64(start+size) {
			return true
		}
	}
	return false
}

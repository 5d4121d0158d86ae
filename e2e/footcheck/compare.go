package main

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// compared is the call whose memory is compared, next the page that was copied and is to come.
var (
	compared *systrap.Call
	next     int
	lines    int
)

const (
	maxLines = 8 // reported of a call
	// Below the caller's red zone is nothing of the program's: the frame of a handler that is to run behind the Exit
	// may be there by then.
	redZone = 128
	frames  = 64 << 10
)

// compare reports what was changed and is not named.
func compare(c *systrap.Call) {
	compared, next, lines = c, 0, 0
	eachPage(comparePage, false)
	compared = nil
}

// comparePage compares a page with what it was: zeroes, if nothing was in it. What was not writable before is
// not compared.
func comparePage(page uint64) outcome {
	for next < pageCount && pages[next] < page {
		next++
	}
	old := &zeroes
	if next < pageCount && pages[next] == page {
		all := *(*unsafe.Pointer)(unsafe.Pointer(&copies))
		old = (*[pageSize]byte)(unsafe.Add(all, next*pageSize))
	} else if !wasThere(page) {
		return taken
	}
	if systrap.Read(now[:], page) != pageSize || now == *old {
		return taken
	}
	for i := uint64(0); i < pageSize; i++ {
		if now[i] == old[i] {
			continue
		}
		if to, ok := isNamed(page + i); ok {
			end := min(to-page, pageSize)
			bytes.Add(end - i)
			i = end - 1
			continue
		}
		if page+i < compared.SP-redZone && page+i >= compared.SP-frames {
			continue
		}
		if isRseq(page+i, old[i&^31:][:8], now[i&^31:][:8]) {
			keepRange((page+i)&^31, 32)
			i |= 31
			continue
		}
		if lines < maxLines {
			n := i
			for n < pageSize && now[n] != old[n] {
				n++
			}
			unnamed(compared, page+i, n-i, old[i], now[i])
			lines++
			i = n
		}
	}
	return taken
}

var zeroes [pageSize]byte

// firstBase is the FS base that the first thread began with.
var firstBase uint64

// fsBase is that of the calling thread.
func fsBase() uint64 {
	var base uint64
	const getFS = 0x1003
	systrap.Syscall(unix.SYS_ARCH_PRCTL, getFS, uintptr(unsafe.Pointer(&base)), 0, 0, 0, 0)
	return base
}

// isRseq says whether the change is one of the area of rseq(2) that ld.so registers before the library is there, and that the
// kernel writes when it likes: twice the number of the processor, in the thread's control block, which a program may have taken FS from
// since.
func isRseq(addr uint64, old, now []byte) bool {
	if addr-fsBase() >= pageSize && addr-firstBase >= pageSize {
		return false
	}
	for i := range 4 {
		if old[i] != old[4+i] || now[i] != now[4+i] {
			return false
		}
	}
	// cpu_id_start and cpu_id, or node_id and mm_cid, which may change alone.
	field := addr % 32
	return field < 8 || field >= 20 && field < 28
}

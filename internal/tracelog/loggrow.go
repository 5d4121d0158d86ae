package tracelog

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// Bounds of the steps in which the file grows, in bytes: by as much as there is,
// so that what waits for lines is never more than the log, or than firstGrowth.
const (
	firstGrowth = 64 << 10
	mostGrowth  = windowSize
)

// The file grows by NULs that are written behind its end. Pages that are in memory already, and
// dirty, are mapped to be written for a fifth of what those of reserved blocks cost, one by one.
// The kernel puts what is appended behind all that is there, so of two that do this at once
// neither writes over a line of the other's (O_APPEND).
const nulsSize = 16 << 10

var nuls [nulsSize]byte

// growLog makes the file large enough for need bytes of log. Two processes may do
// so at once. It returns false if that cannot be.
func growLog(need uint64) bool {
	h := logMap
	h.grows.Add(1)
	ok := h.off.Load()&logClosed != 0 || enlarge(h, need)
	h.grows.Add(-1)
	return ok
}

func enlarge(h *logHead, need uint64) bool {
	size := h.size.Load()
	if size >= need {
		return true
	}
	more := min(max(size, firstGrowth), mostGrowth)
	more = max(more, (need-size+firstGrowth-1)&^(firstGrowth-1))
	from := sys.FileSize(ownfd.Get(ownfd.Log))
	if from < size || from > h.claim.Load() {
		return false // somebody else has cut the file, or added to it
	}
	claim := h.claim.Add(more)
	old, limit := liftFileLimit(claim)
	var added uint64
	ok := limit >= claim
	if ok {
		fd := ownfd.TakeLog()
		added, ok = appendNuls(uintptr(fd), from, more)
		ownfd.DropLog()
	}
	restoreFileLimit(old, limit)
	h.claim.Add(added - more)
	to := sys.FileSize(ownfd.Get(ownfd.Log))
	if !ok || to < from+added || to > h.claim.Load() {
		return false
	}
	raise64(&h.size, to) // what others append just now is there as far as the size says
	return true          // perhaps for less than need: the caller comes again
}

// appendNuls reserves blocks for n bytes behind the file's end, which is at from, and writes NULs
// there. It returns how many; false if there is no room for all.
func appendNuls(fd uintptr, from, n uint64) (added uint64, ok bool) {
	r := int64(rawsys.Syscall(unix.SYS_FALLOCATE, fd, unix.FALLOC_FL_KEEP_SIZE, uintptr(from), uintptr(n), 0, 0))
	if r == -int64(unix.EINTR) {
		return 0, true
	}
	if r != 0 {
		return 0, false
	}
	var v [mostGrowth / nulsSize]mem.Iovec
	for added < n {
		k := 0
		for at := added; k < len(v) && at < n; k++ {
			v[k] = mem.Iovec{Base: uintptr(unsafe.Pointer(&nuls)), Len: uintptr(min(n-at, nulsSize))}
			at += nulsSize
		}
		r := int64(rawsys.Syscall(unix.SYS_WRITEV, fd, uintptr(unsafe.Pointer(&v)), uintptr(k), 0, 0, 0))
		if r <= 0 {
			return added, false
		}
		added += uint64(r)
	}
	return added, true
}

// raise64 makes *p at least v.
func raise64(p *atomic.Uint64, v uint64) {
	for old := p.Load(); old < v && !p.CompareAndSwap(old, v); old = p.Load() {
	}
}

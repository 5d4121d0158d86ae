package tracelog

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// Bounds of the steps in which the file grows, in bytes: by as much as there is,
// so that what waits for lines is never more than the log, or than firstGrowth.
const (
	firstGrowth = 64 << 10
	mostGrowth  = 4 << 20
)

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
	next := size + min(max(size, firstGrowth), mostGrowth)
	next = max(next, (need+firstGrowth-1)&^(firstGrowth-1))
	if st := sys.FileSize(ownfd.Get(ownfd.Log)); st < size || st > h.claim.Load() {
		return false // somebody else has cut the file, or added to it
	}
	old, limit := liftFileLimit(next)
	if limit < next {
		restoreFileLimit(old, limit)
		return false
	}
	raise64(&h.claim, next)
	r := int64(rawsys.Syscall(unix.SYS_FALLOCATE, uintptr(ownfd.TakeLog()), 0, uintptr(size), uintptr(next-size), 0, 0))
	ownfd.DropLog()
	restoreFileLimit(old, limit)
	if r == -int64(unix.EINTR) {
		return true // the caller comes again
	}
	if r == 0 {
		raise64(&h.size, next)
	}
	return r == 0
}

// raise64 makes *p at least v.
func raise64(p *atomic.Uint64, v uint64) {
	for old := p.Load(); old < v && !p.CompareAndSwap(old, v); old = p.Load() {
	}
}

package tracelog

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// RLIMIT_FSIZE is the program's: the trace's file is no file of its own, and may grow
// beyond. Where the limit would stop it, it is lifted for the moment; a program
// that takes that right away from itself, by a hard limit, has the log's room
// reserved before.
// See docs/decisions/file-size-limit.md.

// fileLimit returns the limit of a file's size in bytes. What goes beyond raises
// SIGXFSZ, which is not the program's.
func fileLimit() uint64 {
	var lim unix.Rlimit
	fileRlimit(nil, &lim)
	return lim.Cur
}

func fileRlimit(set, old *unix.Rlimit) bool {
	return rawsys.Syscall(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_FSIZE, uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 0, 0) == 0
}

// liftFileLimit raises the limit if it is less than need: without bound where the
// process may do that (CAP_SYS_RESOURCE), else up to the hard limit. It returns the
// limit as it was, for restoreFileLimit, and what it is now.
func liftFileLimit(need uint64) (old unix.Rlimit, now uint64) {
	fileRlimit(nil, &old)
	if old.Cur >= need {
		return old, old.Cur
	}
	if old.Max < need && fileRlimit(&unlimited, nil) {
		return old, sys.RlimInfinity
	}
	lim := unix.Rlimit{Cur: old.Max, Max: old.Max}
	if old.Cur < old.Max && fileRlimit(&lim, nil) {
		return old, old.Max
	}
	return old, old.Cur
}

var unlimited = unix.Rlimit{Cur: sys.RlimInfinity, Max: sys.RlimInfinity}

// restoreFileLimit undoes liftFileLimit.
func restoreFileLimit(old unix.Rlimit, now uint64) {
	if old.Cur != now {
		fileRlimit(&old, nil)
	}
}

// reservedLog is how many bytes of log are reserved, as a hole, before the process
// may not make files larger for good.
const reservedLog = 64 << 20

// Bound is called before the program sets the limit; for good, if hard is set.
func Bound(hard bool) {
	logRaises = 1 << (unix.SIGXFSZ - 1)
	if hard && logMap != nil {
		reserveLog(logMap)
	}
}

// reserveLog makes the mapped log's file reservedLog bytes longer. There are no
// blocks behind them: a copy there that finds the disk full ends as any fault.
func reserveLog(h *logHead) {
	h.grows.Add(1)
	size := h.size.Load()
	next := h.off.Load() + reservedLog
	old, limit := liftFileLimit(next)
	if next&logClosed == 0 && next > size && limit >= next && sys.FileSize(ownfd.Get(ownfd.Log)) <= h.claim.Load() {
		h.claim.Add(next - size)
		if rawsys.Syscall(unix.SYS_FTRUNCATE, uintptr(ownfd.TakeLog()), uintptr(next), 0, 0, 0, 0) == 0 {
			raise64(&h.size, next)
		}
		ownfd.DropLog()
	}
	restoreFileLimit(old, limit)
	h.grows.Add(-1)
}

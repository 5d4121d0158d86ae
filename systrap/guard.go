package systrap

import (
	"golang.org/x/sys/unix"

	"libsystrap/restorer"
)

// The program's memory is copied directly where a bad pointer can do no harm:
// where SIGSEGV and SIGBUS come to us whatever their disposition (watch.go) and
// are not blocked. A fault in the copying instruction ends the copy.

// copyGuarded copies n bytes and returns how many of them it could not.
//
//go:noescape
func copyGuarded(to, from, n uintptr) (left uintptr)

//go:noescape
func guardedCopyAddr() uintptr

// stubFrameHere returns the frame of the entry stub below which the caller
// runs. It must not be called under the ordinary Go runtime.
//
//go:noescape
func stubFrameHere() *entryFrame

// repMovsb is the length in bytes of the copying instruction.
const repMovsb = 2

// guardBits are the signals that a bad pointer raises.
const guardBits = 1<<(unix.SIGSEGV-1) | 1<<(unix.SIGBUS-1)

// guarded says whether copyGuarded may be used just now. The mask while we run
// is the program's, but for what we do ourselves: while a handler is being
// entered, its mask is in force already, and at the end all are blocked.
func guarded() bool {
	if !watching {
		return false
	}
	d := &stubFrameHere().door
	if d.uc == nil || d.delivering || d.blocked || d.uc.Sigmask&guardBits != 0 {
		return false
	}
	a := currentActions()
	return a[unix.SIGSEGV].Handler != sigIgn && a[unix.SIGBUS].Handler != sigIgn
}

// endsCopy says whether the signal of uc comes from copyGuarded, and makes it
// return if so.
func endsCopy(d *door) bool {
	if uintptr(d.uc.Mcontext.RIP) != guardedCopyAddr() || !isFault(d.info) {
		return false
	}
	d.uc.Mcontext.RIP += repMovsb
	d.frame().Pretcode = uint64(restorer.Addr())
	return true
}

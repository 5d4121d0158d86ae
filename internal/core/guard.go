package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/restorer"
	"libsystrap/seccomp"
)

// The program's memory is copied directly where a bad pointer can do no harm:
// where SIGSEGV and SIGBUS come to us whatever their disposition (watch.go) and
// are not blocked. A fault in the copying instruction ends the copy.
// See docs/decisions/direct-memory-reads.md.

// stubFrameHere returns the frame of the entry stub below which the caller
// runs. It must not be called under the ordinary Go runtime.
//
//go:noescape
func stubFrameHere() *entryFrame

// guardBits are the signals that a bad pointer raises.
const guardBits = 1<<(unix.SIGSEGV-1) | 1<<(unix.SIGBUS-1)

// guarded says whether mem.CopyGuarded may be used just now. The mask while we run
// is the program's, but for what we do ourselves: while a handler is being
// entered, its mask is in force already, and at the end all are blocked.
func guarded() bool {
	if !watching && !(catching && seccomp.On) || debugged || unwatched&guardBits != 0 ||
		returnsDirect != 0 && !sys.MayCall(unix.SYS_RT_SIGPROCMASK) {
		return false
	}
	d := &stubFrameHere().door
	if d.uc == nil || d.delivering || d.blocked || d.mask&guardBits != 0 {
		return false
	}
	a := currentActions()
	return a[unix.SIGSEGV].Handler != sigIgn && a[unix.SIGBUS].Handler != sigIgn
}

// debugged is set in a process that has a tracer (ptrace(2)), which would see
// the faults of our copies.
var debugged bool

// debuggedAtStart is set where the tracer was there before us: a debugger that started the program.
var debuggedAtStart bool

// noteTracer looks for a tracer at the start.
func noteTracer() {
	if injection() != nil {
		return // it is who has injected us, and will be gone
	}
	s := &proc.AtStart
	if !proc.AtStartRead {
		*s = proc.ReadStatus(proc.Maps.Buf[:])
	}
	debugged = s.Tracer != 0
	debuggedAtStart = s.Tracer > 0
}

// tracer returns the process that traces this one, 0 for none, and -1 where /proc
// does not say.
//
//go:noinline
func tracer() int64 {
	var buf [1024]byte
	return proc.ReadStatus(buf[:]).Tracer
}

// endsCopy says whether the signal of uc comes from mem.CopyGuarded, and makes it
// return if so.
func endsCopy(d *door) bool {
	if uintptr(d.uc.Mcontext.RIP) != mem.CopyAddr() || !isFault(d.info) {
		return false
	}
	d.uc.Mcontext.RIP += mem.CopyLen
	if returnsDirect != 0 {
		sys.Sigprocmask(unix.SIG_SETMASK, d.uc.Sigmask) // the kernel has blocked the fault's signal
	}
	d.frame().Pretcode = uint64(restorer.Addr())
	return true
}

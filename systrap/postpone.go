package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// No handler of the program runs on top of our Go code. A signal that arrives
// there is kept in the entry stub's frame, with all signals blocked until the
// program goes on; its handler is entered then, in our own signal frame, which
// shows the program's context. A call that was not begun by then is not made,
// as it might block: it is trapped again behind the handler (rawsys.Perform).
//
// The stub looks at door.postponed as its last act. It sets door.leaving or
// door.entering before: what interrupts it from then on finds the program's
// context as if it had left (turn).

// postpone keeps the signal of d until the code of f is done. It returns false
// if that cannot be: the handler then runs now.
func postpone(d *door, f *entryFrame) bool {
	switch {
	case f.door.uc == nil:
		return false
	case f.door.postponed == 0 && !f.door.delivering:
		f.info = *d.info
		d.uc.Sigmask = ^uint64(guardBits)
	case filtered:
		return false
	default:
		// There is no frame to enter its handler in: the kernel shall make one.
		mask := sigprocmask(unix.SIG_BLOCK, ^uint64(0)) // or it comes at once: SA_NODEFER
		if !raise(int(d.info.Signo), d.info) {
			sigprocmask(unix.SIG_SETMASK, mask)
			return false
		}
		if f.door.postponed == 0 {
			f.info.Signo = 0
		}
		f.door.blocked = true
		d.uc.Sigmask = ^uint64(0)
	}
	f.door.postponed = 1
	d.frame().Pretcode = uint64(restorer.Addr())
	return true
}

// raisePostponed sends a signal again that was postponed before f's own signal
// turned out to be one to deliver (a SIGILL that was sent): the handler to be
// entered when the work is done is that of f's own.
func (f *entryFrame) raisePostponed() {
	if f.door.postponed != 0 && f.info.Signo != 0 {
		raise(int(f.info.Signo), &f.info)
		f.info.Signo = 0
	}
}

// late is called by the stub when a signal was postponed and our work is done.
// All signals are blocked. It returns if there is no handler to enter.
func late(d *door, c *Call) {
	f := frameOf(c)
	if d.entering != 0 {
		enterBlocked(d)
	}
	if f.info.Signo == 0 {
		return // it was sent again
	}
	*d.info = f.info
	f.info.Signo = 0
	sig := int(d.info.Signo)
	mask, bit := d.uc.Sigmask, uint64(1)<<(sig-1)
	if mask&bit != 0 {
		if d.mask&bit != 0 {
			raise(sig, d.info)
			return
		}
		// The call has blocked it. Natively it comes before that; sent again, it
		// would be lost if the next one is pending already.
		d.uc.Sigmask = d.mask
	}
	d.delivering = true
	r := deliver(d, c)
	d.uc.Sigmask = mask | d.uc.Sigmask&ownMask
	if r.handler == 0 {
		return
	}
	act := &currentActions()[sig]
	if ownIndex(sig) < 0 {
		if act.Flags&saOnstack != 0 {
			r.frame = toAltStack(d, r.frame)
		}
		(*restorer.Frame)(ptr(r.frame)).Pretcode = act.Restorer
	}
	d.handler, d.at = r.handler, r.frame
	enterBlocked(d)
}

// enterBlocked enters the handler that d is about to enter with the mask that
// the kernel would have given it: all signals are blocked, and the change must
// not be seen by what is ours. It does not return.
func enterBlocked(d *door) {
	var uc restorer.Ucontext
	const noFpstate = ^uint64(ucFpXstate)
	uc.Flags = d.uc.Flags & noFpstate
	uc.Stack = d.uc.Stack
	if uint32(uc.Stack.Flags)&ssAutodisarm != 0 {
		uc.Stack = restorer.Stack{Flags: ssDisable}
	}
	uc.Mcontext = d.uc.Mcontext
	uc.Mcontext.Fpstate = 0 // the kernel gives a handler the initial state, too
	uc.Mcontext.EFLAGS &^= flagDF | flagTF | flagRF
	uc.Sigmask = d.mask
	enterIn(&uc, d)
	rawsys.Sigreturn(uintptr(unsafe.Pointer(&uc)))
}

const (
	// ucFpXstate is UC_FP_XSTATE (arch/x86/include/uapi/asm/ucontext.h).
	ucFpXstate = 1
	// Flags that a handler is entered without (handle_signal in
	// arch/x86/kernel/signal.c).
	flagTF = 1 << 8
	flagDF = 1 << 10
)

package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
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
// See docs/decisions/program-handlers.md.

// postpone keeps the signal of d until the code of f is done. It returns false
// at start, where there is none of the program's to be handed over.
func postpone(d *door, f *entryFrame) bool {
	switch {
	case f.door.uc == nil:
		return false
	case f.door.postponed == 0 && !f.door.delivering:
		f.info = *d.info
		f.notePostponed(d)
		d.uc.Sigmask = ^uint64(guardBits) &^ f.neededBits()
	default:
		// There is no frame to enter its handler in: the kernel shall make one, or it
		// waits for the next, as what is not blocked meanwhile would come at once.
		again := (guardBits|f.neededBits())>>(uint32(d.info.Signo)-1)&1 == 0 &&
			sys.MayCall(unix.SYS_RT_SIGPROCMASK) && sys.MayCall(unix.SYS_RT_TGSIGQUEUEINFO)
		if again {
			mask := sys.Sigprocmask(unix.SIG_BLOCK, ^uint64(guardBits)) // or it comes at once: SA_NODEFER
			if again = raise(int(d.info.Signo), d.info); !again {
				sys.Sigprocmask(unix.SIG_SETMASK, mask)
			}
		}
		if !again {
			f.door.thread.enqueue(d.info)
		}
		if f.door.postponed == 0 {
			f.info.Signo = 0
		}
		f.door.blocked = true
		f.notePostponed(d)
		d.uc.Sigmask = ^uint64(guardBits) &^ f.neededBits()
	}
	f.door.postponed = 1
	d.frame().Pretcode = uint64(restorer.Addr())
	return true
}

// notePostponed keeps the mask that the program has, where the frame of the call has none, when its first
// signal is postponed.
func (f *entryFrame) notePostponed(d *door) {
	if f.door.jump && f.door.postponed == 0 {
		f.door.mask = d.uc.Sigmask
	}
}

// neededBits are the signals that end the postponing: jumpLate is a trap.
func (f *entryFrame) neededBits() uint64 {
	if f.door.jump {
		return ownMask
	}
	return 0
}

// enqueue keeps a signal for the end of a trap at which its handler may be entered: of a standard one the first, as the kernel does
// (signal(7)).
func (t *thread) enqueue(info *restorer.Siginfo) {
	const rtMin = 32 // SIGRTMIN (include/uapi/asm-generic/signal.h)
	if t != nil && info.Signo < rtMin {
		for i := range t.queue[:t.queued] {
			if t.queue[i].Signo == info.Signo {
				return
			}
		}
	}
	if t == nil || t.queued == maxQueued {
		tracelog.Warn("a signal is lost: too many came while others were handed over")
		return
	}
	t.queue[t.queued] = *info
	t.queued++
}

// sendQueued has the kernel deliver what waits, once the program's rt_sigreturn, which is about to be made, has set a mask: all signals are
// blocked until then. A handler that is entered before that would lie on top of the one that ends, and so on as long as they come. It
// returns false if something waits still.
func (t *thread) sendQueued() bool {
	if !sys.MayCall(unix.SYS_RT_SIGPROCMASK) || !sys.MayCall(unix.SYS_RT_TGSIGQUEUEINFO) {
		return false
	}
	mask := sys.Sigprocmask(unix.SIG_BLOCK, ^uint64(0))
	for t.queued > 0 {
		if !raise(int(t.queue[0].Signo), &t.queue[0]) {
			sys.Sigprocmask(unix.SIG_SETMASK, mask)
			return false
		}
		t.queued--
		copy(t.queue[:t.queued], t.queue[1:t.queued+1])
	}
	return true
}

// dequeue takes the first signal that mask does not block, into info.
func (t *thread) dequeue(mask uint64, info *restorer.Siginfo) bool {
	if t == nil {
		return false
	}
	for i := range t.queue[:t.queued] {
		if mask>>(uint32(t.queue[i].Signo)-1)&1 == 0 {
			*info = t.queue[i]
			t.queued--
			copy(t.queue[i:t.queued], t.queue[i+1:t.queued+1])
			return true
		}
	}
	return false
}

// blockAll blocks what postpone does, for late: what comes from then on finds the program's context, where late has not yet said which that
// is.
func (d *door) blockAll() {
	if sys.MayCall(unix.SYS_RT_SIGPROCMASK) {
		sys.Sigprocmask(unix.SIG_BLOCK, ^uint64(guardBits))
		d.blocked = true
	}
}

// raisePostponed sends a signal again that was postponed before f's own signal
// turned out to be one to deliver (a SIGILL that was sent): the handler to be
// entered when the work is done is that of f's own.
func (f *entryFrame) raisePostponed() {
	if f.door.postponed != 0 && f.info.Signo != 0 {
		if !sys.MayCall(unix.SYS_RT_TGSIGQUEUEINFO) || !raise(int(f.info.Signo), &f.info) {
			f.door.thread.enqueue(&f.info)
		}
		f.info.Signo = 0
	}
}

// late is called by the stub when a signal was postponed and our work is done.
// All signals are blocked. It returns the handler to enter, if there is one that is not
// entered with rt_sigreturn.
func late(d *door, c *Call) resumption {
	r := entersLate(d, c)
	if r.handler != 0 && returnsDirect == 0 {
		enterBlocked(d)
	}
	if returnsDirect != 0 && r.handler != 0 && sys.MayCall(unix.SYS_RT_SIGPROCMASK) {
		sys.Sigprocmask(unix.SIG_SETMASK, d.mask)
	} else if r.handler == 0 {
		d.returnMask()
	}
	return r
}

// entersLate returns the handler that is to be entered late, with its frame.
func entersLate(d *door, c *Call) resumption {
	f := frameOf(c)
	if d.entering != 0 {
		return resumption{d.handler, d.at}
	}
	if d.thread != nil && d.handler == 0 && d.at == d.thread.sigreturnAddr() {
		if f.info.Signo != 0 {
			d.thread.enqueue(&f.info)
			f.info.Signo = 0
		}
		if d.thread.sendQueued() {
			rawsys.Sigreturn(d.at)
		}
	}
	if f.info.Signo == 0 && !d.thread.dequeue(d.uc.Sigmask, &f.info) {
		return resumption{} // it was sent again
	}
	*d.info = f.info
	f.info.Signo = 0
	d.delivering = true
	// It may be on its way to a stub; or code of ours was interrupted, for the end of which another one was kept just now.
	if outer := turn(d.uc, c); outer != nil && postpone(d, outer) {
		return resumption{}
	}
	sig := int(d.info.Signo)
	mask, bit := d.uc.Sigmask, uint64(1)<<(sig-1)
	if mask&bit != 0 {
		if d.mask&bit != 0 {
			if !sys.MayCall(unix.SYS_RT_TGSIGQUEUEINFO) || !raise(sig, d.info) {
				d.thread.enqueue(d.info)
			}
			return resumption{}
		}
		// The call has blocked it. Natively it comes before that; sent again, it
		// would be lost if the next one is pending already.
		mask = d.mask
	}
	r := deliverTurned(d, c, mask)
	d.handler, d.at = r.handler, r.frame
	return r
}

// enterBlocked enters the handler that d is about to enter with the mask that
// the kernel would have given it: all signals are blocked, and the change must
// not be seen by what is ours. It does not return.
func enterBlocked(d *door) {
	var uc restorer.Ucontext
	const noFpstate = ^uint64(ucFpXstate)
	uc.Flags = d.uc.Flags & noFpstate
	uc.Stack = d.uc.Stack
	if d.thread != nil {
		uc.Stack = d.thread.kernelStack()
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

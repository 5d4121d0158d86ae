package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/restorer"
)

// deliver enters the program's handler of the signal of d, in a frame that shows
// the program's own context, or does what its disposition says. c is for its
// use.
func deliver(d *door, c *Call) resumption {
	if stepsIntoSlot(d) {
		d.frame().Pretcode = uint64(restorer.Addr())
		return resumption{}
	}
	frameOf(c).raisePostponed()
	if isFault(d.info) && slotAt(d.uc.Mcontext.RIP) >= 0 {
		d.turnFault()
	}
	found, ownBlocked := d.uc.Sigmask, d.mask&ownDeferred()
	if f := turn(d.uc, c); f != nil && !isFault(d.info) && postpone(d, f) {
		return resumption{}
	}
	mask := d.uc.Sigmask
	r := deliverTurned(d, c, mask)
	if r.handler != 0 && ((found^mask)&^ownMask != 0 || ownBlocked != 0) {
		d.postponed = 1 // the kernel has added the handler's mask to another than the program's: late enters it with the right one
	}
	return r
}

// deliverTurned is deliver for a context that is the program's. mask is the signal mask
// to which the handler adds its own; the frame has the one that comes back behind
// it.
func deliverTurned(d *door, c *Call, mask uint64) resumption {
	sig := int(d.info.Signo)
	if sig == ownNumbers[ownSigsys] && d.info.Code == siSysSeccomp {
		d.info.Addr = d.uc.Mcontext.RIP // si_call_addr, behind the instruction
	}
	if i := ownIndex(sig); i >= 0 {
		return forward(d, c, i, mask)
	}
	act := currentActions()[sig]
	if act.Handler == sigDfl || act.Handler == sigIgn {
		// It has no handler: one that we look at, or one whose handler was
		// taken away just now.
		d.frame().Pretcode = uint64(restorer.Addr())
		if act.Handler == sigDfl && watched(sig) && (isFault(d.info) || sys.Getpid() != 1) {
			// Not so in the first process of a PID namespace, which ignores what
			// it does not handle (pid_namespaces(7)).
			if isFault(d.info) {
				d.hostCrashed()
			}
			dieOf(d, c, sig)
		}
		return resumption{}
	}
	if act.Flags&saResethand != 0 {
		resetHandler(sig)
	}
	adds := act.Mask
	if act.Flags&saNodefer == 0 {
		adds |= 1 << (sig - 1)
	}
	if r := d.enter(c, &act, mask, adds); r.handler != 0 {
		return r
	}
	return forced(d, c, mask)
}

// enter prepares the entry of the program's handler of act, which blocks the signals
// of adds besides those of mask. It returns no handler if its frame cannot be built.
func (d *door) enter(c *Call, act *restorer.Sigaction, mask, adds uint64) resumption {
	announce(d, c, act.Handler)
	d.frame().Pretcode = act.Restorer
	shown := d.uc.Sigmask
	t := d.thread
	blocked := uint64(0)
	if t != nil {
		blocked = t.ownBlocked
		t.enterHandler(d.uc, adds)
	}
	at := d.place(act.Flags)
	if at == 0 {
		d.uc.Sigmask = shown
		if t != nil {
			t.ownBlocked = blocked
		}
		return resumption{}
	}
	d.mask = mask | adds&^ownMask
	if t != nil {
		t.closed.maskUnknown = true // the handler's first call tells
		if jumpWanted && t.onStack(uintptr(d.uc.Mcontext.RSP)) {
			t.suspendDoor()
		}
	}
	return resumption{uintptr(act.Handler), at}
}

// forced gives the program the SIGSEGV of a signal whose frame cannot be built
// (signal_setup_done and force_sigsegv, kernel/signal.c): its handler, if it has one
// that another stack is for, or its end.
func forced(d *door, c *Call, mask uint64) resumption {
	again := int(d.info.Signo) == sigsegv
	*d.info = restorer.Siginfo{Signo: int32(sigsegv), Code: siKernel}
	act := currentActions()[sigsegv]
	if !again && act.Handler > sigIgn && (mask|threadOwnBlocked())>>(sigsegv-1)&1 == 0 {
		if act.Flags&saResethand != 0 {
			resetHandler(sigsegv)
		}
		adds := act.Mask
		if act.Flags&saNodefer == 0 {
			adds |= 1 << (sigsegv - 1)
		}
		if r := d.enter(c, &act, mask, adds); r.handler != 0 {
			return r
		}
	}
	d.frame().Pretcode = uint64(restorer.Addr())
	d.uc.Sigmask &^= 1 << (sigsegv - 1)
	dieOf(d, c, sigsegv)
	return resumption{}
}

// announce tells the tool of a signal.
func announce(d *door, c *Call, handler uint64) {
	if tool.Signal == nil {
		return
	}
	s := &frameOf(c).signal
	*s = Signal{Signo: int(d.info.Signo), Info: d.infoAddr(), PC: d.uc.Mcontext.RIP, Handler: handler}
	frameOf(c).signalContext = uintptr(unsafe.Pointer(d.uc))
	tool.Signal(s)
}

const (
	// siSysSeccomp is SYS_SECCOMP, the si_code (include/uapi/asm-generic/siginfo.h).
	siSysSeccomp = 1
	// Signals whose handlers are entered for faults.
	sigtrap = int(unix.SIGTRAP)
	sigbus  = int(unix.SIGBUS)
	sigfpe  = int(unix.SIGFPE)
	sigsegv = int(unix.SIGSEGV)
)

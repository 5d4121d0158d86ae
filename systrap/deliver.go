package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/restorer"
)

// Signal is a signal that the program is about to be given.
type Signal struct {
	// Signo is its number.
	Signo int
	// Info is the address of its siginfo_t, for [Read].
	Info uint64
	// PC is where the program was.
	PC uint64
	// Handler is the program's handler, or 0 if it has none and the signal is
	// about to end it.
	Handler uint64
	// context is as in [Call].
	context uintptr
}

// Fatal says whether the signal ends the process.
func (s *Signal) Fatal() bool { return s.Handler == 0 }

// deliver enters the program's handler of the signal of d, in a frame that shows
// the program's own context, or does what its disposition says. c is for its
// use.
func deliver(d *door, c *Call) resumption {
	frameOf(c).raisePostponed()
	if f := turn(d.uc, c); f != nil && !isFault(d.info) && postpone(d, f) {
		return resumption{}
	}
	sig := int(d.info.Signo)
	if sig == ownNumbers[ownSigsys] && d.info.Code == siSysSeccomp {
		d.info.Addr = d.uc.Mcontext.RIP // si_call_addr, behind the instruction
	}
	if i := ownIndex(sig); i >= 0 {
		return forward(d, c, i)
	}
	act := currentActions()[sig]
	if act.Handler == sigDfl || act.Handler == sigIgn {
		// It has no handler: one that we look at, or one whose handler was
		// taken away just now.
		d.frame().Pretcode = uint64(restorer.Addr())
		if act.Handler == sigDfl && watched(sig) && (isFault(d.info) || getpid() != 1) {
			// Not so in the first process of a PID namespace, which ignores what
			// it does not handle (pid_namespaces(7)).
			dieOf(d, c, sig)
		}
		return resumption{}
	}
	if act.Flags&saResethand != 0 {
		resetHandler(sig)
	}
	announce(d, c, act.Handler)
	d.mask = d.uc.Sigmask | act.Mask&^ownMask
	if act.Flags&saNodefer == 0 {
		d.mask |= 1 << (sig - 1)
	}
	if t := currentThread(); t != nil {
		t.enterHandler(d.uc, act.Mask)
	}
	return resumption{uintptr(act.Handler), d.frameAddr()}
}

// announce tells the tool of a signal.
func announce(d *door, c *Call, handler uint64) {
	if tool.Signal == nil {
		return
	}
	s := &frameOf(c).signal
	*s = Signal{Signo: int(d.info.Signo), Info: d.infoAddr(), PC: d.uc.Mcontext.RIP, Handler: handler,
		context: uintptr(unsafe.Pointer(d.uc))}
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

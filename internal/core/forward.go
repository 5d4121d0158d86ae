package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
	"libsystrap/seccomp"
)

// resumption is where the entry stub goes when trap returns: to the program's
// handler, with SP at frame, just as the kernel would have entered it; or, if
// handler is 0, on to the program's rt_sigreturn with SP at frame; or, if that
// is 0, too, back through the restorer.
type resumption struct {
	handler, frame uintptr
}

// What the stub needs to know of restorer.Frame, in bytes.
const (
	frameUc   = unsafe.Offsetof(restorer.Frame{}.Uc)
	frameInfo = unsafe.Offsetof(restorer.Frame{}.Info)
)

// forward gives the program an own signal of ours that is meant for it: a
// genuine ud2, or one that was sent. The program's handler gets our signal frame, which is the
// kernel's and holds the interrupted context; its rt_sigreturn comes back to us
// as any other. mask is as in deliverTurned.
func forward(d *door, c *Call, i int, mask uint64) resumption {
	counters.ud2Forwarded.Add(1)
	v := &currentActions()[ownNumbers[i]]
	bit := ownBit(i)
	sent := d.info.Code <= 0
	t := currentThread()
	blocked := t != nil && t.ownBlocked&bit != 0
	if sent && blocked {
		t.keep(i, d.info)
		return resumption{}
	}
	if shownToDebugger(d) {
		return resumption{}
	}
	if sent && v.Handler == sigIgn {
		if t != nil {
			t.endMasked()
		}
		return resumption{}
	}
	if v.Handler == sigDfl || v.Handler == sigIgn || blocked {
		// The kernel does not let a fault be ignored or blocked
		// (force_sig_info_to_task, kernel/signal.c).
		if !sent {
			d.hostCrashed()
		}
		dieOf(d, c, ownNumbers[i])
		return resumption{}
	}
	act := *v
	adds := act.Mask
	if act.Flags&saNodefer == 0 {
		adds |= bit
	}
	if act.Flags&saResethand != 0 {
		v.Handler = sigDfl
	}
	r := d.enter(c, &act, mask, adds)
	if r.handler == 0 {
		return forced(d, c, mask)
	}
	// The kernel has blocked nothing for our own signal (SA_NODEFER), or own signals (ownsent.go).
	switch {
	case d.leaving != 0: // late enters it with its mask; who comes in before would find it entered or not at all
	case adds&^ownMask == 0 && !ownSentOnce:
	case sys.MayCall(unix.SYS_RT_SIGPROCMASK):
		sys.Sigprocmask(unix.SIG_BLOCK, adds&^ownMask)
		if ownSentOnce {
			sys.Sigprocmask(unix.SIG_UNBLOCK, ownDeferred())
		}
	default:
		d.postponed = 1 // the handler is entered with its mask by late
	}
	return r
}

// dieOf lets the kernel do what it would have done without us: the default
// action of sig, at the program's own pc, so that a core shows it. A fault comes
// again there; what was sent is sent again.
func dieOf(d *door, c *Call, sig int) {
	if ownIndex(sig) >= 0 || tool.Signal != nil {
		announce(d, c, 0)
		finish(killedStatus + sig)
	}
	thinCore()
	if debugged {
		askDebugger(-sig)
	}
	if byFilter(d.info) {
		// The program makes the call again, and the filter decides as it did.
		d.uc.Mcontext.RIP, d.uc.Mcontext.RAX = uint64(rawsys.StubBase()), uint64(d.info.Syscall)
	}
	dfl := restorer.Sigaction{}
	if rtSigaction(sig, &dfl, nil) == -int64(unix.EPERM) && seccomp.On {
		// A fault whose signal is blocked kills as well.
		d.uc.Sigmask |= 1 << (sig - 1)
		switch {
		case byFilter(d.info):
		case isFault(d.info):
			if back, again := comesAgain(d.info, d.uc.Mcontext.RIP); again {
				d.uc.Mcontext.RIP -= back
			}
		case sig == int(unix.SIGILL):
			d.uc.Mcontext.RIP = uint64(rawsys.StubBase()) + siteSize // a ud2
		default:
			rawsys.Syscall(unix.SYS_EXIT_GROUP, uintptr(killedStatus+sig), 0, 0, 0, 0, 0)
		}
		return
	}
	// Going back to a fault repeats it, but not what the kernel sent for another
	// reason: a frame that cannot be built (forced), a SIGILL of a call's
	// (uretprobe(2) outside of its trampoline, kernel/events/uprobes.c).
	if (!isFault(d.info) || sig == sigtrap || d.info.Code == siKernel) && !raise(sig, d.info) {
		// The queue is full (RLIMIT_SIGPENDING), or a filter may forbid it. What kill(2)
		// sends is never refused by the one, and the other can do no more than to end
		// us, too.
		if rawsys.Raw(unix.SYS_KILL, uintptr(sys.Getpid()), uintptr(sig), 0, 0, 0, 0) != 0 {
			rawsys.Raw(unix.SYS_EXIT_GROUP, uintptr(killedStatus+sig), 0, 0, 0, 0, 0)
		}
	}
}

// byFilter says whether a seccomp filter sent a SIGSYS (SECCOMP_RET_TRAP).
func byFilter(info *restorer.Siginfo) bool {
	return info.Signo == int32(unix.SIGSYS) && info.Code == siSysSeccomp
}

// killedStatus is added to a signal's number for Fini, as shells do.
const killedStatus = 128

// raise queues a signal for the calling thread with its old siginfo. It returns
// false if the kernel's queue is full (RLIMIT_SIGPENDING).
func raise(sig int, info *restorer.Siginfo) bool {
	pid, tid := uintptr(sys.Getpid()), uintptr(sys.Gettid())
	r := rawsys.Syscall(unix.SYS_RT_TGSIGQUEUEINFO, pid, tid, uintptr(sig), uintptr(unsafe.Pointer(info)), 0, 0)
	if r == sys.Refused && seccomp.On {
		r = rawsys.Syscall(unix.SYS_TGKILL, pid, tid, uintptr(sig), 0, 0, 0) // without what came with it
	}
	return r == 0
}

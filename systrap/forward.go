package systrap

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/restorer"
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
// as any other.
func forward(d *door, c *Call, i int) resumption {
	counters.ud2Forwarded.Add(1)
	v := &currentActions()[ownNumbers[i]]
	bit := ownBit(i)
	sent := d.info.Code <= 0
	t := currentThread()
	blocked := t != nil && t.ownBlocked&bit != 0
	if sent && blocked {
		t.hold(i, d.info)
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
		dieOf(d, c, ownNumbers[i])
		return resumption{}
	}
	announce(d, c, v.Handler)
	r := resumption{uintptr(v.Handler), d.frameAddr()}
	if v.Flags&saOnstack != 0 {
		r.frame = toAltStack(d, r.frame)
	}
	(*restorer.Frame)(ptr(r.frame)).Pretcode = v.Restorer
	mask := v.Mask
	defers := v.Flags&saNodefer == 0 || mask&bit != 0
	if v.Flags&saResethand != 0 {
		v.Handler = sigDfl
	}
	d.mask = d.uc.Sigmask | mask&^ownMask
	sigprocmask(unix.SIG_BLOCK, mask&^ownMask)
	if t != nil {
		if defers {
			mask |= bit
		}
		t.enterHandler(&(*restorer.Frame)(ptr(r.frame)).Uc, mask)
	}
	return r
}

// Offsets in the FXSAVE area of what the kernel leaves there in a signal frame
// (struct _fpx_sw_bytes, arch/x86/include/uapi/asm/sigcontext.h).
const (
	fpSwReserved   = 464
	fpMagic1       = 0x46505853
	fxsaveSize     = 512
	fpAlign        = 64
	ssAutodisarm   = 1 << 31
	frameAlignment = 16
	ssDisable      = 2
)

// toAltStack copies our signal frame to the top of the thread's alternate
// stack, unless it is there already or does not fit, and returns where it is.
func toAltStack(d *door, frame uintptr) uintptr {
	ss := &d.uc.Stack
	if ss.Flags&ssDisable != 0 || ss.Size == 0 || uint64(frame)-ss.SP < ss.Size {
		return frame
	}
	fp := uintptr(d.uc.Mcontext.Fpstate)
	n := fpstateSize(fp)
	size := unsafe.Sizeof(restorer.Frame{})
	newFp := (uintptr(ss.SP+ss.Size) - n) &^ (fpAlign - 1)
	to := (newFp-size)&^(frameAlignment-1) - 8 // SP+8 is 16-byte aligned, as behind a call
	if uint64(to) < ss.SP {
		return frame
	}
	moveBytes(to, frame, size)
	if n != 0 {
		moveBytes(newFp, fp, n)
		(*restorer.Frame)(ptr(to)).Uc.Mcontext.Fpstate = uint64(newFp)
	}
	if uint32(ss.Flags)&ssAutodisarm != 0 {
		off := restorer.Stack{Flags: ssDisable}
		rawsys.Syscall(unix.SYS_SIGALTSTACK, uintptr(unsafe.Pointer(&off)), 0, 0, 0, 0, 0)
	}
	return to
}

// fpstateSize returns the size in bytes of the FXSAVE/XSAVE area at fp, which
// may be 0.
func fpstateSize(fp uintptr) uintptr {
	if fp == 0 {
		return 0
	}
	if sw := (*[2]uint32)(ptr(fp + fpSwReserved)); sw[0] == fpMagic1 {
		return uintptr(sw[1])
	}
	return fxsaveSize
}

// dieOf lets the kernel do what it would have done without us: the default
// action of sig, at the program's own pc, so that a core shows it. A fault comes
// again there; what was sent is sent again.
func dieOf(d *door, c *Call, sig int) {
	if ownIndex(sig) >= 0 || tool.Signal != nil {
		announce(d, c, 0)
		finish(killedStatus + sig)
	} else if isFault(d.info) && filtered {
		d.uc.Sigmask |= 1 << (sig - 1) // the fault comes again, and a fault that is blocked kills
		return
	}
	dfl := restorer.Sigaction{}
	rtSigaction(sig, &dfl, nil)
	// Going back to a fault repeats it, but not a SIGILL that a call made the
	// kernel send (uretprobe(2) outside of its trampoline, kernel/events/uprobes.c).
	if !isFault(d.info) || sig == sigtrap || sig == int(unix.SIGILL) && d.info.Code == siKernel {
		raise(sig, d.info)
	}
}

// killedStatus is added to a signal's number for Fini, as shells do.
const killedStatus = 128

// raise queues a signal for the calling thread with its old siginfo. It returns
// false if the kernel's queue is full (RLIMIT_SIGPENDING).
func raise(sig int, info *restorer.Siginfo) bool {
	return rawsys.Syscall(unix.SYS_RT_TGSIGQUEUEINFO, uintptr(getpid()), uintptr(gettid()), uintptr(sig),
		uintptr(unsafe.Pointer(info)), 0, 0) == 0
}

// hold keeps own signal i, which was sent while the program blocks it; the
// kernel does not queue a second one (signal(7), "Standard signals").
func (t *thread) hold(i int, info *restorer.Siginfo) {
	if t.ownPending&ownBit(i) == 0 {
		held.Add(1)
		t.ownInfo[i] = *info
		t.ownPending |= ownBit(i)
	}
}

// discardHeld drops own signal i wherever it is held: ignoring a signal discards
// those that are pending (sigaction(2)).
func discardHeld(i int) {
	if held.Load() == 0 {
		return
	}
	for k := range process.threads {
		if t := &process.threads[k]; t.ownPending != 0 {
			t.ownPending &^= ownBit(i)
		}
	}
}

// held counts the signals that were ever held.
var held atomic.Uint64

// setOwnBlocked changes the program's view of the mask, and delivers what was
// held.
func (t *thread) setOwnBlocked(b uint64) {
	t.ownBlocked = b
	if b != 0 {
		handlersSlow = 1
	}
	for i := range t.ownInfo {
		if bit := ownBit(i); t.ownPending&^b&bit != 0 {
			t.ownPending &^= bit
			raise(ownNumbers[i], &t.ownInfo[i])
		}
	}
}

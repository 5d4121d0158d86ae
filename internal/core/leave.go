package core

import (
	"unsafe"

	"libsystrap/internal/inject"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/restorer"
	"libsystrap/seccomp"
)

// The library leaves a program that goes on (systrap trace -p, when it is interrupted): all its threads stand still, in
// its own code or in a call that is made for it. What is the process's is given back here; what is a thread's is the tracer's
// to give back, and to unmap the library, of which nothing is used any more.
// See docs/decisions/attach.md.

// leaveMain is called on a stack of its own, in any thread.
func leaveMain(l *inject.Leaving) {
	seccomp.Suspended = true // internal/launch, filters.go
	if vmChildCount != 0 || helpersAtWork() {
		l.Stays = 1
		stopForInjector(0)
		return
	}
	reapHelper()
	if tool.Leave != nil {
		tool.Leave(&self.Process)
	}
	tool = Tool{Name: tool.Name}
	for i := range l.Count {
		e := (*inject.Left)(unsafe.Add(unsafe.Pointer(l), unsafe.Sizeof(*l)+uintptr(i)*unsafe.Sizeof(inject.Left{})))
		if t := threadOf(e.Tid); t != nil {
			t.describe(e)
		}
	}
	discovering, quiet = false, false
	forget(0, 1<<47, true)
	l.Patched = uint64(siteCount)
	for sig := 1; sig <= 64; sig++ {
		var now restorer.Sigaction
		i := ownIndex(sig)
		if i >= 0 && trapInstalled[i] || i < 0 && rtSigaction(sig, nil, &now) == 0 && now.Handler == uint64(handlerEntryAddr()) {
			now = dispositions[sig]
			rtSigaction(sig, &now, nil)
		}
	}
	for i := range ownfd.Count {
		if fd := ownfd.Get(i); fd >= 0 {
			sys.Close(fd)
		}
	}
	l.End = uint64(sys.HintsEnd())
	stopForInjector(0)
}

// describe tells what is known of t, which stands still.
func (t *thread) describe(e *inject.Left) {
	e.Known, e.Blocked = 1, t.ownBlocked
	if t.masked {
		e.Blocked = t.unmasked
	}
	e.Alt = [3]uint64{t.alt.SP, uint64(uint32(t.alt.Flags)), t.alt.Size}
	if t.alt.Size == 0 {
		e.Alt[1] |= ssDisable
	}
	t.tellHeld(e)
	if e.R14 == 0 {
		return
	}
	m := &(*entryFrame)(sys.Ptr(uintptr(e.R14))).door.uc.Mcontext
	r := (*userRegs)(unsafe.Pointer(&e.Regs))
	r.take(m)
	r.rax = m.RAX
	r.rip += siteSize // behind the call, which the frame shows it at
	r.eflags &^= flagRF
	e.Fp, e.FpSize = m.Fpstate, uint64(fpstateSize(uintptr(m.Fpstate)))
}

// tellHeld tells which signals are held for t, which the kernel is to hold from now on.
func (t *thread) tellHeld(e *inject.Left) {
	e.Held = 0
	for i := range ownNumbers {
		for e.Held < inject.MaxHeld && t.unhold(i, (*restorer.Siginfo)(unsafe.Pointer(&e.Signals[e.Held]))) {
			e.Held++
		}
	}
	for i := range t.queue[:t.queued] {
		if e.Held < inject.MaxHeld {
			*(*restorer.Siginfo)(unsafe.Pointer(&e.Signals[e.Held])) = t.queue[i]
			e.Held++
		}
	}
	t.queued = 0
}

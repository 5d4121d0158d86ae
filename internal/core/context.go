package core

import (
	"unsafe"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// A handler of the program can interrupt our code. The kernel then saves our
// context in the handler's frame, where the program expects its own. Here such
// a frame is turned into the program's: it shows the call's site, before the
// instruction or behind it, with the program's registers, vector state and
// stack, and our own frames are given up.
// See docs/decisions/program-handlers.md.

// turn makes the context of uc the program's, if it can be done now. If not, as
// Go code of ours was interrupted, it returns the stub's frame of that code.
// c is for its use.
func turn(uc *restorer.Ucontext, c *Call) *entryFrame {
	f := turnContext(uc, c)
	if f == nil {
		uc.Sigmask &^= ownMask // a handler of ours that was interrupted has them blocked (ownsent.go), or a call (expose)
	}
	return f
}

func turnContext(uc *restorer.Ucontext, c *Call) *entryFrame {
	for {
		pc := uc.Mcontext.RIP
		if !ownText.has(pc) {
			if nearOutpost(pc) {
				turnOutpost(&uc.Mcontext)
			}
			return nil
		}
		switch {
		case host.has(pc):
			turnHost(uc)
			return nil
		case inProgramCode(pc):
			return nil
		case inStubs(pc):
			turnStub(uc, c)
			return nil
		case loadsFrame(pc):
			// About to load this frame: the work is done, and what it holds is
			// what the handler shall see.
			of := (*restorer.Ucontext)(sys.Ptr(uintptr(uc.Mcontext.RSP)))
			copyRegisters(uc, of)
			uc.Sigmask = of.Sigmask
			continue
		}
		if uintptr(pc) == enterProgramAddr()+enterSwitched {
			// About to enter a handler, whose frame SP is at: all but the jump is done.
			uc.Mcontext.RIP = uc.Mcontext.RCX
			return nil
		}
		if turnResume(uc) {
			continue
		}
		if turnJump(uc, currentThread()) {
			return nil
		}
		f := (*entryFrame)(sys.Ptr(uintptr(uc.Mcontext.R14)))
		if f.door.uc == nil {
			return f // not in a handler: at start
		}
		if f.door.entering != 0 {
			enterIn(uc, &f.door)
			return nil
		}
		if f.door.leaving != 0 {
			of := f.door.uc
			copyContext(uc, of)
			uc.Sigmask = of.Sigmask
			continue
		}
		if f.door.jump && f.door.postponed != 0 {
			return f // the signal that waits is first, and the mask is not the program's: only what jumpLate needs is not blocked
		}
		switch performing(pc) {
		case rawsys.NotBegun:
			turnBefore(uc, f)
			return nil
		case rawsys.Done:
			turnBehind(uc, f)
			return nil
		}
		return f
	}
}

const (
	// restorerSize is the length in bytes of the restorer up to the end of its
	// SYSCALL, one more included.
	restorerSize = 10
	// exitStubSize is the length in bytes of the exit stub.
	exitStubSize = 11
	// enterSwitched is the length in bytes of enterProgram's first instruction.
	enterSwitched = 3
)

// within says whether pc lies in the n bytes at start.
func within(pc uint64, start, n uintptr) bool { return uintptr(pc)-start < n }

// inStubs says whether pc is in a stub, where the program runs displaced.
func inStubs(pc uint64) bool {
	return within(pc, rawsys.StubBase(), rawsys.Stubs*rawsys.StubSize) || within(pc, rawsys.ExitStub(), exitStubSize)
}

// loadsFrame says whether pc is where a signal frame is about to be loaded, with
// SP at it.
func loadsFrame(pc uint64) bool {
	return within(pc, restorer.Addr(), restorerSize) || rawsys.InSigreturn(uintptr(pc))
}

// turnBefore makes uc the program's context at the site of f's call, which has
// not begun, or which the kernel would restart: the program will make it again.
func turnBefore(uc *restorer.Ucontext, f *entryFrame) {
	c := &f.call
	if uc.Mcontext.RAX == sysRestartSyscall && c.Sysno != sysRestartSyscall {
		// The kernel would go on with a call that a signal without a handler
		// interrupted; behind a handler that fails with EINTR (restart_syscall(2)).
		f.door.uc.Mcontext.RAX = sysRestartSyscall
	}
	c.giveUp()
	c.Result = restartSys
	c.Interrupted = true
	if !begun(&uc.Mcontext) {
		c.Result = restartNointr
		c.NotMade = true
	}
	c.tellExit()
	f.door.give(uc)
}

// sysRestartSyscall is SYS_RESTART_SYSCALL.
const sysRestartSyscall = 219

// turnBehind makes uc the program's context behind the site of f's call, which
// was made.
func turnBehind(uc *restorer.Ucontext, f *entryFrame) {
	c := &f.call
	c.Result = int64(uc.Mcontext.RAX)
	c.giveUp()
	c.Interrupted = true
	c.tellExit()
	f.door.finish(c)
	f.door.give(uc)
}

// giveUp ends what performing c has set up for its duration, but for a mask of
// its own: the handler runs under that (enterHandler).
func (c *Call) giveUp() {
	if specialOf(c.Sysno) == execFamily {
		endExec(c)
	}
	if t := currentThread(); t != nil && t.exposed != 0 {
		t.conceal()
		c.restoreRead()
	}
}

// turnStub makes uc, whose pc is in a displaced stub, the program's context at
// the site or behind it.
func turnStub(uc *restorer.Ucontext, c *Call) {
	pc := uc.Mcontext.RIP
	if within(pc, rawsys.ExitStub(), exitStubSize) {
		return // a thread on its last call
	}
	d := door{uc: uc, thread: currentThread()}
	if i := stubAt(pc); i >= 0 {
		displaced(c, &d, i)
	} else {
		cancelFlight(c, &d, stubAt(pc+siteSize))
	}
	d.enterDoor() // which it has left for a child with its FS base: the door would find another there
}

// settle makes sure that uc's context is not the very beginning of another
// handler: when several signals are due, the kernel builds their frames one on
// top of the other, and runs the last one first. Those below are entered here,
// from the lowest up: what the next frame shows is the beginning of the
// program's handler.
// See docs/decisions/signals-at-once.md.
func settle(uc *restorer.Ucontext, c *Call) {
	for inEntry(uc.Mcontext.RIP) {
		upper := uc
		lower := (*restorer.Ucontext)(sys.Ptr(uintptr(upper.Mcontext.RDX)))
		for inEntry(lower.Mcontext.RIP) {
			upper = lower
			lower = (*restorer.Ucontext)(sys.Ptr(uintptr(upper.Mcontext.RDX)))
		}
		settleOne(upper, lower, c)
	}
}

// settleOne enters the handler of lower, with upper on top of it.
func settleOne(upper, lower *restorer.Ucontext, c *Call) {
	upper.Sigmask &^= ownMask // ownsent.go
	d := door{uc: lower, thread: currentThread(), mask: lower.Sigmask}
	d.info = &d.frame().Info
	if ownIndex(int(d.info.Signo)) >= 0 && isFault(d.info) {
		if back, again := comesAgain(d.info, lower.Mcontext.RIP); again {
			copyContext(upper, lower) // a trap that has not been looked at
			upper.Mcontext.RIP -= back
			return
		}
	}
	var r resumption
	if !endsCopy(&d) {
		codeFault(&d)
		r = deliver(&d, c)
	}
	if r.handler == 0 {
		copyContext(upper, lower)
		upper.Sigmask = lower.Sigmask
		return
	}
	d.handler, d.at = r.handler, r.frame
	enterIn(upper, &d)
	upper.Sigmask |= d.mask &^ lower.Sigmask // what a handler of ours adds the kernel has not
}

// inEntry says whether pc is at the beginning of one of our handlers, where the
// registers are as the kernel set them: RDX is the ucontext.
func inEntry(pc uint64) bool {
	return within(pc, trapHereAddr(), stubPrologue) || within(pc, trapEntryAddr(), trapEntrySize) ||
		within(pc, handlerEntryAddr(), handlerEntrySize) || within(pc, faultEntryAddr(), faultEntrySize)
}

// stubPrologue is the length in bytes of trapHere's code up to where R14 leads
// to the ucontext: PUSHQ, MOVQ, SUBQ, LEAQ and three MOVQ. trapEntrySize,
// handlerEntrySize and faultEntrySize are those of all of the three.
const (
	stubPrologue     = 1 + 3 + 7 + 8 + 11 + 7 + 7
	trapEntrySize    = 263
	handlerEntrySize = 209
	faultEntrySize   = 33
)

// enterIn makes uc the context at the beginning of the handler that d is about
// to enter.
func enterIn(uc *restorer.Ucontext, d *door) {
	f := (*restorer.Frame)(sys.Ptr(d.at))
	m := &uc.Mcontext
	m.RIP = uint64(d.handler)
	m.RSP = uint64(d.at)
	m.RDI = uint64(f.Info.Signo)
	m.RSI = uint64(uintptr(unsafe.Pointer(&f.Info)))
	m.RDX = uint64(uintptr(unsafe.Pointer(&f.Uc)))
	m.RAX = 0
}

// isFault says whether the kernel sent a signal for what an instruction did.
func isFault(info *restorer.Siginfo) bool {
	const faults = sigillBit | sigsysBit | 1<<(sigtrap-1) | 1<<(sigbus-1) | 1<<(sigfpe-1) | 1<<(sigsegv-1)
	return info.Code > 0 && faults>>(uint32(info.Signo)-1)&1 != 0
}

// copyContext gives to the registers and the vector state of from. Its mask
// stays, and its alternate stack, which is the kernel's for this thread.
func copyContext(to, from *restorer.Ucontext) {
	fp, fromFp := uintptr(to.Mcontext.Fpstate), uintptr(from.Mcontext.Fpstate)
	copyRegisters(to, from)
	if n := fpstateSize(fromFp); n != 0 && n == fpstateSize(fp) {
		sys.MoveBytes(fp, fromFp, n)
		to.Mcontext.Fpstate = uint64(fp)
	}
}

// copyRegisters is copyContext with the vector state left where it is, above
// this frame.
func copyRegisters(to, from *restorer.Ucontext) {
	to.Flags = from.Flags
	to.Mcontext = from.Mcontext
}

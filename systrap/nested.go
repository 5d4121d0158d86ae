package systrap

import (
	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// The program's handlers can interrupt our code. The kernel then saves our
// context, not the program's, and what the handler changes in its frame would
// be lost: when it returns, so do we, with the mask and the alternate stack
// that our own frame has. Those two are carried over here.

// carryOver is called when the program returns from a handler through the frame
// at uc. If the handler interrupted us, our own frame gets its mask and stack.
func carryOver(uc *restorer.Ucontext) {
	ours := interrupted(uc)
	if ours == nil {
		return
	}
	ours.Sigmask = uc.Sigmask
	ours.Stack = uc.Stack
}

// interrupted returns our own frame's ucontext if uc is of a handler that
// interrupted our code below an entry stub.
func interrupted(uc *restorer.Ucontext) *restorer.Ucontext {
	pc := uc.Mcontext.RIP
	if pc < ownText.start || pc >= ownText.end {
		return nil
	}
	switch {
	case within(pc, rawsys.StubBase(), rawsys.Stubs*rawsys.StubSize), within(pc, rawsys.UnmapExitStub(), restorerSize):
		return nil // the program's own context, displaced
	case within(pc, restorer.Addr(), restorerSize):
		return (*restorer.Ucontext)(ptr(uintptr(uc.Mcontext.RSP)))
	}
	if entry := uint64(trapEntryAddr()); pc >= entry && pc < entry+stubPrologue {
		// R14 is not ours yet; RDX is the handler's third argument. The kernel
		// enters two handlers in a row when two signals are due.
		return (*restorer.Ucontext)(ptr(uintptr(uc.Mcontext.RDX)))
	}
	f := (*entryFrame)(ptr(uintptr(uc.Mcontext.R14)))
	return f.door.uc
}

// within says whether pc lies in the n bytes at start.
func within(pc uint64, start, n uintptr) bool { return uintptr(pc)-start < n }

// restorerSize is the length in bytes of the restorer up to the end of its
// SYSCALL, one more included; UnmapExitStub is shorter up to its last SYSCALL.
const restorerSize = 10

// stubPrologue is the length in bytes of trapEntry's code up to where R14 leads
// to the ucontext: PUSHQ, MOVQ, SUBQ, LEAQ and MOVQ.
const stubPrologue = 1 + 3 + 7 + 5 + 7

// maskChange is a change of ownBlocked, made while the program's stack pointer
// was sp; before is what it was.
type maskChange struct {
	sp, before uint64
}

// maxUndo is how many changes in nested handlers are remembered; more are
// forgotten from the oldest on.
const maxUndo = 8

// changeMask is setOwnBlocked by a call of the program, which a return from the
// handler that makes it undoes, as the kernel does with the rest of the mask.
func (t *thread) changeMask(sp, b uint64) {
	for t.undos > 0 && t.undo[t.undos-1].sp < sp {
		t.undos-- // made by a frame that is gone
	}
	if t.undos == maxUndo {
		copy(t.undo[:], t.undo[1:])
		t.undos--
	}
	t.undo[t.undos] = maskChange{sp, t.ownBlocked}
	t.undos++
	t.setOwnBlocked(b)
}

// undoneBy returns what ownBlocked was before the handler whose frame lies at
// frame changed it, directly or in handlers that interrupted it.
func (t *thread) undoneBy(frame uint64) uint64 {
	b := t.ownBlocked
	for t.undos > 0 && t.undo[t.undos-1].sp < frame {
		t.undos--
		b = t.undo[t.undos].before
	}
	return b
}

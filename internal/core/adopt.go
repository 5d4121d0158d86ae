package core

import (
	"unsafe"

	"libsystrap/internal/inject"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// A program that ran already when the library was put into it (systrap trace -p): all its threads stand still. Its text
// is left as it is, as it may be in the middle of it, or share it with a process that has no handler of ours; the kernel reports
// its calls. Who attaches gives each thread the stack that is chosen here: one that runs on its alternate stack keeps that until its
// first trap (adoptThread).
// See docs/decisions/attach.md.

// attached says whether the program ran already.
func attached() bool {
	b := injection()
	return b != nil && b.Attached != 0
}

// tellAttached says of the program to the tool what is known of it.
func tellAttached() {
	if attached() {
		b := injection()
		self.Attached, self.Others, self.Stopped = true, b.Attached == inject.AttachedMore, int(b.Stopped)
	}
}

// adoptProgram takes in what the program has done before.
func adoptProgram() {
	if !attached() {
		return
	}
	b := injection()
	sys.FilesShared = b.NumThreads > 1
	for i := uint64(0); i < b.NumThreads; i++ {
		e := (*inject.Running)(sys.Ptr(b.Threads + uintptr(i)*unsafe.Sizeof(inject.Running{})))
		t := &mainBlock.thread
		if e.Tid != t.tid {
			if t = takeThread(); t == nil {
				continue
			}
			t.tid, t.owned = e.Tid, true
			t.closed.maskUnknown = true
			t.ownBlocked = e.Mask & (sigillBit | sigsysBit)
			s := t.kernelStack()
			e.Stack = [3]uint64{s.SP, 0, s.Size}
			e.Old = uint64(uintptr(unsafe.Pointer(&t.alt)))
		}
		e.Pending = uint64(uintptr(unsafe.Pointer(&t.ownPending)))
		for k := range e.Info {
			e.Info[k] = uint64(uintptr(unsafe.Pointer(&t.ownInfo[k])))
		}
	}
	// The frames that handlers return to are to have nothing of ours in them: the fast way in leaves our stack there.
	handlersSlow = 1
	adoptHandlers()
}

// adoptHandlers has the handlers that the program has installed entered through ours. Those of our own signals
// installTrap has found.
func adoptHandlers() {
	for sig := 1; sig <= 64; sig++ {
		var now, old restorer.Sigaction
		if ownIndex(sig) >= 0 || rtSigaction(sig, nil, &now) != 0 || now.Handler <= sigIgn || now.Handler == uint64(handlerEntryAddr()) {
			continue
		}
		setAction(sig, &dispositions[sig], &now, &old, true)
	}
}

// tellInjector leaves what who attaches, or lets the program go again, must know.
func tellInjector() {
	b := injection()
	if b == nil {
		return
	}
	b.Leave, b.Performed = uint64(leaveEntryAddr()), uint64(rawsys.Performed())
	b.Dispatch = inject.Dispatch{}
	if discovering {
		b.Dispatch = inject.Dispatch{Mode: prSUDOn, Selector: uint64(uintptr(unsafe.Pointer(&sudSelector))), Offset: ownText.start, Len: ownText.size}
	}
}

package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/restorer"
	"libsystrap/seccomp"
)

// An own signal that is sent may come while one is looked at, at its handler's first instruction, too: with nothing
// blocked (installTrap) each lies on top of the one before, and who sends quickly fills the stack of ours. So as
// soon as one has been sent, the kernel blocks them while one is handled; a trap, for which they must come
// in as the program's own call is made, lets them in again first. They are at most two deep then.
// See docs/decisions/sent-own-signals.md.

// ownSentOnce is set for good when the kernel blocks own signals in their handlers, and before it does: a thread may be in one
// when another undoes that.
var ownSentOnce bool

// ownDefers says whether it does.
var ownDefers bool

// ownDeferred are the signals that are blocked. One of those that a bad pointer raises is not among them, as our own
// code may have one (guard.go).
func ownDeferred() uint64 { return ownMask &^ guardBits }

// ownFlags gives the flags and the mask of our handler of own signal i.
func ownFlags(i int) (flags, mask uint64) {
	flags = saSiginfo | saNodefer | saOnstack | saRestorer
	if !ownDefers {
		return flags, 0
	}
	if ownBit(i)&ownDeferred() != 0 {
		flags &^= saNodefer
	}
	return flags, ownDeferred()
}

// ownCame is what trap begins with.
func ownCame(info *restorer.Siginfo) {
	sent := info.Code <= 0
	if sent == ownSentOnce || ownIndex(int(info.Signo)) < 0 {
		return
	}
	switch {
	case !sent:
		if sys.MayCall(unix.SYS_RT_SIGPROCMASK) {
			sys.Sigprocmask(unix.SIG_UNBLOCK, ownDeferred())
		}
	case !seccomp.On && !debugged && currentVMChild() == nil: // whose handlers are not its parent's
		ownSentOnce, ownDefers = true, true
		reinstallTraps()
	}
}

// ownComeAtOnce has nothing blocked any more: a filter is about to be installed, which may not let a trap unblock it.
func ownComeAtOnce() {
	if ownDefers {
		ownDefers = false
		reinstallTraps()
		ownDefers = currentVMChild() != nil // its parent's are as they were
	}
}

func reinstallTraps() {
	for i := range trapInstalled {
		if trapInstalled[i] {
			installTrap(i)
		}
	}
}

package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
	"libsystrap/restorer"
)

// Every handler of the program is entered through handlerEntry, which is what
// the kernel knows. The program's own actions are kept here, and answered from
// here.

// actions are the program's dispositions, by signal number. Those of our own
// signals are wholly virtual; of the others, an entry counts only while the
// kernel's handler is handlerEntry: the kernel knows what is SIG_DFL or SIG_IGN.
type actions [65]restorer.Sigaction

// dispositions are those of the process whose memory this is. A process that
// shares the memory, but not the dispositions (a vfork child, a clone with
// CLONE_VM but not CLONE_SIGHAND), has its own in vmChildren.
var dispositions actions

// actionShift is log2 of the size in bytes of an action, for handlerEntry.
const actionShift = 5

var _ [unsafe.Sizeof(restorer.Sigaction{}) - 1<<actionShift]byte
var _ [1<<actionShift - unsafe.Sizeof(restorer.Sigaction{})]byte

// ucRIP is where handlerEntry finds the interrupted pc, in bytes.
const ucRIP = unsafe.Offsetof(restorer.Ucontext{}.Mcontext) + unsafe.Offsetof(restorer.Sigcontext{}.RIP)

// handlersSlow is set once a handler has to be told of more than the kernel
// does: our own signals in a mask, or the tool of the signal.
var handlersSlow int32

// currentActions returns the calling process's dispositions.
func currentActions() *actions {
	if c := currentVMChild(); c != nil {
		return &c.actions
	}
	return &dispositions
}

// sysRtSigaction keeps our own signals to ourselves and our own signals out of
// the masks of all other handlers, while the program reads back what it set.
func sysRtSigaction(c *Call) {
	sig := c.Args[0]
	if sig == 0 || sig > 64 || c.Args[3] != sys.SigSetSize {
		if c.performHere(); sig == 0 && c.Args[4] == askPresence {
			c.Result = -int64(unix.EBUSY)
		}
		return
	}
	var act, old restorer.Sigaction
	set := c.Args[1] != 0
	if set && mem.Read(bytesOfAction(&act), c.Args[1]) != int(unsafe.Sizeof(act)) {
		c.Result = -int64(unix.EFAULT)
		return
	}
	mine := &currentActions()[sig]
	if i := ownIndex(int(sig)); i >= 0 {
		old = *mine
		if set {
			act.Mask &^= unblockable
			*mine = act
			if act.Handler == sigIgn {
				discardHeld(i)
			}
		}
		c.Result = 0
	} else if c.Result = setAction(int(sig), mine, &act, &old, set); c.Result != 0 {
		return
	}
	if set && (act.Mask&ownMask != 0 || act.Flags&saResethand != 0) {
		handlersSlow = 1
	}
	if c.Args[2] != 0 && mem.Write(c.Args[2], bytesOfAction(&old)) != int(unsafe.Sizeof(old)) {
		c.Result = -int64(unix.EFAULT)
	}
}

// unblockable are the signals that no mask can hold (sigprocmask(2)).
const unblockable = 1<<(unix.SIGKILL-1) | 1<<(unix.SIGSTOP-1)

// setAction changes the action of a signal that is not ours to act, if set, and
// stores the old one. mine is its entry.
func setAction(sig int, mine, act, old *restorer.Sigaction, set bool) int64 {
	was := *mine
	var in *restorer.Sigaction
	var kact restorer.Sigaction
	if set {
		kact = kernelAction(sig, act)
		in = &kact
		if kact.Handler == uint64(handlerEntryAddr()) {
			*mine = *act // before the kernel can use it
		}
	}
	if r := rawSigaction(sig, in, old); r != 0 {
		*mine = was
		return r
	}
	if old.Handler == uint64(handlerEntryAddr()) {
		old.Handler = was.Handler
		if was.Handler == sigDfl {
			old.Restorer = was.Restorer
			old.Mask = was.Mask
			old.Flags = was.Flags
		}
	}
	const oursAlone = saSiginfo | saResethand
	old.Flags = old.Flags&^oursAlone | was.Flags&oursAlone
	old.Mask |= was.Mask & ownMask
	if set {
		*mine = *act
	}
	return 0
}

// kernelAction is what the kernel is told for the program's action act.
func kernelAction(sig int, act *restorer.Sigaction) restorer.Sigaction {
	k := *act
	k.Mask &^= ownMask
	switch {
	case act.Handler > sigIgn:
		k.Handler = uint64(handlerEntryAddr())
		k.Flags |= saSiginfo
		if catching && guardBits>>(sig-1)&1 != 0 {
			k.Flags &^= saResethand // faults of our own must not use it up
		}
	case act.Handler == sigDfl && watched(sig):
		k = restorer.Sigaction{
			Handler:  uint64(handlerEntryAddr()),
			Flags:    saSiginfo | saOnstack | saRestorer, // the program's stack may be full
			Restorer: uint64(restorer.Addr()),
		}
	}
	return k
}

// clearHandlers does what CLONE_CLEAR_SIGHAND asks for: handled signals get
// their default disposition, ignored ones stay ignored (clone(2)).
func clearHandlers() {
	mine := currentActions()
	for sig := 1; sig <= 64; sig++ {
		if ownIndex(sig) >= 0 {
			if mine[sig].Handler > sigIgn {
				mine[sig] = restorer.Sigaction{}
			}
			continue
		}
		var old, dfl restorer.Sigaction
		if rtSigaction(sig, nil, &old) == 0 && old.Handler > sigIgn {
			setAction(sig, &mine[sig], &dfl, &old, true)
		}
	}
}

func bytesOfAction(a *restorer.Sigaction) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(a)), unsafe.Sizeof(*a))
}

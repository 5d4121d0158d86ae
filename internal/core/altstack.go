package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/restorer"
)

// The alternate signal stack that the kernel knows is ours, in every thread
// (thread.go): so our own signals need no room on the program's stack, wherever its
// stack pointer is. The one that the program sets with sigaltstack(2) is kept
// and answered here, and applied to its handlers (handlerframe.go).
// See docs/decisions/stacks-of-ours.md.

const (
	ssOnstack    = 1
	ssDisable    = 2
	ssAutodisarm = 1 << 31 // SS_AUTODISARM (include/uapi/linux/signal.h)
	// minSigStack is MINSIGSTKSZ (arch/x86/include/uapi/asm/signal.h).
	minSigStack = 2048
)

// altHolds says whether sp is on s (__on_sig_stack, include/linux/sched/signal.h).
func altHolds(s *restorer.Stack, sp uint64) bool { return sp > s.SP && sp-s.SP <= s.Size }

// onAlt says whether a program with stack pointer sp runs on its alternate stack
// (on_sig_stack, include/linux/sched/signal.h).
func (t *thread) onAlt(sp uint64) bool {
	return uint32(t.alt.Flags)&ssAutodisarm == 0 && altHolds(&t.alt, sp)
}

// setAlt changes the program's alternate stack as do_sigaltstack does
// (kernel/signal.c), for a program with stack pointer sp. It returns 0 or a negated
// errno.
func (t *thread) setAlt(ss *restorer.Stack, sp uint64) int64 {
	if t.onAlt(sp) {
		return -int64(unix.EPERM)
	}
	mode := uint32(ss.Flags) &^ ssAutodisarm
	switch {
	case mode != ssDisable && mode != ssOnstack && mode != 0:
		return -int64(unix.EINVAL)
	case ss.SP == t.alt.SP && ss.Size == t.alt.Size && ss.Flags == t.alt.Flags:
		return 0
	case mode == ssDisable:
		t.alt = restorer.Stack{Flags: ss.Flags}
		return 0
	case ss.Size < minSigStack:
		return -int64(unix.ENOMEM)
	}
	t.alt = restorer.Stack{SP: ss.SP, Flags: ss.Flags, Size: ss.Size}
	return 0
}

// sysSigaltstack answers sigaltstack(2).
func sysSigaltstack(c *Call) {
	t := currentThread()
	if t == nil {
		c.performHere()
		return
	}
	var ss restorer.Stack
	if c.Args[0] != 0 && mem.Read(bytesOfStack(&ss), c.Args[0]) != int(unsafe.Sizeof(ss)) {
		c.Result = -int64(unix.EFAULT)
		return
	}
	old := restorer.Stack{SP: t.alt.SP, Size: t.alt.Size}
	switch {
	case t.alt.Size == 0:
		old.Flags = ssDisable
	case t.onAlt(c.SP):
		old.Flags = ssOnstack
	}
	const autodisarm = -1 << 31 // ssAutodisarm
	old.Flags |= t.alt.Flags & autodisarm
	c.Result = 0
	if c.Args[0] != 0 {
		c.Result = t.setAlt(&ss, c.SP)
	}
	if c.Result == 0 && c.Args[1] != 0 && mem.Write(c.Args[1], bytesOfStack(&old)) != int(unsafe.Sizeof(old)) {
		c.Result = -int64(unix.EFAULT)
	}
}

func bytesOfStack(s *restorer.Stack) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(s)), unsafe.Sizeof(*s))
}

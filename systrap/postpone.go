package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// No handler of the program runs on top of our Go code: a signal that arrives
// there is sent again, to this thread, with all signals blocked until the
// program goes on; our return to it unblocks them, and the kernel delivers the
// signal in the program's context. A call that was not begun by then is not
// made, as it might block: it is trapped again behind the handler (rawsys.Perform).

// postpone sends the signal of d again for when the code of f is done. It
// returns false if that cannot be: the handler then runs now.
func postpone(d *door, f *entryFrame) bool {
	if filtered || f.door.uc == nil {
		return false
	}
	mask := sigprocmask(unix.SIG_BLOCK, ^uint64(0)) // or it comes at once: SA_NODEFER
	if !again(d.info) {
		sigprocmask(unix.SIG_SETMASK, mask)
		return false
	}
	d.uc.Sigmask = ^uint64(0)
	f.door.postponed = 1
	d.frame().Pretcode = uint64(restorer.Addr())
	return true
}

// again queues a signal for this thread with its old siginfo. Several of one
// real-time signal keep their order. All signals are blocked.
func again(info *restorer.Siginfo) bool {
	sig := int(info.Signo)
	if sig < sigrtmin || !isPending(sig) {
		return raise(sig, info)
	}
	return againFirst(sig, info)
}

// sigrtmin is the kernel's first real-time signal (signal(7)).
const sigrtmin = 32

func isPending(sig int) bool {
	var set uint64
	rawsys.Syscall(unix.SYS_RT_SIGPENDING, uintptr(unsafe.Pointer(&set)), sigSetSize, 0, 0, 0, 0)
	return set>>(sig-1)&1 != 0
}

// againFirst puts info before what is queued of the same signal: it takes those
// out, as many as the buffer has room for, and puts them back behind it.
func againFirst(sig int, info *restorer.Siginfo) bool {
	const room = 512
	p := mmapAnon(room*unsafe.Sizeof(*info), unix.MAP_PRIVATE)
	if p == 0 {
		return raise(sig, info)
	}
	queued := unsafe.Slice((*restorer.Siginfo)(ptr(p)), room)
	set := uint64(1) << (sig - 1)
	var now unix.Timespec
	n := 0
	for n < room && int64(rawsys.Syscall(unix.SYS_RT_SIGTIMEDWAIT, uintptr(unsafe.Pointer(&set)),
		uintptr(unsafe.Pointer(&queued[n])), uintptr(unsafe.Pointer(&now)), sigSetSize, 0, 0)) > 0 {
		n++
	}
	ok := raise(sig, info)
	for i := range queued[:n] {
		raise(sig, &queued[i])
	}
	munmap(p, room*unsafe.Sizeof(*info))
	return ok
}

// enterBlocked enters the handler that d is about to enter with the mask that
// the kernel would have given it: signals were postponed meanwhile, so all are
// blocked, and the change must not be seen by what is ours. It does not return.
func enterBlocked(d *door) {
	var uc restorer.Ucontext
	const noFpstate = ^uint64(ucFpXstate)
	uc.Flags = d.uc.Flags & noFpstate
	uc.Stack = d.uc.Stack
	if uint32(uc.Stack.Flags)&ssAutodisarm != 0 {
		uc.Stack = restorer.Stack{Flags: ssDisable}
	}
	uc.Mcontext = d.uc.Mcontext
	uc.Mcontext.Fpstate = 0 // the kernel gives a handler the initial state, too
	uc.Mcontext.EFLAGS &^= flagDF | flagTF | flagRF
	uc.Sigmask = d.mask
	enterIn(&uc, d)
	rawsys.Sigreturn(uintptr(unsafe.Pointer(&uc)))
}

const (
	// ucFpXstate is UC_FP_XSTATE (arch/x86/include/uapi/asm/ucontext.h).
	ucFpXstate = 1
	// Flags that a handler is entered without (handle_signal in
	// arch/x86/kernel/signal.c).
	flagTF = 1 << 8
	flagDF = 1 << 10
)

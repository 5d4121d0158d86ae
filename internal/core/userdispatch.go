package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// The program's own use of Syscall User Dispatch (prctl(2),
// PR_SET_SYSCALL_USER_DISPATCH; kernel/entry/syscall_user_dispatch.c). The
// kernel's is ours (discover.go), so the program's is answered and applied
// here, to every call that is trapped or discovered.
// See docs/decisions/dispatch-of-the-program.md.

// userDispatch is one thread's setting.
type userDispatch struct {
	on, inclusive bool
	// start and size bound the instructions that may make calls whatever the
	// selector says (or, if inclusive, those that the selector is about).
	start, size uint64
	// selector is the address of the byte that the program switches with, or 0.
	selector uint64
}

// userDispatching counts the calls that switched it on, in any thread.
var userDispatching int32

const (
	prSUDInclusive = 2 // PR_SYS_DISPATCH_INCLUSIVE_ON (Linux 6.17)
	sudAllow       = 0 // SYSCALL_DISPATCH_FILTER_ALLOW
)

// sysUserDispatchSet answers prctl(PR_SET_SYSCALL_USER_DISPATCH) as
// task_set_syscall_user_dispatch does.
func sysUserDispatchSet(c *Call) {
	t := currentThread()
	if t == nil {
		c.Result = -int64(unix.ENOMEM)
		return
	}
	u := userDispatch{on: true, start: c.Args[2], size: c.Args[3], selector: c.Args[4]}
	c.Result = -int64(unix.EINVAL)
	switch c.Args[1] {
	case prSUDOff:
		if u.start|u.size|u.selector != 0 {
			return
		}
		u.on = false
	case prSUDOn:
		if u.start != 0 && u.start+u.size <= u.start {
			return
		}
	case prSUDInclusive:
		if u.size == 0 || u.start+u.size <= u.start {
			return
		}
		u.inclusive = true
	default:
		return
	}
	if u.selector >= 1<<47 {
		c.Result = -int64(unix.EFAULT)
		return
	}
	wake()
	t.dispatch = u
	if u.on {
		sys.AddInt32(&userDispatching, 1)
		closeJumpDoor()
	}
	c.Result = 0
}

// refused says whether the thread's setting forbids c. It then gives the program
// its SIGSYS.
func refused(c *Call, d *door) bool {
	t := currentThread()
	if t == nil || !t.dispatch.on {
		return false
	}
	u := &t.dispatch
	behind := c.PC + siteSize // what the kernel compares
	if (behind-u.start < u.size) != u.inclusive {
		return false
	}
	if u.selector != 0 {
		var b [1]byte
		switch {
		case mem.Read(b[:], u.selector) != 1:
			dieOfDispatch(unix.SIGSEGV)
		case b[0] == sudAllow:
			return false
		case b[0] != sudBlock:
			dieOfDispatch(unix.SIGSYS)
		}
	}
	m := &d.uc.Mcontext
	m.RIP, m.RCX = behind, behind
	m.EFLAGS &^= flagRF
	m.R11 = m.EFLAGS
	*d.info = restorer.Siginfo{Signo: int32(unix.SIGSYS), Code: sysUserDispatch,
		Addr: behind, Syscall: int32(c.Sysno), Arch: auditArchX86_64}
	d.delivering = true
	frameOf(c).raisePostponed()
	r := forward(d, c, ownSigsys, d.uc.Sigmask)
	d.handler, d.at = r.handler, r.frame
	return true
}

// dieOfDispatch ends the process as the kernel does when it cannot read the
// selector or finds another value in it (force_exit_sig).
func dieOfDispatch(sig unix.Signal) {
	finish(killedStatus + int(sig))
	dfl := restorer.Sigaction{}
	rtSigaction(int(sig), &dfl, nil)
	sys.Sigprocmask(unix.SIG_UNBLOCK, 1<<(sig-1))
	raise(int(sig), &restorer.Siginfo{Signo: int32(sig), Code: siKernel})
	rawsys.Syscall(unix.SYS_EXIT_GROUP, uintptr(killedStatus+int(sig)), 0, 0, 0, 0, 0)
}

// siKernel is SI_KERNEL (include/uapi/asm-generic/siginfo.h).
const siKernel = 0x80

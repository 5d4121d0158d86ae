package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/restorer"
)

// The return from a signal of ours without rt_sigreturn(2): the registers are loaded by
// ourselves. Behind a call that changes nothing else that is quicker; and some sandboxes forbid
// rt_sigreturn (OpenSSH's before the login): the mask is then set by a call of its own
// where it has changed.
// See docs/decisions/return-without-sigreturn.md.

// returnsDirect is set once a filter may forbid rt_sigreturn.
var returnsDirect uint32

// Offsets in bytes of the general registers in struct sigcontext, from that of the
// flags, and of the flags in a ucontext.
const (
	scFlags  = unsafe.Offsetof(restorer.Sigcontext{}.EFLAGS)
	ucEFLAGS = unsafe.Offsetof(restorer.Ucontext{}.Mcontext) + scFlags

	scR8  = int(unsafe.Offsetof(restorer.Sigcontext{}.R8)) - int(scFlags)
	scR9  = int(unsafe.Offsetof(restorer.Sigcontext{}.R9)) - int(scFlags)
	scR10 = int(unsafe.Offsetof(restorer.Sigcontext{}.R10)) - int(scFlags)
	scR11 = int(unsafe.Offsetof(restorer.Sigcontext{}.R11)) - int(scFlags)
	scR12 = int(unsafe.Offsetof(restorer.Sigcontext{}.R12)) - int(scFlags)
	scR13 = int(unsafe.Offsetof(restorer.Sigcontext{}.R13)) - int(scFlags)
	scR14 = int(unsafe.Offsetof(restorer.Sigcontext{}.R14)) - int(scFlags)
	scR15 = int(unsafe.Offsetof(restorer.Sigcontext{}.R15)) - int(scFlags)
	scRDI = int(unsafe.Offsetof(restorer.Sigcontext{}.RDI)) - int(scFlags)
	scRSI = int(unsafe.Offsetof(restorer.Sigcontext{}.RSI)) - int(scFlags)
	scRBP = int(unsafe.Offsetof(restorer.Sigcontext{}.RBP)) - int(scFlags)
	scRBX = int(unsafe.Offsetof(restorer.Sigcontext{}.RBX)) - int(scFlags)
	scRDX = int(unsafe.Offsetof(restorer.Sigcontext{}.RDX)) - int(scFlags)
	scRAX = int(unsafe.Offsetof(restorer.Sigcontext{}.RAX)) - int(scFlags)
	scRCX = int(unsafe.Offsetof(restorer.Sigcontext{}.RCX)) - int(scFlags)
	scRSP = int(unsafe.Offsetof(restorer.Sigcontext{}.RSP)) - int(scFlags)
	scRIP = int(unsafe.Offsetof(restorer.Sigcontext{}.RIP)) - int(scFlags)
)

const (
	// fpSwFeatures is where the components of an XSAVE area are named.
	fpSwFeatures = fpSwReserved + 8
	// resumeSlot is where resumeAny finds the pc, from the stack pointer it loads.
	resumeSlot = -redZone - 16
)

// resumeDirect, resumeCall and resumeAny are in resume_amd64.s.
//
//systrap:leaves
func resumeDirect()

//systrap:leaves
func resumeCall()

//systrap:leaves
func resumeAny()

//go:noescape
func resumeCallAddr() uintptr

//go:noescape
func resumeAnyAddr() uintptr

// Offsets in bytes in the code of resumeCall and resumeAny: from where the stack
// pointer is at the flags, of the loading of it behind that, and of the jump.
const (
	resumeSwitched = 3
	resumeLoadSP   = 74
	resumeJump     = 79
)

// turnResume gives uc, which was interrupted in resumeCall or resumeAny, the context
// that was about to be loaded there, and says whether it was.
func turnResume(uc *restorer.Ucontext) bool {
	m := &uc.Mcontext
	off, call := uintptr(m.RIP)-resumeCallAddr(), true
	if off < resumeSwitched || off > resumeJump {
		off, call = uintptr(m.RIP)-resumeAnyAddr(), false
	}
	switch {
	case off < resumeSwitched || off > resumeJump:
		return false
	case off < resumeJump:
		flags := uintptr(m.RSP)
		if off == resumeLoadSP {
			flags -= 8
		}
		r8, r9 := m.R8, m.R9
		of := (*restorer.Ucontext)(sys.Ptr(flags - ucEFLAGS))
		ucFlags := uc.Flags
		copyRegisters(uc, of)
		uc.Flags = ucFlags // it lies where the frame of uc may have been built
		uc.Sigmask = of.Sigmask
		m.R8 = r8
		if off == resumeLoadSP {
			m.R9 = r9 // the stack pointer is eight bytes higher, and so is what the kernel has written over
		}
	case call:
		m.RIP = m.RCX
	default:
		m.RIP = *(*uint64)(sys.Ptr(uintptr(m.RSP + ^uint64(-resumeSlot-1))))
	}
	return true
}

// onlyRegisters says whether the program goes on behind its call with nothing else changed than
// registers, which are quicker to load here than by rt_sigreturn(2). That it is which sets a mask, an
// alternate stack and the flags that are about the next instruction; with a debugger it is what that
// knows; and with protection keys the frame may not be readable any more once they are loaded.
// See docs/decisions/return-without-sigreturn.md.
func (d *door) onlyRegisters() bool {
	m := &d.uc.Mcontext
	return m.RCX == m.RIP && d.uc.Sigmask == d.mask && !d.blocked && !d.moved && m.EFLAGS&(flagTF|flagRF) == 0 &&
		!keysUsed && !debugged
}

// returnMask sets the mask that the program goes on with, if the return does not.
func (d *door) returnMask() {
	if returnsDirect != 0 && (d.uc.Sigmask != d.mask || d.postponed != 0 || d.blocked) && sys.MayCall(unix.SYS_RT_SIGPROCMASK) {
		sys.Sigprocmask(unix.SIG_SETMASK, d.uc.Sigmask)
	}
}

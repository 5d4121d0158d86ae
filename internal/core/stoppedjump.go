package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// A thread that is stopped while its call comes by the jump door has no signal frame on its stack of ours, but what was left
// there by earlier calls: what a tracer is told of it is in the jumpFrame (stopped.go).

// showJump changes what c has read of t if t is on its way through the jump door, and says whether it is.
func (t *thread) showJump(c *Call, set *mem.Iovec) bool {
	var r userRegs
	if !jumpWanted || rawsys.Syscall(unix.SYS_PTRACE, unix.PTRACE_GETREGS, uintptr(c.Args[1]), 0, uintptr(unsafe.Pointer(&r)), 0, 0) != 0 {
		return false
	}
	var uc restorer.Ucontext
	r.give(&uc.Mcontext)
	f := t.jumpFrameOf(&r)
	if c.Args[0] == unix.PTRACE_GETREGSET && c.Args[2] == ntX86Xstate {
		if f != nil {
			f.showVectors(set)
		}
		return f != nil || turnJump(&uc, t) // they are the program's
	}
	switch {
	case turnJump(&uc, t):
	case f != nil:
		giveRegisters(&uc, &f.uc)
		r.origRAX = uc.Mcontext.RAX
		if uc.Mcontext.RCX != uc.Mcontext.RIP { // finish has done it
			uc.Mcontext.RIP += siteSize // as the kernel shows a call
		}
	default:
		return false
	}
	r.take(&uc.Mcontext)
	if set.Len >= unsafe.Sizeof(r) || c.Args[0] == unix.PTRACE_GETREGS {
		mem.Write(uint64(set.Base), unsafe.Slice((*byte)(unsafe.Pointer(&r)), unsafe.Sizeof(r)))
	}
	return true
}

// jumpFrameOf returns the frame of the call on whose way through the jump door t has registers r, where the frame has the
// program's and they have not, or nil. A signal of ours may have interrupted it.
func (t *thread) jumpFrameOf(r *userRegs) *jumpFrame {
	const nested = 4
	f := t.jumpFrame()
	pc, g := r.rip, uintptr(r.r14)
	for range nested {
		if off := pc - uint64(jumpHereAddr()); off < jumpHereSize {
			if off >= jumpCalled && off < jumpLeave || off >= jumpNotMade && off < jumpUndo || off == jumpLate {
				return f
			}
			return nil
		}
		if !ownText.has(pc) || !t.onStack(g) {
			return nil
		}
		if g == uintptr(unsafe.Pointer(&f.entry)) && f.entry.door.jump {
			return f
		}
		uc := (*entryFrame)(sys.Ptr(g)).door.uc
		if !t.onStack(uintptr(unsafe.Pointer(uc))) {
			return nil
		}
		pc, g = uc.Mcontext.RIP, uintptr(uc.Mcontext.R14)
	}
	return nil
}

// showVectors gives a tracer that has read the vector registers, in an XSAVE area, those of the program.
func (f *jumpFrame) showVectors(set *mem.Iovec) {
	const inUse = fpXstateBV + 1 // bytes
	if set.Len < inUse {
		return
	}
	var bv [1]byte
	if mem.Read(bv[:], uint64(set.Base)+fpXstateBV) == len(bv) {
		bv[0] |= xfeatureSSE
		mem.Write(uint64(set.Base)+fpXstateBV, bv[:])
	}
	mem.Write(uint64(set.Base)+fpXMM, unsafe.Slice((*byte)(unsafe.Pointer(&f.xmm)), unsafe.Sizeof(f.xmm)))
}

// give and take copy the general registers to m and from there.
func (r *userRegs) give(m *restorer.Sigcontext) {
	m.R15, m.R14, m.R13, m.R12, m.RBP, m.RBX = r.r15, r.r14, r.r13, r.r12, r.rbp, r.rbx
	m.R11, m.R10, m.R9, m.R8 = r.r11, r.r10, r.r9, r.r8
	m.RAX, m.RCX, m.RDX, m.RSI, m.RDI = r.rax, r.rcx, r.rdx, r.rsi, r.rdi
	m.RIP, m.EFLAGS, m.RSP = r.rip, r.eflags, r.rsp
}

func (r *userRegs) take(m *restorer.Sigcontext) {
	r.r15, r.r14, r.r13, r.r12, r.rbp, r.rbx = m.R15, m.R14, m.R13, m.R12, m.RBP, m.RBX
	r.r11, r.r10, r.r9, r.r8 = m.R11, m.R10, m.R9, m.R8
	r.rcx, r.rdx, r.rsi, r.rdi = m.RCX, m.RDX, m.RSI, m.RDI
	r.rip, r.eflags, r.rsp = m.RIP, m.EFLAGS, m.RSP
}

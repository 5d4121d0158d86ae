package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
	"libsystrap/restorer"
)

// A child that shares its parent's memory may stop the parent's threads and look at what they can reach, as
// LeakSanitizer's does. One that waits in a call is on our stack, with registers of ours: what the child is
// told are those of the program. Else it would take all of the thread's stack for reachable, also what has been given
// up, and not know the program's registers.
// See docs/decisions/attached-processes.md.

// userRegs is struct user_regs_struct (arch/x86/include/asm/user_64.h).
type userRegs struct {
	r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8 uint64
	rax, rcx, rdx, rsi, rdi, origRAX               uint64
	rip, cs, eflags, rsp, ss                       uint64
	rest                                           [6]uint64
}

// Kinds of registers that PTRACE_GETREGSET reads (include/uapi/linux/elf.h).
const (
	ntPrstatus  = 1
	ntX86Xstate = 0x202
)

// afterPtrace changes what a request has read of a thread of this memory.
func afterPtrace(c *Call) {
	var set mem.Iovec
	switch {
	case c.Failed():
		return
	case c.Args[0] == unix.PTRACE_GETREGS:
		set = mem.Iovec{Base: uintptr(c.Args[3]), Len: unsafe.Sizeof(userRegs{})}
	case c.Args[0] == unix.PTRACE_GETREGSET && (c.Args[2] == ntPrstatus || c.Args[2] == ntX86Xstate):
		if mem.Read(unsafe.Slice((*byte)(unsafe.Pointer(&set)), unsafe.Sizeof(set)), c.Args[3]) != int(unsafe.Sizeof(set)) {
			return
		}
	default:
		return
	}
	t := threadOf(int64(int32(c.Args[1])))
	if t == nil {
		return
	}
	if t.showJump(c, &set) {
		return
	}
	f := t.outermost()
	if f == nil {
		return
	}
	if c.Args[2] == ntX86Xstate && c.Args[0] == unix.PTRACE_GETREGSET {
		showVectors(&set, uintptr(f.Uc.Mcontext.Fpstate))
		return
	}
	var r userRegs
	b := unsafe.Slice((*byte)(unsafe.Pointer(&r)), unsafe.Sizeof(r))
	if set.Len < unsafe.Sizeof(r) || mem.Read(b, uint64(set.Base)) != len(b) || !t.onStack(uintptr(r.rsp)) {
		return
	}
	r.take(&f.Uc.Mcontext)
	r.origRAX = f.Uc.Mcontext.RAX
	if f.Info.Signo == int32(unix.SIGILL) || siteTrap != trapUD2 && f.Info.Signo == int32(ownNumbers[ownTrap]) && f.Info.Code == siKernel {
		r.rip += siteSize // as the kernel shows a call
	}
	mem.Write(uint64(set.Base), b)
}

// showVectors is afterPtrace for the vector registers, which are at fp. What the kernel keeps for itself in a
// frame's FXSAVE area stays as it is.
func showVectors(set *mem.Iovec, fp uintptr) {
	const behind = 512
	n := min(set.Len, fpstateSize(fp))
	if n < behind {
		return
	}
	mem.Write(uint64(set.Base), unsafe.Slice((*byte)(sys.Ptr(fp)), fpSwReserved))
	mem.Write(uint64(set.Base)+behind, unsafe.Slice((*byte)(sys.Ptr(fp+behind)), n-behind))
}

// outermost returns the first signal frame on t's stack of ours, which shows the program, or nil.
func (t *thread) outermost() *restorer.Frame {
	base := uintptr(t.stackBase())
	end := base + threadStackSize
	// A frame lies 8 bytes below a multiple of frameAlignment, and its FXSAVE area behind it.
	for at := (end-fxsaveSize-unsafe.Sizeof(restorer.Frame{}))&^(frameAlignment-1) - 8; at > base; at -= frameAlignment {
		f := (*restorer.Frame)(sys.Ptr(at))
		if f.Pretcode == uint64(restorer.Addr()) && f.Uc.Stack.SP == uint64(base) && f.Uc.Stack.Size == threadStackSize &&
			uintptr(f.Uc.Mcontext.Fpstate)-at < end-at && !t.onStack(uintptr(f.Uc.Mcontext.RSP)) {
			return f
		}
	}
	return nil
}

package inject

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/elf64"
	"libsystrap/rawsys"
)

// setRegs gives the thread the registers in t.regs, getRegs writes its own there.
func (t *Tracee) setRegs() bool {
	return t.ptrace(ptraceSetregs, 0, uintptr(unsafe.Pointer(&t.regs))) == 0
}

func (t *Tracee) getRegs() bool {
	return t.ptrace(ptraceGetregs, 0, uintptr(unsafe.Pointer(&t.regs))) == 0
}

// Call makes a system call in the thread, which stands behind one, and returns its result; -ESRCH if the thread is gone.
// It is stopped by ptrace(2) at its entry and exit: a trap of the processor's would take SIGTRAP's disposition away where
// that is ignored or blocked (force_sig, kernel/signal.c).
func (t *Tracee) Call(nr, a0, a1, a2, a3, a4, a5 uint64) int64 {
	t.regs = t.Regs
	r := &t.regs
	r.Rip, r.Rax, r.Orig_rax = t.insn, nr, noCall
	r.Rdi, r.Rsi, r.Rdx, r.R10, r.R8, r.R9 = a0, a1, a2, a3, a4, a5
	r.Eflags &^= trapFlag | dirFlag
	if !t.setRegs() {
		return -int64(unix.ESRCH)
	}
	for range 2 { // entry and exit
		s := t.resume(ptraceSyscall, 0)
		for !s.Gone && (s.Event != 0 || s.Sig != syscallStop) {
			t.note(s)
			s = t.resume(ptraceSyscall, 0)
		}
		if s.Gone {
			return -int64(unix.ESRCH)
		}
	}
	if !t.getRegs() || r.Rip != t.insn+syscallSize {
		return -int64(unix.ESRCH)
	}
	return int64(r.Rax)
}

const (
	syscallSize  = 2
	syscallBytes = 0x050f // as a number
)

// syscallIn returns the address of a SYSCALL instruction in the vDSO at addr of this process, which is the same in all:
// the two bytes do, wherever they are. It is relative to the vDSO, or 0.
func syscallIn(vdso uintptr) uintptr {
	if vdso == 0 {
		return 0
	}
	h := (*elf64.Header)(ptr(vdso))
	p := (*elf64.Program)(ptr(vdso + uintptr(h.Phoff)))
	if p.Type != ptLoad {
		return 0
	}
	for i := uintptr(0); i+1 < uintptr(p.Filesz); i++ {
		if *(*byte)(ptr(vdso + i)) == 0x0f && *(*byte)(ptr(vdso + i + 1)) == 0x05 {
			return i
		}
	}
	return 0
}

// findSyscall chooses the instruction that Call executes: in the thread's vDSO, or where there is none, written over the
// instruction at which it stands.
func (t *Tracee) findSyscall(own, theirs uintptr) bool {
	if off := syscallIn(own); off != 0 && theirs != 0 {
		if t.ptrace(ptracePeekdata, theirs+off, uintptr(unsafe.Pointer(&t.word))) == 0 && t.word&0xffff == syscallBytes {
			t.insn = uint64(theirs + off)
			return true
		}
	}
	at := uintptr(t.Regs.Rip)
	if t.ptrace(ptracePeekdata, at, uintptr(unsafe.Pointer(&t.borrowed))) != 0 {
		return false
	}
	t.insn = t.Regs.Rip
	return t.ptrace(ptracePokedata, at, uintptr(t.borrowed)&^0xffff|syscallBytes) == 0
}

// giveBack puts the program's bytes back.
func (t *Tracee) giveBack() {
	if t.insn == t.Regs.Rip && t.insn != 0 {
		t.ptrace(ptracePokedata, uintptr(t.insn), uintptr(t.borrowed))
	}
}

// Read copies n bytes at addr of the thread's memory to p, which is no place on the stack, and returns how many could be.
func (t *Tracee) Read(addr uint64, p unsafe.Pointer, n uintptr) uintptr {
	t.local, t.remote = [2]uintptr{uintptr(p), n}, [2]uintptr{uintptr(addr), n}
	if !t.NoCopies {
		r := rawsys.Raw(unix.SYS_PROCESS_VM_READV, uintptr(t.Tid), uintptr(unsafe.Pointer(&t.local)), 1, uintptr(unsafe.Pointer(&t.remote)), 1, 0)
		if r <= n {
			return r
		}
	}
	got := uintptr(0) // a filter, or a kernel without it
	for ; got+8 <= n; got += 8 {
		if t.ptrace(ptracePeekdata, uintptr(addr)+got, uintptr(p)+got) != 0 {
			break
		}
	}
	return got
}

// Write copies n bytes at p, a multiple of eight, to addr.
func (t *Tracee) Write(addr uint64, p unsafe.Pointer, n uintptr) bool {
	t.local, t.remote = [2]uintptr{uintptr(p), n}, [2]uintptr{uintptr(addr), n}
	if !t.NoCopies && rawsys.Raw(unix.SYS_PROCESS_VM_WRITEV, uintptr(t.Tid), uintptr(unsafe.Pointer(&t.local)), 1, uintptr(unsafe.Pointer(&t.remote)), 1, 0) == n {
		return true
	}
	for i := uintptr(0); i < n; i += 8 {
		if t.ptrace(ptracePokedata, uintptr(addr)+i, *(*uintptr)(ptr(uintptr(p) + i))) != 0 {
			return false
		}
	}
	return true
}

// ptr turns an address into a pointer to memory that is not Go's.
func ptr(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

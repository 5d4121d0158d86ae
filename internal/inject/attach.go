package inject

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// A program that runs already is attached to with all its threads stopped. Each stands in a stop of the kernel's on the way
// back to the program (PTRACE_EVENT_STOP), where a system call that was interrupted has not been given its result yet: what
// orig_rax and rax say there the kernel acts upon when the thread goes on.
// See docs/decisions/attach.md.

const (
	ptraceSetDispatch = 0x4210 // PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG (Linux 6.4)
	ptraceGetDispatch = 0x4211
	// The kernel's results of calls that it makes again (include/linux/errno.h).
	restartSys, restartNointr, restartNohand, restartBlock = -512, -513, -514, -516
	sysIoUringEnter                                        = 426
	sysUserDispatch                                        = 2 // SYS_USER_DISPATCH (include/uapi/asm-generic/siginfo.h)
)

// OwnSignals has the bits of the signals that are the library's.
const OwnSignals = ownSignals

// Halt is how a thread could be stopped.
type Halt int

const (
	Halted Halt = iota
	// Ended is one that has ended, and has been waited for.
	Ended
)

// Halt stops a thread that the caller has seized, where signals that come meanwhile have been given to it, and reads its
// registers. A call that only ends with EINTR when it is interrupted is made again by the kernel, unless a handler
// of the program's comes. One that a signal has stopped (SIGSTOP) stands in the same place, can be made to go on for us, and is
// stopped again by the kernel when it is let go (__ptrace_unlink, kernel/ptrace.c).
func (t *Tracee) Halt() Halt {
	if t.ptrace(ptraceInterrupt, 0, 0) != 0 {
		t.reap()
		return Ended
	}
	s := t.Await()
	for !s.Gone && s.Event != eventStop {
		sig := s.Sig
		if s.Event != 0 || t.End != 0 && t.takeTrap(sig) {
			sig = 0
		}
		s = t.resume(ptraceCont, sig)
	}
	if s.Gone || t.ptrace(ptraceGetregs, 0, uintptr(unsafe.Pointer(&t.Regs))) != 0 {
		t.reap()
		return Ended
	}
	if t.Stopped = s.Sig; s.Sig == int(unix.SIGTRAP) {
		t.Stopped = 0
	}
	if r := &t.Regs; int64(r.Orig_rax) >= 0 && int64(r.Rax) == -int64(unix.EINTR) && againAfterEINTR(r.Orig_rax) {
		r.Rax = ^uint64(-restartNohand - 1)
		t.Restore()
	}
	return Halted
}

// takeTrap takes a trap of ours back that the thread is about to be given the signal of: it stands at its call again.
func (t *Tracee) takeTrap(sig int) bool {
	if sig != int(unix.SIGSYS) && sig != int(unix.SIGILL) ||
		t.ptrace(ptraceGetsiginfo, 0, uintptr(unsafe.Pointer(&t.info))) != 0 || !t.getRegs() {
		return false
	}
	if sig == int(unix.SIGILL) {
		// An instruction that is to be executed again, but for the traps in the library's own text (rawsys, stubs).
		return t.info.code > 0 && t.regs.Rip-t.Base >= t.End
	}
	if t.info.code != sysUserDispatch {
		return false
	}
	t.regs.Rip -= syscallSize
	t.regs.Orig_rax = noCall
	return t.setRegs()
}

// Go lets a thread that Halt has stopped go on, until Halt.
func (t *Tracee) Go() { t.ptrace(ptraceCont, 0, 0) }

// againAfterEINTR says whether call nr may be made again after it has been interrupted.
func againAfterEINTR(nr uint64) bool {
	return nr != unix.SYS_CLOSE && nr != unix.SYS_CONNECT && nr != sysIoUringEnter
}

// Restarts says whether the thread stands behind a call that the kernel is going to make again.
func (t *Tracee) Restarts() bool {
	switch int64(t.Regs.Rax) {
	case restartSys, restartNointr, restartNohand, restartBlock:
		return int64(t.Regs.Orig_rax) >= 0
	}
	return false
}

func (t *Tracee) reap() {
	rawsys.Raw(unix.SYS_WAIT4, uintptr(t.Tid), 0, unix.WALL|unix.WNOHANG, 0, 0, 0)
}

// Settle brings the thread from behind a Call to where Halt had stopped it, and gives it the registers in Regs.
func (t *Tracee) Settle() bool { return t.stop() && t.Restore() }

// Restore gives the thread the registers in Regs.
func (t *Tracee) Restore() bool {
	t.regs = t.Regs
	return t.setRegs()
}

// Calls has Call make its calls where that of the other thread, of the same process, does.
func (t *Tracee) Calls(as *Tracee) { t.insn = as.insn }

// SetMask sets the thread's signal mask.
func (t *Tracee) SetMask(mask uint64) bool {
	t.word = mask
	return t.ptrace(ptraceSetsigmask, sigsetSize, uintptr(unsafe.Pointer(&t.word))) == 0
}

// ReadMask reads the thread's signal mask to Mask.
func (t *Tracee) ReadMask() bool {
	return t.ptrace(ptraceGetsigmask, sigsetSize, uintptr(unsafe.Pointer(&t.Mask))) == 0
}

// SetDispatch sets what the thread's calls are reported by, and returns 0 or a negated errno.
func (t *Tracee) SetDispatch(d *Dispatch) int64 {
	return t.ptrace(ptraceSetDispatch, unsafe.Sizeof(*d), uintptr(unsafe.Pointer(d)))
}

// GetDispatch reads it.
func (t *Tracee) GetDispatch(d *Dispatch) int64 {
	return t.ptrace(ptraceGetDispatch, unsafe.Sizeof(*d), uintptr(unsafe.Pointer(d)))
}

// SetXstate changes the first n bytes of the thread's extended state, as a signal frame has them, to those at addr of its
// memory; what the kernel keeps for itself in the frame stays as it is. buf is room for all of it.
func (t *Tracee) SetXstate(buf []byte, addr uint64, n uintptr) bool {
	const own, behind = 464, 512 // sw_reserved (arch/x86/include/uapi/asm/sigcontext.h)
	t.local = [2]uintptr{uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf))}
	vec := t.local
	t.words[0], t.words[1] = uint64(vec[0]), uint64(vec[1])
	if t.ptrace(ptraceGetregset, ntX86Xstate, uintptr(unsafe.Pointer(&t.words))) != 0 {
		return false
	}
	size := uintptr(t.words[1])
	n = min(n, size)
	if n < behind || t.Read(addr, unsafe.Pointer(&buf[0]), own) != own ||
		t.Read(addr+behind, unsafe.Pointer(&buf[behind]), n-behind) != n-behind {
		return false
	}
	t.words[0], t.words[1] = uint64(vec[0]), uint64(size)
	return t.ptrace(ptraceSetregset, ntX86Xstate, uintptr(unsafe.Pointer(&t.words))) == 0
}

// Reserve makes calls possible in a thread that Halt has stopped, whose vDSO is at vdso, and keeps its signals away until Leave.
func (w *Work) Reserve(vdso uintptr) Failure {
	if !w.HoldSignals(ownSignals | faultSignals) {
		return gone
	}
	if !w.findSyscall(w.VDSO, vdso) {
		return Failure{"its text cannot be written", 0}
	}
	return done
}

// Attach injects in the thread of Reserve, while all others are stopped. If it fails the program is as it was, once it has been given
// back (Release).
func (w *Work) Attach() Failure {
	f := w.mapAll()
	if !f.Failed() {
		f = w.run()
	}
	if !f.Failed() && w.Read(w.block, unsafe.Pointer(w.Block), unsafe.Sizeof(*w.Block)) != unsafe.Sizeof(*w.Block) {
		f = gone
	}
	if !f.Failed() && w.Block.Dispatch.Mode == 0 {
		f = Failure{"the library stays out", 0}
	}
	if f.Failed() {
		w.undo()
	}
	return f
}

// Undo takes away what the tracee has been given for a library that is not injected after all.
func (w *Work) Undo() { w.undo() }

// Leave runs the library's code at entry with the argument arg, on a stack that ends at stack, in the thread of Reserve.
func (w *Work) Leave(entry, arg, stack, base, end uint64) Failure {
	return w.runAt(entry, stack, arg, 0, 0, base, end)
}

// Release gives the program its instruction and the thread its registers back; its signal mask is the caller's to set.
func (w *Work) Release() bool {
	w.giveBack()
	return w.Settle()
}

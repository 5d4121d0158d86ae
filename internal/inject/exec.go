package inject

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// Work is one injection. As a Tracee it is no variable of a function's.
type Work struct {
	Tracee
	Lib *Library
	// Fd is the number that the library's file has in the tracee; it is closed, unless Keep is set.
	Fd   int64
	Keep bool
	// Fds are all that the tracee has been given for the library, -1 for none: closed if it is not injected.
	Fds [MaxFds]int64
	// Block is what is put into the tracee: a Block, its Vars and Exec.Arg0 relative to it, and the texts.
	Block     *Block
	BlockSize uintptr
	// VDSO is the address of this process's vDSO, or 0.
	VDSO uintptr
	// Xstate is room for the extended state of the processor (up to 11 KiB with AMX).
	Xstate     *byte
	XstateSize uintptr
	state      [2]uintptr
	// CloseBelow is set where the caller has copies of the tracee's descriptors: those below it are closed while the library runs its entry,
	// but for standard error. CloseOwn closes the others.
	CloseBelow int64
	closedMost bool
	// What has been mapped.
	block, span uint64
}

// CloseOwn closes all descriptors of the caller's.
func (w *Work) CloseOwn() {
	if !w.closedMost {
		closeRange(0, lastFd)
		return
	}
	closeRange(stderr, stderr)
	closeRange(w.CloseBelow, lastFd)
}

// closeMost closes the caller's descriptors below CloseBelow. There is a table of thousands to be looked through.
func (w *Work) closeMost() {
	if w.CloseBelow > stderr {
		closeRange(0, stderr-1)
		closeRange(stderr+1, w.CloseBelow-1)
		w.closedMost = true
	}
}

func closeRange(from, to int64) {
	rawsys.Raw(unix.SYS_CLOSE_RANGE, uintptr(from), uintptr(to), 0, 0, 0, 0)
}

const (
	stderr = 2
	lastFd = 1<<32 - 1
)

const (
	// BlockAt is where the block is mapped, from the library's base, in bytes; the memory that the library makes itself
	// comes behind it (HintAt).
	BlockAt = 256 << 20
	// HintAt is where the library's own mappings begin.
	HintAt = 512 << 20
	// stackSize is what its entry has, which leaves it at once.
	stackSize             = 16 << 10
	fixedNoreplace        = 0x100000 // MAP_FIXED_NOREPLACE (Linux 4.17)
	atSysinfoEhdr         = 33
	ownSignals            = 1<<(unix.SIGILL-1) | 1<<(unix.SIGSYS-1)
	faultSignals          = 1<<(unix.SIGSEGV-1) | 1<<(unix.SIGBUS-1) | 1<<(unix.SIGFPE-1) | 1<<(unix.SIGTRAP-1)
	siTkill               = -6
	siUser                = 0
	maxEnvironment        = 1 << 20
	firstChunk            = 512
	auxvWords             = 64
	anonymous             = unix.MAP_PRIVATE | unix.MAP_ANONYMOUS
	readWrite             = unix.PROT_READ | unix.PROT_WRITE
	noFd           uint64 = ^uint64(0)
)

// MaxFds is how many descriptors there can be.
const MaxFds = 8

var gone = Failure{"it has ended", int64(unix.ESRCH)}

// AtExec injects at the stop of an exec (Tracee.AwaitExec). If it fails the program is as it was, unless it has ended; it is still
// traced then, as it is when all is done: Detach is left to the caller.
func (w *Work) AtExec() Failure {
	// Faults stay what they are: blocked, they would end the process without the line that the library has for them.
	if !w.HoldSignals(ownSignals|faultSignals) || !w.LeaveCall() {
		return gone
	}
	w.Regs.Orig_rax = noCall
	f := w.inject()
	if f.Failed() {
		w.undo()
	}
	w.giveBack()
	w.regs = w.Regs
	if !w.setRegs() {
		return gone
	}
	w.ReleaseSignals(ownSignals | faultSignals)
	return f
}

func (w *Work) inject() Failure {
	if w.Regs.Cs != userCS {
		return Failure{"a 32-bit program", 0}
	}
	argc, envp, vdso, ok := w.start(w.Regs.Rsp)
	if !ok {
		return Failure{"its arguments cannot be read", 0}
	}
	if !w.findSyscall(w.VDSO, vdso) {
		return Failure{"its text cannot be written", 0}
	}
	w.Block.Argc, w.Block.Argv, w.Block.Envp = uintptr(argc), uintptr(w.Regs.Rsp+8), uintptr(envp)
	if f := w.mapAll(); f.Failed() {
		return f
	}
	f := w.run()
	if !f.Failed() {
		w.takeAway()
	}
	return f
}

// takeAway unmaps all memory of a library that stays out, as it has said why: its end is the argument of tgkill(2) that the kernel does not look
// at. It would count as the program's (RLIMIT_DATA, RLIMIT_AS).
func (w *Work) takeAway() {
	if end, base := w.regs.R10, w.Lib.Base; w.regs.Rip != 0 && end > base {
		w.Call(unix.SYS_MUNMAP, base, end-base, 0, 0, 0, 0)
		w.block, w.span = 0, 0
	}
}

// start reads what the kernel has put at sp (System V ABI, "Initial Stack"): the number of arguments, the address of the environment, and in the
// auxiliary vector behind it where the vDSO is, or 0.
func (w *Work) start(sp uint64) (argc, envp uint64, vdso uintptr, ok bool) {
	n := uint64(w.Read(sp, unsafe.Pointer(&w.words), unsafe.Sizeof(w.words)) / 8)
	if n == 0 {
		return 0, 0, 0, false
	}
	argc = w.words[0]
	at := argc + 2 // of the environment's first word, in words from sp
	envp = sp + 8*at
	for range maxEnvironment / chunk {
		for ; at < n; at++ {
			if w.words[at] == 0 {
				return argc, envp, w.auxv(sp, at+1, n), true
			}
		}
		sp, at = sp+8*n, at-n
		if n = uint64(w.Read(sp, unsafe.Pointer(&w.words), unsafe.Sizeof(w.words)) / 8); n == 0 {
			break
		}
	}
	return argc, envp, 0, true
}

// auxv returns the vDSO's address by the auxiliary vector, whose first word is number at of the n that have been read from sp on.
func (w *Work) auxv(sp, at, n uint64) uintptr {
	if n-at < auxvWords {
		sp, at = sp+8*at, 0
		n = uint64(w.Read(sp, unsafe.Pointer(&w.words), auxvWords*8) / 8)
	}
	for ; at+1 < n && w.words[at] != 0; at += 2 {
		if w.words[at] == atSysinfoEhdr {
			return uintptr(w.words[at+1])
		}
	}
	return 0
}

// mapAll maps the block, with a stack behind it, and the library's file, in whose code the rest is mapped (run): each call that is made
// from here has the thread stop twice.
func (w *Work) mapAll() Failure {
	l, b := w.Lib, w.Block
	at := l.Base + BlockAt
	size := ceil(uint64(w.BlockSize)) + stackSize
	if f := w.mmap("memory", at, size, readWrite, anonymous|fixedNoreplace, noFd, 0); f.Failed() {
		return f
	}
	w.block = at
	b.Size = uintptr(size)
	for i := range b.Vars {
		if b.Vars[i] != 0 {
			b.Vars[i] += uintptr(at)
		}
	}
	if b.Exec.Arg0 != 0 {
		b.Exec.Arg0 += uintptr(at)
	}
	if b.Threads != 0 {
		b.Threads += uintptr(at)
	}
	if f := w.mmap("room for the library", l.Base, l.End, l.loads[0].prot, unix.MAP_PRIVATE|fixedNoreplace, uint64(w.Fd), 0); f.Failed() {
		return f
	}
	w.span = l.Base
	w.arrival()
	if !w.Write(at, unsafe.Pointer(b), (w.BlockSize+7)&^7) {
		return Failure{"its memory cannot be written", 0}
	}
	return done
}

// arrival writes to the block what the thread is to do before the library's entry: to map its segments as ld.so would, but that the words
// are relocated in the file. The first segment is there, and what of the file is behind it.
func (w *Work) arrival() {
	l, a := w.Lib, &w.Block.Arrival
	a.N = 0
	end := ceil(l.loads[0].fileSize)
	for i := range l.count {
		s := &l.loads[i]
		from, bytes := s.addr&^(pageSize-1), s.addr+s.fileSize
		if from > end {
			w.mapThen(end, from-end, unix.PROT_NONE, anonymous|unix.MAP_NORESERVE, noFd, 0)
		}
		if i > 0 {
			w.mapThen(from, bytes-from, s.prot, unix.MAP_PRIVATE, uint64(w.Fd), s.offset-(s.addr-from))
		}
		if end = ceil(s.addr + s.memSize); end > ceil(bytes) {
			w.mapThen(ceil(bytes), end-ceil(bytes), s.prot, anonymous, noFd, 0)
		}
	}
	if !w.Keep {
		a.Steps[a.N] = rawsys.Step{Nr: unix.SYS_CLOSE, Args: [6]uintptr{uintptr(w.Fd)}, Least: -1 << 63}
		a.N++
	}
	a.Where, a.Value = uintptr(l.Base+l.Presence)+unsafe.Offsetof(Presence{}.Block), uintptr(w.block)
	a.Entry, a.Args = uintptr(l.Base+l.Entry), [3]uintptr{w.Block.Argc, w.Block.Argv, w.Block.Envp}
}

// mapThen adds a mapping at addr of the library to what is done on arrival.
func (w *Work) mapThen(addr, size uint64, prot uintptr, flags int, fd, off uint64) {
	a := &w.Block.Arrival
	a.Steps[a.N] = rawsys.Step{Nr: unix.SYS_MMAP,
		Args: [6]uintptr{uintptr(w.Lib.Base + addr), uintptr(size), prot, uintptr(flags | unix.MAP_FIXED), uintptr(fd), uintptr(off)}}
	a.N++
}

func (w *Work) closeFd(fd int64) {
	if fd > 0 {
		w.Call(unix.SYS_CLOSE, uint64(fd), 0, 0, 0, 0, 0)
	}
}

// mmap makes a mapping that has to be at addr.
func (w *Work) mmap(what string, addr, size uint64, prot uintptr, flags int, fd, off uint64) Failure {
	r := w.Call(unix.SYS_MMAP, addr, size, uint64(prot), uint64(flags), fd, off)
	switch {
	case uint64(r) == addr:
		return done
	case r < 0 && r >= -4095:
		return Failure{what, -r}
	}
	w.Call(unix.SYS_MUNMAP, uint64(r), size, 0, 0, 0, 0)
	return Failure{what, int64(unix.EEXIST)}
}

// undo takes away what was mapped.
func (w *Work) undo() {
	if w.insn == 0 {
		return
	}
	for _, fd := range w.Fds {
		w.closeFd(fd)
	}
	if w.span != 0 {
		w.Call(unix.SYS_MUNMAP, w.span, w.Lib.End, 0, 0, 0, 0)
	}
	if w.block != 0 {
		w.Call(unix.SYS_MUNMAP, w.block, uint64(w.Block.Size), 0, 0, 0, 0)
	}
	w.block, w.span = 0, 0
}

// run has the thread map the rest of the library, and run its entry, which ends by stopping itself: that is a stop on the way to a signal's
// delivery, where registers can be set without a system call in between. SIGCONT may take the stop away: then it returns to address 0.
func (w *Work) run() Failure {
	b, l := w.Block, w.Lib
	stack := (w.block+uint64(b.Size)-stackSize/8)&^15 - 8 // at its end, and above a word of zero
	f := w.runAt(l.Base+l.Arrive, stack, w.block+uint64(unsafe.Offsetof(b.Arrival)), 0, 0, l.Base, l.End)
	if !f.Failed() && w.regs.Rsp == stack { // the entry would have used its stack, or returned
		return Failure{"the library's segments", -int64(w.regs.R12)}
	}
	return f
}

// runAt runs the library's code at entry, where it lies in end bytes at base.
func (w *Work) runAt(entry, stack, a0, a1, a2, base, end uint64) Failure {
	w.state = [2]uintptr{uintptr(unsafe.Pointer(w.Xstate)), w.XstateSize}
	if w.ptrace(ptraceGetregset, ntX86Xstate, uintptr(unsafe.Pointer(&w.state))) != 0 {
		w.state[1] = 0
	}
	w.regs = w.Regs
	r := &w.regs
	r.Rsp, r.Rip, r.Rax, r.Orig_rax = stack, entry, 0, noCall
	r.Rdi, r.Rsi, r.Rdx = a0, a1, a2
	r.Eflags &^= trapFlag | dirFlag | resumeFlag
	if !w.setRegs() {
		return gone
	}
	if w.ptrace(ptraceCont, 0, 0) != 0 {
		return gone
	}
	w.closeMost()
	for s := w.Await(); !w.ran(s, base, end); {
		if s.Gone {
			return gone
		}
		sig := s.Sig
		if s.Event != 0 || sig == int(unix.SIGSTOP) {
			w.note(s)
			sig = 0
		}
		s = w.resume(ptraceCont, sig) // a fault of a tool's is the library's to tell of
	}
	if w.state[1] != 0 {
		w.ptrace(ptraceSetregset, ntX86Xstate, uintptr(unsafe.Pointer(&w.state)))
	}
	return done
}

// ran says whether the entry has come to its end.
func (w *Work) ran(s Stop, base, end uint64) bool {
	if s.Gone || s.Event != 0 {
		return false
	}
	switch s.Sig {
	case int(unix.SIGSTOP):
		// Where no signal can be queued (RLIMIT_SIGPENDING) nobody has sent it (collect_signal, kernel/signal.c).
		return w.ptrace(ptraceGetsiginfo, 0, uintptr(unsafe.Pointer(&w.info))) == 0 &&
			(w.info.code == siTkill || w.info.code == siUser && w.info.pid == 0) && w.getRegs() &&
			w.regs.Rip-base < end && w.regs.Orig_rax == unix.SYS_TGKILL
	case int(unix.SIGSEGV):
		return w.getRegs() && w.regs.Rip == 0
	}
	return false
}

package inject

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// Tracee is a thread that the caller traces. Its methods are steps of ptrace(2), for who injects at an exec, and
// for who attaches to a program that runs.
type Tracee struct {
	Tid int64
	// Regs are those of the program while it is stopped; what we run there has others.
	Regs unix.PtraceRegs
	// Mask is the program's signal mask while we keep signals from it.
	Mask uint64
	// insn is the address of a SYSCALL instruction; borrowed, the program's bytes that it was written over, if so.
	insn, borrowed uint64
	// Any is set where every child of the caller's is meant: a thread that is not its process's first has another id
	// when it has executed a program.
	Any bool
	// NoCopies is set where process_vm_readv(2) and process_vm_writev(2) are not to be made: a seccomp filter may kill for them.
	NoCopies bool
	// Base is where the library lies, End how many bytes it has, in a program that it is to leave: its traps in the program's text
	// are not handled any more (Halt).
	Base, End uint64
	// Stopped is the signal that had stopped it before Halt did (SIGSTOP), or 0.
	Stopped int
	// stopAgain is set if somebody has sent SIGSTOP meanwhile.
	stopAgain bool
	// What the kernel reads and writes lies here, and not in the frames of functions: a Tracee is a variable of a package
	// or in memory of its own, as the stacks of ordinary Go move.
	info          siginfo
	regs          unix.PtraceRegs
	words         [chunk]uint64
	word          uint64
	local, remote [2]uintptr
}

// chunk is how many words are read of the thread's memory at a time.
const chunk = 512

// Requests of ptrace(2) that package unix has not, or not as the kernel has them.
const (
	ptraceCont        = 7
	ptraceGetregs     = 12
	ptraceSetregs     = 13
	ptraceDetach      = 17
	ptraceSyscall     = 24
	ptraceSetOptions  = 0x4200
	ptraceGetsiginfo  = 0x4202
	ptraceGetregset   = 0x4204
	ptraceSetregset   = 0x4205
	ptraceSeize       = 0x4206
	ptraceInterrupt   = 0x4207
	ptraceGetsigmask  = 0x420a
	ptraceSetsigmask  = 0x420b
	ptraceGetFilter   = 0x420c // PTRACE_SECCOMP_GET_FILTER
	ptracePeekdata    = 2
	ptracePokedata    = 5
	eventStop         = 128 // PTRACE_EVENT_STOP
	syscallStop       = int(unix.SIGTRAP) | 0x80
	ntX86Xstate       = 0x202
	sigsetSize        = 8
	trapFlag, dirFlag = 0x100, 0x400
	resumeFlag        = 0x10000
	noCall            = ^uint64(0) // orig_rax: no system call that the kernel would restart
	userCS            = 0x33
	wnowait           = 0x01000000
)

// Options of Seize and SetOptions.
const (
	TraceSysgood = 1
	TraceExec    = 1 << 4
	ExitKill     = 1 << 20
	// SuspendSeccomp has the thread's filters not looked at while it is traced: for a tracer with CAP_SYS_ADMIN that has none itself
	// (Linux 4.3, CONFIG_CHECKPOINT_RESTORE).
	SuspendSeccomp = 1 << 21
)

func (t *Tracee) ptrace(request, addr, data uintptr) int64 {
	return int64(rawsys.Raw(unix.SYS_PTRACE, request, uintptr(t.Tid), addr, data, 0, 0))
}

// Seize makes the caller its tracer; the thread goes on. It returns 0 or a negated errno.
func (t *Tracee) Seize(options uintptr) int64 { return t.ptrace(ptraceSeize, 0, options) }

// SetOptions gives the thread, which is stopped, other options than Seize has. It returns 0 or a negated errno.
func (t *Tracee) SetOptions(options uintptr) int64 { return t.ptrace(ptraceSetOptions, 0, options) }

// Filter writes instructions (struct sock_filter) of the thread's seccomp filter i, from the newest on, to to, unless that is 0, and returns how
// many there are, or a negated errno: ENOENT behind the last. The thread is stopped. It needs what SuspendSeccomp does (Linux 4.4).
func (t *Tracee) Filter(i int, to unsafe.Pointer) int64 {
	return t.ptrace(ptraceGetFilter, uintptr(i), uintptr(to))
}

// Stop is how a thread has stopped, or that it has ended.
type Stop struct {
	Sig, Event int
	Gone       bool
}

// siginfo is what waitid(2) writes of siginfo_t.
type siginfo struct {
	signo, errno, code, _     int32
	pid, uid, status, padding int32
	_                         [96]byte
}

// Await waits until the thread stops. One that has ended is left to be waited for.
func (t *Tracee) Await() Stop {
	kind, all := uintptr(unix.P_PID), uintptr(unix.WEXITED|unix.WSTOPPED|unix.WALL|wnowait)
	if t.Any {
		kind, all = unix.P_ALL, all&^wnowait // whose child it is has its end told when we have been (wait_task_zombie, kernel/exit.c)
	}
	for {
		r := int64(rawsys.Raw(unix.SYS_WAITID, kind, uintptr(t.Tid), uintptr(unsafe.Pointer(&t.info)), all, 0, 0))
		const cldDumped = 3 // of CLD_EXITED, CLD_KILLED, CLD_DUMPED (sigaction(2)) the last
		switch {
		case r == -int64(unix.EINTR):
			continue
		case r != 0 || t.info.code <= cldDumped:
			return Stop{Gone: true}
		}
		t.Tid = int64(t.info.pid)
		if !t.Any {
			// Not by wait4(2): if SIGKILL has come meanwhile, that would take the end away from who waits for it.
			t.info.pid = 0
			const stop = unix.WSTOPPED | unix.WNOHANG | unix.WALL
			r = int64(rawsys.Raw(unix.SYS_WAITID, unix.P_PID, uintptr(t.Tid), uintptr(unsafe.Pointer(&t.info)), stop, 0, 0))
			if r != 0 || t.info.pid == 0 {
				continue
			}
		}
		return Stop{Sig: int(t.info.status & 0xff), Event: int(t.info.status >> 8)}
	}
}

// resume lets the thread go on by request, with signal sig, until it stops again.
func (t *Tracee) resume(request uintptr, sig int) Stop {
	if t.ptrace(request, 0, uintptr(sig)) != 0 {
		return Stop{Gone: true} // SIGKILL
	}
	return t.Await()
}

// AwaitExec has the thread run until it has executed a program, with the signals that come; it stands in execve(2)
// then.
func (t *Tracee) AwaitExec() bool {
	s := t.Await()
	for !s.Gone && s.Event != unix.PTRACE_EVENT_EXEC {
		sig := s.Sig
		if s.Event != 0 {
			sig = 0
		}
		s = t.resume(ptraceCont, sig)
	}
	return !s.Gone
}

// HoldSignals keeps signals from the thread until ReleaseSignals, but for those of except. They are not taken as they
// come: what is taken cannot be sent again with its siginfo.
func (t *Tracee) HoldSignals(except uint64) bool {
	if t.ptrace(ptraceGetsigmask, sigsetSize, uintptr(unsafe.Pointer(&t.Mask))) != 0 {
		return false
	}
	t.word = ^except | t.Mask
	return t.ptrace(ptraceSetsigmask, sigsetSize, uintptr(unsafe.Pointer(&t.word))) == 0
}

// ReleaseSignals gives the thread its mask back; the bits of ours are as they are now.
func (t *Tracee) ReleaseSignals(ours uint64) {
	t.ptrace(ptraceGetsigmask, sigsetSize, uintptr(unsafe.Pointer(&t.word)))
	t.word = t.Mask&^ours | t.word&ours
	t.ptrace(ptraceSetsigmask, sigsetSize, uintptr(unsafe.Pointer(&t.word)))
}

// LeaveCall takes the thread from an event of ptrace(2) inside a system call to its end, where it can be made to run
// something else: it is about to return to the program.
func (t *Tracee) LeaveCall() bool {
	return t.stop() && t.ptrace(ptraceGetregs, 0, uintptr(unsafe.Pointer(&t.Regs))) == 0
}

// stop lets the thread run on from one stop to the next that is asked for, and keeps what it is sent meanwhile.
func (t *Tracee) stop() bool {
	if t.ptrace(ptraceInterrupt, 0, 0) != 0 {
		return false
	}
	s := t.resume(ptraceCont, 0)
	for !s.Gone && s.Event != eventStop {
		t.note(s)
		s = t.resume(ptraceCont, 0)
	}
	return !s.Gone
}

// note remembers a stop that was meant for the program: all other signals are blocked.
func (t *Tracee) note(s Stop) {
	if s.Event == 0 && s.Sig == int(unix.SIGSTOP) {
		t.stopAgain = true
	}
}

// Detach ends the tracing.
func (t *Tracee) Detach() {
	t.ptrace(ptraceDetach, 0, 0)
	if t.stopAgain {
		rawsys.Raw(unix.SYS_KILL, uintptr(t.Tid), uintptr(unix.SIGSTOP), 0, 0, 0, 0)
	}
}

package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
	"libsystrap/seccomp"
	"libsystrap/systrap/line"
)

// A process that was put behind a filter before it was traced (a container's, a
// service's) knows nothing of it, and the kernel does not tell. What the library may call
// is tried out in a child, with arguments that do nothing: it may be killed, and the next
// one goes on behind that call. What ld.so has just made is taken to be allowed, and
// what there is no trace without.
//
// The trial itself needs clone(2) and wait4(2). Who may not gain privileges any more may
// be in a sandbox that kills for these: there the program makes them first.
// See docs/decisions/filters-handed-on.md.

// tryLater is set until the trial has been made where it was put off; clonedOnce, once
// the program has made clone(2).
var tryLater, clonedOnce bool

// waitedOnce is called when the program has waited for a child.
//
//go:noinline
func waitedOnce() {
	if !clonedOnce || currentVMChild() != nil {
		return
	}
	tryLater = false
	planCalls()
	var s [seccomp.SummaryWords]uint64
	presume(&s)
	m := lockCode() // proc.Maps; and a handler of the program's must not run in the child
	tryFilters(&s)
	seccomp.Inherit(&s)
	unlockCode(m)
	sandboxed()
}

// TellFilters writes what a library is to know of filters (inherit.go) that a program starts which is behind them itself, or which knows that
// there are none. It is for an ordinary program, which has a handler for SIGSYS at its default, and whose calls by rawsys.Syscall heed what it finds.
func TellFilters(l *line.Line, behind bool) {
	if !behind {
		TellSummary(l, nil)
		return
	}
	var s [seccomp.SummaryWords]uint64
	presume(&s)
	tryFilters(&s)
	seccomp.Inherit(&s)
	TellSummary(l, &s)
}

// TellSummary writes what a library is to know of filters with that summary, or that there are none, if it is nil.
func TellSummary(l *line.Line, s *[seccomp.SummaryWords]uint64) {
	if s == nil {
		l.Byte(filtersNone)
		return
	}
	l.Byte(filtersKnown)
	for _, w := range s {
		l.HexDigits(w, 16)
	}
}

// MayInject says, in a program that has called TellFilters, whether the filters that it is behind let it trace others, and copy
// their memory.
func MayInject() (trace, copies bool) {
	return seccomp.AllowsNumber(unix.SYS_PTRACE) && seccomp.AllowsNumber(unix.SYS_WAITID),
		seccomp.AllowsNumber(unix.SYS_PROCESS_VM_READV) && seccomp.AllowsNumber(unix.SYS_PROCESS_VM_WRITEV)
}

// proven is told of a call that the program has made, or is about to, of those that
// are presumed to be forbidden until the trial.
func proven(nr uintptr) {
	if tryLater && !sys.MayCall(int(nr)) {
		seccomp.Learn(nr)
		sandboxed()
	}
}

// presume writes what is taken to be allowed to s.
func presume(s *[seccomp.SummaryWords]uint64) {
	for _, nr := range [...]int{unix.SYS_READ, unix.SYS_CLOSE, unix.SYS_MMAP, unix.SYS_MPROTECT, unix.SYS_MUNMAP,
		unix.SYS_BRK, unix.SYS_PREAD64, unix.SYS_OPENAT, unix.SYS_NEWFSTATAT, unix.SYS_ARCH_PRCTL, unix.SYS_PRLIMIT64,
		unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
		// No program with a handler does without rt_sigreturn, which gives us our stack, too.
		unix.SYS_WRITE, unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGRETURN} {
		s[nr/64] |= 1 << (nr % 64)
	}
}

// trials are the calls to try.
var (
	trials     [64]rawsys.Trial
	trialCount uintptr
)

// Arguments that do nothing.
const (
	noFd  = ^uintptr(0)
	noPid = 1<<31 - 1
	// PTRACE_PEEKUSER (include/uapi/linux/ptrace.h).
	ptracePeekuser = 3
)

// tryFilters adds what it finds to s, and takes from it what was presumed wrongly.
func tryFilters(s *[seccomp.SummaryWords]uint64) {
	trialCount = 0
	listTrials()
	core := [2]uint64{1, 1} // none, not even one that a program takes (core(5))
	next := uintptr(0)
	for next < trialCount {
		first := next
		pid := rawsys.Try(&trials[0], trialCount, &next, &core, uintptr(unsafe.Pointer(&back)))
		if pid < 0 {
			break
		}
		rawsys.Raw(unix.SYS_WAIT4, uintptr(pid), 0, unix.WALL, 0, 0, 0)
		if next == first {
			break
		}
	}
	for i := range trials[:next] {
		t := &trials[i]
		switch t.Result {
		case notTried, -int64(unix.EPERM), -int64(unix.ENOSYS), -int64(unix.EACCES):
			s[t.Nr/64] &^= 1 << (t.Nr % 64)
			continue
		}
		if bits := seccomp.Partial(t.Nr, t.Args[0], t.Args[1], t.Args[2]); bits != 0 {
			s[seccomp.SummaryWords-1] |= bits
		}
		if t.Nr != unix.SYS_PRCTL && t.Nr != unix.SYS_PERSONALITY && t.Nr != unix.SYS_SOCKET {
			s[t.Nr/64] |= 1 << (t.Nr % 64)
		}
	}
}

// notTried is the result of a call that killed.
const notTried = -4096

func tryCall(nr, a0, a1, a2, a3, a4 uintptr) {
	trials[trialCount] = rawsys.Trial{Nr: nr, Args: [6]uintptr{a0, a1, a2, a3, a4}, Result: notTried}
	trialCount++
}

func listTrials() {
	buf := uintptr(unsafe.Pointer(&proc.Maps.Buf[0]))
	proc.Maps.Buf = [proc.BufSize]byte{}
	empty := buf // an empty path, no signals, no time
	info := buf + 1024
	(*siginfoHead)(sys.Ptr(info)).code = -1 // SI_QUEUE
	for _, nr := range [...]uintptr{unix.SYS_FSTAT, unix.SYS_LSEEK, unix.SYS_WRITE, unix.SYS_PWRITE64, unix.SYS_DUP2,
		unix.SYS_FTRUNCATE, unix.SYS_GETDENTS64, unix.SYS_GETSOCKNAME, unix.SYS_GETPEERNAME, unix.SYS_SENDTO,
		unix.SYS_RECVFROM} {
		tryCall(nr, noFd, 0, 0, 0, 0)
	}
	for _, nr := range [...]uintptr{unix.SYS_SCHED_YIELD, unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_GETUID, unix.SYS_GETGID,
		unix.SYS_POLL, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_SIGALTSTACK} {
		tryCall(nr, 0, 0, 0, 0, 0)
	}
	for _, nr := range [...]uintptr{unix.SYS_OPEN, unix.SYS_STAT, unix.SYS_LSTAT, unix.SYS_READLINK} {
		tryCall(nr, empty, buf+2048, 0, 0, 0)
	}
	tryCall(unix.SYS_READLINKAT, noFd, empty+1, buf+2048, 0, 0)
	tryCall(unix.SYS_EXECVE, empty, 0, 0, 0, 0)
	tryCall(unix.SYS_EXECVEAT, noFd, empty, 0, 0, 0)
	tryCall(unix.SYS_FACCESSAT2, noFd, empty, 0, 0, 0)
	tryCall(unix.SYS_RT_SIGACTION, 0, 0, 0, sys.SigSetSize, 0)
	tryCall(unix.SYS_RT_SIGPROCMASK, mem.NoHow, buf, 0, sys.SigSetSize, 0)
	tryCall(unix.SYS_RT_SIGPENDING, buf+2048, sys.SigSetSize, 0, 0, 0)
	tryCall(unix.SYS_RT_SIGTIMEDWAIT, empty, 0, empty, sys.SigSetSize, 0)
	tryCall(unix.SYS_NANOSLEEP, empty, 0, 0, 0, 0)
	tryCall(unix.SYS_CLOCK_GETTIME, unix.CLOCK_MONOTONIC, buf+2048, 0, 0, 0)
	tryCall(unix.SYS_FUTEX, buf+2048, 1|mem.FutexPrivate, 0, 0, 0) // wakes nobody
	tryCall(unix.SYS_IOCTL, noFd, sys.Fioclex, 0, 0, 0)
	tryCall(unix.SYS_FCNTL, noFd, unix.F_GETFD, 0, 0, 0)
	tryCall(unix.SYS_DUP3, noFd, noFd, 0, 0, 0)
	tryCall(unix.SYS_FALLOCATE, noFd, 0, 0, 1, 0)
	tryCall(unix.SYS_FGETXATTR, noFd, empty, 0, 0, 0)
	tryCall(unix.SYS_GETSOCKOPT, noFd, 0, 0, 0, 0)
	tryCall(unix.SYS_MADVISE, 0, 0, unix.MADV_WIPEONFORK, 0, 0)
	tryCall(unix.SYS_MEMFD_CREATE, empty, 0xffff, 0, 0, 0)
	tryCall(unix.SYS_KILL, noPid, 0, 0, 0, 0)
	tryCall(unix.SYS_TKILL, noPid, 0, 0, 0, 0)
	tryCall(unix.SYS_TGKILL, noPid, noPid, 0, 0, 0)
	tryCall(unix.SYS_RT_TGSIGQUEUEINFO, noPid, noPid, 1, info, 0)
	tryCall(unix.SYS_PTRACE, ptracePeekuser, noPid, 0, 0, 0)
	tryCall(unix.SYS_WAITID, unix.P_PID, noPid, 0, unix.WEXITED|unix.WNOHANG, 0)
	tryCall(unix.SYS_WAIT4, noPid, 0, unix.WNOHANG, 0, 0)
	tryCall(unix.SYS_CLONE, unix.CLONE_SIGHAND, 0, 0, 0, 0) // EINVAL without CLONE_VM
	tryCall(unix.SYS_CLOSE_RANGE, 1, 0, 0, 0, 0)            // EINVAL
	tryCall(unix.SYS_PRCTL, prSUD, prSUDOff, 0, 0, 0)
	tryCall(unix.SYS_PERSONALITY, 0xffffffff, 0, 0, 0, 0)
	tryCall(unix.SYS_SOCKET, unix.AF_NETLINK, 0xff, 0, 0, 0)
	tryCall(unix.SYS_RT_SIGRETURN, 0, 0, 0, 0, 0) // the last: it goes on elsewhere
	back = restorer.Ucontext{Stack: restorer.Stack{Flags: ssDisable}, Sigmask: ^uint64(0)}
	back.Mcontext.RIP = uint64(rawsys.TrialEnd())
	back.Mcontext.RDI = uint64(uintptr(unsafe.Pointer(&trials[trialCount-1].Result)))
	back.Mcontext.RSP = uint64(buf) + proc.BufSize
	back.Mcontext.CS, back.Mcontext.SS = userCS, userSS
}

// back is the frame that the trial of rt_sigreturn loads.
var back restorer.Ucontext

// __USER_CS and __USER_DS (arch/x86/include/asm/segment.h).
const (
	userCS = 0x33
	userSS = 0x2b
)

// siginfoHead is the beginning of siginfo_t.
type siginfoHead struct{ signo, errno, code int32 }

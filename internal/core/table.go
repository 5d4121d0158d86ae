package core

import "golang.org/x/sys/unix"

// special says how a call is performed.
type special uint8

const (
	plain special = iota
	cloneFamily
	sigreturnCall
	execFamily
	exitCall
	sigactionCall
	sigprocmaskCall
	sigaltstackCall
	sigtimedwaitCall
	sigpendingCall
	sigmaskArg0  // a const sigset_t * in argument 0, its size in argument 1
	sigmaskArg1  // in argument 1, its size in argument 2
	sigmaskArg3  // in argument 3, its size in argument 4
	sigmaskArg4  // in argument 4, its size in argument 5
	sigmaskPair5 // argument 5 points at a pair of sigset_t * and size
	mapFamily
	fdFamily
	mlockFamily
	seccompCall
	pkeyAllocCall
	ptraceCall
	killCall
	outOfSightCall
	waitCall
	openCall // where our mappings are hidden (hideMaps)
	fsCall
)

// specials names every call that is not simply performed, with the reason.
var specials = [512]special{
	// The child starts on the stack and registers the program gave it.
	unix.SYS_CLONE:  cloneFamily,
	unix.SYS_CLONE3: cloneFamily,
	unix.SYS_FORK:   cloneFamily,
	unix.SYS_VFORK:  cloneFamily,
	// It resumes what lies at the program's stack pointer, not at ours.
	unix.SYS_RT_SIGRETURN: sigreturnCall,
	// The new image must be followed, and our descriptors with it.
	unix.SYS_EXECVE:   execFamily,
	unix.SYS_EXECVEAT: execFamily,
	// The last chance to say something.
	unix.SYS_EXIT:       exitCall,
	unix.SYS_EXIT_GROUP: exitCall,
	// SIGILL's disposition is virtual, and no mask may block SIGILL.
	unix.SYS_RT_SIGACTION:    sigactionCall,
	unix.SYS_RT_SIGPROCMASK:  sigprocmaskCall,
	unix.SYS_RT_SIGSUSPEND:   sigmaskArg0,
	unix.SYS_RT_SIGTIMEDWAIT: sigtimedwaitCall,
	unix.SYS_RT_SIGPENDING:   sigpendingCall,
	unix.SYS_PPOLL:           sigmaskArg3,
	unix.SYS_PSELECT6:        sigmaskPair5,
	unix.SYS_EPOLL_PWAIT:     sigmaskArg4,
	unix.SYS_EPOLL_PWAIT2:    sigmaskArg4,
	unix.SYS_IO_PGETEVENTS:   sigmaskPair5,
	unix.SYS_SIGNALFD:        sigmaskArg1,
	unix.SYS_SIGNALFD4:       sigmaskArg1,
	// The kernel's alternate stack is ours.
	unix.SYS_SIGALTSTACK: sigaltstackCall,
	// Executable memory comes and goes.
	unix.SYS_MMAP:          mapFamily,
	unix.SYS_MUNMAP:        mapFamily,
	unix.SYS_MREMAP:        mapFamily,
	unix.SYS_MPROTECT:      mapFamily,
	unix.SYS_PKEY_MPROTECT: mapFamily,
	unix.SYS_SHMAT:         mapFamily,
	unix.SYS_MADVISE:       mapFamily, // MADV_DONTNEED drops our traps
	unix.SYS_BRK:           mapFamily, // our outposts give way
	unix.SYS_PERSONALITY:   mapFamily, // READ_IMPLIES_EXEC
	// Our memory is not the program's to lock.
	unix.SYS_MLOCKALL:   mlockFamily,
	unix.SYS_MUNLOCKALL: mlockFamily,
	// rt_sigreturn would undo the rights that come with the key.
	unix.SYS_PKEY_ALLOC: pkeyAllocCall,
	// The library's file may be out of sight, or out of reach, behind them.
	unix.SYS_CHROOT: outOfSightCall, unix.SYS_PIVOT_ROOT: outOfSightCall,
	unix.SYS_MOUNT: outOfSightCall, unix.SYS_MOVE_MOUNT: outOfSightCall, unix.SYS_UMOUNT2: outOfSightCall,
	unix.SYS_SETNS: outOfSightCall, unix.SYS_LANDLOCK_RESTRICT_SELF: outOfSightCall,
	unix.SYS_SETUID: outOfSightCall, unix.SYS_SETREUID: outOfSightCall, unix.SYS_SETRESUID: outOfSightCall,
	unix.SYS_SETFSUID: outOfSightCall,
	// A child of ours is none of the program's (helper.go).
	unix.SYS_WAIT4: waitCall, unix.SYS_WAITID: waitCall,
	// A tracer that is the program's own must not see our traps.
	unix.SYS_PTRACE:            ptraceCall,
	unix.SYS_KILL:              killCall,
	unix.SYS_TKILL:             killCall,
	unix.SYS_TGKILL:            killCall,
	unix.SYS_RT_SIGQUEUEINFO:   killCall,
	unix.SYS_RT_TGSIGQUEUEINFO: killCall,
	// Behind a filter we make no calls that the program does not make; and Syscall
	// User Dispatch is virtual.
	unix.SYS_PRCTL:   seccompCall,
	unix.SYS_SECCOMP: seccompCall,
	// The jump door finds a thread by its FS base.
	unix.SYS_ARCH_PRCTL: fsCall,
	// Our descriptors are not the program's to close or to replace.
	unix.SYS_CLOSE_RANGE: fdFamily,
	unix.SYS_GETDENTS:    fdFamily,
	unix.SYS_GETDENTS64:  fdFamily,
	unix.SYS_POLL:        fdFamily,
	unix.SYS_PIDFD_GETFD: fdFamily,
	unix.SYS_UNSHARE:     fdFamily, // CLONE_FILES
	unix.SYS_DUP2:        fdFamily,
	unix.SYS_DUP3:        fdFamily,
	// A limit of files' size is one of the trace's, too.
	unix.SYS_SETRLIMIT: fdFamily,
	unix.SYS_PRLIMIT64: fdFamily,
}

// specialOf returns how call nr is performed; any number may be asked for.
func specialOf(nr int64) special {
	if uint64(nr) >= uint64(len(specials)) {
		return plain
	}
	return specials[nr]
}

// answered says whether the call, or some of its kind, is answered without the kernel.
func (s special) answered() bool {
	return s == sigprocmaskCall || s == sigactionCall || s == sigaltstackCall || s == sigtimedwaitCall || s == seccompCall || s == ptraceCall
}

// noReturn says whether success means that the call does not come back.
func (s special) noReturn() bool {
	return s == sigreturnCall || s == execFamily || s == exitCall
}

package restorer

// The layouts below are the kernel's, for x86-64; layout_test.go checks every
// offset against the C structures.

// Sigcontext is struct sigcontext_64 (arch/x86/include/uapi/asm/sigcontext.h).
type Sigcontext struct {
	R8, R9, R10, R11, R12, R13, R14, R15 uint64
	RDI, RSI, RBP, RBX, RDX, RAX         uint64
	RCX, RSP, RIP, EFLAGS                uint64
	CS, GS, FS, SS                       uint16
	Err, Trapno, Oldmask, CR2            uint64
	// Fpstate is the address of the FXSAVE/XSAVE area, or 0.
	Fpstate   uint64
	Reserved1 [8]uint64
}

// Stack is stack_t, what sigaltstack(2) takes: SP in bytes from the lowest
// address, Flags SS_*, Size in bytes.
type Stack struct {
	SP    uint64
	Flags int32
	_     int32
	Size  uint64
}

// Ucontext is struct ucontext (include/uapi/asm-generic/ucontext.h).
type Ucontext struct {
	Flags    uint64
	Link     uint64
	Stack    Stack
	Mcontext Sigcontext
	// Sigmask is the mask that rt_sigreturn installs: bit n-1 blocks signal n.
	Sigmask uint64
}

// Siginfo is siginfo_t: 128 bytes, of which the first fields are common to all
// signals (sigaction(2), "The siginfo_t argument to a SA_SIGINFO handler").
type Siginfo struct {
	Signo, Errno, Code int32
	_                  int32
	// Addr is si_addr for faults; si_pid and si_uid share the place when the
	// signal was sent by a process.
	Addr uint64
	// Syscall and Arch are si_syscall and si_arch of a SIGSYS (include/uapi/asm-generic/siginfo.h).
	Syscall int32
	Arch    uint32
	fields  [96]byte
}

// Frame is struct rt_sigframe (arch/x86/include/asm/sigframe.h): what SP points
// at when a handler is entered. The XSAVE area follows.
type Frame struct {
	// Pretcode is the handler's return address, sa_restorer.
	Pretcode uint64
	Uc       Ucontext
	Info     Siginfo
}

// Sigaction is struct kernel_sigaction, what rt_sigaction(2) takes.
type Sigaction struct {
	Handler  uint64
	Flags    uint64
	Restorer uint64
	Mask     uint64
}

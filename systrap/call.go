package systrap

import "libsystrap/internal/core"

// Verdict is what a tool's Enter wants done with a call.
type Verdict uint8

const (
	// Pass performs the call with Call.Sysno and Call.Args as they now are;
	// Enter may have changed them in place.
	Pass Verdict = iota
	// Replace does not perform the call: the program gets Call.Result. It is also the
	// verdict behind [Call.Perform].
	Replace
)

// Call is one system call of the traced program. It lives in the frame of the
// entry stub: a pointer to it is valid until the tool function returns, and
// must not be kept.
type Call struct {
	// Sysno is the system call number (unix.SYS_*), sign-extended from EAX as
	// the kernel does (arch/x86/entry/syscall_64.c).
	Sysno int64
	// Args are RDI, RSI, RDX, R10, R8 and R9, all of them, whether or not the
	// call uses that many.
	Args [6]uint64
	// Result is RAX after the call: a negated errno in [-4095, -1], else the
	// result. In Enter it is -ENOSYS until the tool sets it for Replace.
	Result int64
	// PC is the address of the site, the program's `syscall` instruction.
	PC uint64
	// SP is the program's stack pointer at the site, in bytes.
	SP uint64
	// User is the tool's own: it is 0 in Enter, and Exit sees what Enter left.
	// In the child of clone, clone3, fork and vfork it is 0. Each tool of a library
	// of several has its own.
	User uint64
	// Child is true in the Exit of clone, clone3, fork or vfork that runs in
	// the new thread or process (Result is 0 there, as the program sees it).
	Child bool
	// CloneFlags are, where Child is true, the flags that the child was made with, as
	// clone(2) has them, also by fork, vfork and clone3: the memory that clone3's lie in
	// may be another's by then.
	CloneFlags uint64
	// Replaced is true in Exit when Enter's verdict was Replace.
	Replaced bool
	// NoReturn is true in the Enter of a call that does not come back to the
	// site if it succeeds: execve, execveat, exit, exit_group, rt_sigreturn.
	// For the exec calls Exit follows when they fail; for the others never.
	NoReturn bool
	// Interrupted is true in the Exit of a call that a signal ended: the
	// program's handler runs next. Result is -EINTR, or what was done so far,
	// or -ERESTARTSYS (-512): the program will make the call again behind the
	// handler, as SA_RESTART says, and it will be a call of its own.
	Interrupted bool
	// NotMade is true, besides Interrupted, in the Exit of a call that the kernel
	// has not seen, as the signal came first: the program makes it behind the
	// handler, and natively it would not have begun before. Result is
	// -ERESTARTNOINTR (-513).
	NotMade bool
	// Doubtful is true in Exec where it is not known whether the call will succeed: Exit
	// follows if it does not, and the new image's [Process] has Begun set if it does.
	Doubtful bool
}

// Failed says whether Result is a negated errno.
func (c *Call) Failed() bool { return (*core.Call)(c).Failed() }

// Errno returns the errno of a failed call, or 0.
func (c *Call) Errno() int {
	if c.Failed() {
		return int(-c.Result)
	}
	return 0
}

// Tid returns the caller's thread id. It costs no system call in the common
// case.
func (c *Call) Tid() int { return core.Tid() }

// Perform makes the call now, from a tool's Enter, with Sysno and Args as they are, and
// puts what it returns in Result. It is for a tool that wants to see the result before it
// decides, or whose arguments lie in Enter's frame; its verdict is then [Replace], with
// Result as it is or changed. One call can be made so in an Enter.
//
// It is interrupted as the program's own call: a signal's handler runs under the
// program's mask, may make calls and may jump away (siglongjmp(3)). Perform does not
// return then, nor does Enter: Exit runs, with Interrupted true, User as it was, and Args
// as they were here (what they point to in Enter's frame is gone), and the handler
// after it. So nothing may be held while Perform runs that only the rest of Enter gives
// back.
//
// A signal may also come before the call has begun. Result is -ERESTARTNOINTR (-513)
// then: nothing was made, and the tool returns Replace without more ado; Exit runs with
// NotMade true, and the program makes its call again behind the handler.
//
// It returns false, having done nothing, for the calls that the library must make itself
// on the way back to the program: those that end or start a thread or process or replace
// it (clone(2), execve(2), exit(2), rt_sigreturn(2)), change memory maps or a
// disposition or mask of signals (mmap(2), munmap(2), rt_sigaction(2), rt_sigprocmask(2),
// sigaltstack(2)), and what specials in internal/core/table.go has besides. Such a call can
// only be passed. Calls about the library's own descriptors fail with EBADF.
func (c *Call) Perform() bool { return (*core.Call)(c).Perform() }

// Registers fills r with the program's registers at the call, as they were when
// it was entered; in the child of a clone, the child's. RAX, RCX and R11 need not
// be what the program will see. It returns false where there are none: in a Call
// that did not come from the library.
func (c *Call) Registers(r *Registers) bool {
	return (*core.Call)(c).Registers((*core.Registers)(r))
}

// Registers are the program's general registers, in the order of their DWARF
// numbers (System V psABI for AMD64, figure 3.36), which package unwind relies
// on.
type Registers struct {
	RAX, RDX, RCX, RBX, RSI, RDI, RBP, RSP uint64
	R8, R9, R10, R11, R12, R13, R14, R15   uint64
	// RIP is the address of the next instruction: of a call, the one behind its
	// `syscall`.
	RIP uint64
}

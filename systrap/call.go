package systrap

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
func (c *Call) Failed() bool { return c.Result < 0 && c.Result >= -MaxErrno }

// Errno returns the errno of a failed call, or 0.
func (c *Call) Errno() int {
	if c.Failed() {
		return int(-c.Result)
	}
	return 0
}

// Tid returns the caller's thread id. It costs no system call in the common
// case (see thread.go).
func (c *Call) Tid() int { return Tid() }

// Tool is a set of functions called for the program's system calls, all of
// them on the stack of the thread that makes the call. Any may be nil.
type Tool struct {
	// Name begins the library's own messages ("NAME: …"), as in strace's.
	Name string
	// Init runs once in each process image, before any of the program's code,
	// when nothing is trapped yet. Returning false leaves the program
	// untraced; Init says why itself (see [Complain]).
	Init func(*Process) bool
	// Enter runs before the call.
	Enter func(*Call) Verdict
	// Exec runs when an execve or execveat, passed by Enter, is about to be made
	// and will succeed, as far as can be told (see Call.Doubtful): there is no Exit then.
	Exec func(*Call)
	// Exit runs after the call, with Result set. Changing Result changes what
	// the program sees.
	Exit func(*Call)
	// Signal runs when the program is about to be given a signal: before its
	// handler is entered, or before the signal ends the process (then Fini
	// follows, with status 128+n). Signals that are ignored, that stop the
	// process, and SIGKILL are not seen. With Signal set, the kernel's disposition of every
	// fatal signal is a handler of ours (/proc/PID/status shows it as caught).
	Signal func(*Signal)
	// Fini runs once before the process image ends by exit_group (or by the
	// exit of its last thread), with the exit status, in the low eight bits. In
	// a vfork child that exits, [Vforked] is true.
	Fini func(status int)
}

// Process is what a tool's Init learns of the process image.
type Process struct {
	// Pid is the process id.
	Pid int
	// Options is the value of SYSTRAP_OPTIONS, or "".
	Options string
	// Execed is true when this image was started by an execve that was itself
	// traced (a child that is being followed), false in the first one.
	Execed bool
	// Begun is true if the Exec of the image before found Call.Doubtful set, Untold if it
	// did not run, as the execve was taken for one that fails.
	Begun, Untold bool
	// LogGone is true if the image before could not hand over the trace's stream, behind a
	// filter that it does not know: what is written is lost until [OpenLog].
	LogGone bool
	// Path is the file that was executed, as execve(2) was given it, 0 if that
	// is not known; Args and Env are its arguments and environment (lists of
	// pointers that end with 0). All are addresses.
	Path, Args, Env uint64
}

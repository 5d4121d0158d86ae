package systrap

import "libsystrap/internal/core"

// Tool is a set of functions called for the program's system calls, all of
// them on the stack of the thread that makes the call. Any may be nil.
type Tool struct {
	// Name begins the library's own messages ("NAME: …"), as in strace's.
	Name string
	// Init runs once in each process image, before any of the program's code,
	// when nothing is trapped yet. Returning false leaves the program
	// untraced; Init says why itself (see [Complain]).
	Init func(*Process) bool
	// Enter runs before the call. It is followed by Exit in the same thread, unless
	// Call.NoReturn is set or the process dies; a signal that kills may come at any place.
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
	// Leave runs before the library leaves a program that goes on without it (systrap run -p that is interrupted). All threads
	// stand still; of the calls that they wait in there is no Exit.
	Leave func(*Process)
}

// Process is what a tool's Init learns of the process image.
type Process struct {
	// Pid is the process id.
	Pid int
	// Options is the value of SYSTRAP_OPTIONS, or "". Of several tools in one library each
	// has its part.
	Options string
	// Execed is true when this image was started by an execve that was itself
	// traced (a child that is being followed), false in the first one.
	Execed bool
	// Begun is true if the Exec of the image before found Call.Doubtful set, Untold if it
	// did not run, as the execve was taken for one that fails.
	Begun, Untold bool
	// LogGone is true if the image before could not hand over the trace's stream, behind a
	// filter that it does not know: what is written is lost.
	LogGone bool
	// Attached is true if the program ran already when the tool came (systrap run -p); Others if it has other threads.
	Attached, Others bool
	// Stopped is the signal by which such a program is stopped, or 0.
	Stopped int
	// Path is the file that was executed, as execve(2) was given it, 0 if that
	// is not known; Args and Env are its arguments and environment (lists of
	// pointers that end with 0). All are addresses.
	Path, Args, Env uint64
}

// Signal is a signal that the program is about to be given.
type Signal struct {
	// Signo is its number.
	Signo int
	// Info is the address of its siginfo_t, for [Read].
	Info uint64
	// PC is where the program was.
	PC uint64
	// Handler is the program's handler, or 0 if it has none and the signal is
	// about to end it.
	Handler uint64
}

// Fatal says whether the signal ends the process.
func (s *Signal) Fatal() bool { return (*core.Signal)(s).Fatal() }

// Registers fills r with the program's registers where the signal interrupts it.
func (s *Signal) Registers(r *Registers) bool {
	return (*core.Signal)(s).Registers((*core.Registers)(r))
}

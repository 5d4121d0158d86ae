package main

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// same ends as the command has ended. A signal is sent to ourselves with its default
// action, which the runtime does not know of: it would have its own way with a SIGSEGV
// that was sent, and prints the stacks of its goroutines. The command has left the core
// file: this process must not write over it, nor give one to a program that takes cores
// whatever their limit (core(5), "Piping core dumps to a program").
func (o *output) same(ws unix.WaitStatus) int {
	if !ws.Signaled() {
		return ws.ExitStatus()
	}
	sig := int(ws.Signal())
	unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	setHandler(sig, sigDfl)
	set := uint64(1) << (sig - 1)
	unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_UNBLOCK, uintptr(unsafe.Pointer(&set)), 0, 8, 0, 0)
	unix.Tgkill(os.Getpid(), unix.Gettid(), unix.Signal(sig))
	// Still here: the first process of a PID namespace (pid_namespaces(7)).
	return 128 + sig
}

// ignoreTerminalStops keeps the terminal from stopping us where the command goes on, as
// strace does: a line that we print must not, nor a command that has been made the
// terminal's foreground group. The command has been started, and does not inherit it.
func ignoreTerminalStops() {
	setHandler(int(unix.SIGTTOU), sigIgn)
	setHandler(int(unix.SIGTTIN), sigIgn)
}

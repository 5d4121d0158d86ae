package systrap

import (
	"golang.org/x/sys/unix"

	"libsystrap/restorer"
)

// A process that a signal ends says so, if the tool wants to know (Tool.Signal):
// signals whose default action is to end it have a handler of ours instead. It
// takes itself away and lets the kernel do what it would have done, in the
// program's context (dieOf).

// watching is set if default actions are looked at.
var watching bool

// notFatal are the signals whose default action does not end the process
// (signal(7), "Standard signals"), and SIGKILL, which cannot be handled.
const notFatal = 1<<(unix.SIGCHLD-1) | 1<<(unix.SIGCONT-1) | 1<<(unix.SIGURG-1) | 1<<(unix.SIGWINCH-1) |
	1<<(unix.SIGSTOP-1) | 1<<(unix.SIGTSTP-1) | 1<<(unix.SIGTTIN-1) | 1<<(unix.SIGTTOU-1) | 1<<(unix.SIGKILL-1)

// watched says whether sig's default action is looked at. Our own signals are
// seen anyway.
func watched(sig int) bool { return watching && notFatal>>(sig-1)&1 == 0 && ownIndex(sig) < 0 }

// startWatching is called once in a process image, before the program runs. The
// first process of a PID namespace is left as it is (deliver).
func startWatching() {
	if tool.Signal == nil {
		return
	}
	handlersSlow = 1
	if getpid() == 1 {
		return
	}
	watching = true
	noteTracer()
	for sig := 1; sig <= 64; sig++ {
		var dfl, old restorer.Sigaction
		if watched(sig) && rtSigaction(sig, nil, &old) == 0 && old.Handler == sigDfl {
			setAction(sig, &dispositions[sig], &dfl, &old, true)
		}
	}
}

// resetHandler does what the kernel did for SA_RESETHAND when it entered us.
func resetHandler(sig int) {
	mine := &currentActions()[sig]
	mine.Handler = sigDfl
	if watched(sig) {
		k := kernelAction(sig, mine)
		rtSigaction(sig, &k, nil)
	}
}

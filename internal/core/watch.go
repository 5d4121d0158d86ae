package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/restorer"
)

// A fault of the tool's code, or of ours, has its line (fault.go) whatever the tool: SIGSEGV
// and SIGBUS have a handler of ours from the start, four calls for all.
//
// A process that a signal ends says so, if the tool wants to know (Tool.Signal):
// signals whose default action is to end it have a handler of ours instead. It
// takes itself away and lets the kernel do what it would have done, in the
// program's context (dieOf).
// See docs/decisions/deaths-by-signal.md. Of what is ignored nothing is told: docs/decisions/ignored-signals.md.

// watching is set if all default actions are looked at; catching, if those of
// guardBits are, which is before that and without it.
var watching, catching bool

// notFatal are the signals whose default action does not end the process
// (signal(7), "Standard signals"), and SIGKILL, which cannot be handled.
const notFatal = 1<<(unix.SIGCHLD-1) | 1<<(unix.SIGCONT-1) | 1<<(unix.SIGURG-1) | 1<<(unix.SIGWINCH-1) |
	1<<(unix.SIGSTOP-1) | 1<<(unix.SIGTSTP-1) | 1<<(unix.SIGTTIN-1) | 1<<(unix.SIGTTOU-1) | 1<<(unix.SIGKILL-1)

// watched says whether sig's default action is looked at. Our own signals are
// seen anyway.
func watched(sig int) bool {
	if unwatched>>(sig-1)&1 != 0 || ownIndex(sig) >= 0 {
		return false
	}
	if watching {
		return notFatal>>(sig-1)&1 == 0
	}
	return catching && (guardBits|hostFaults)>>(sig-1)&1 != 0
}

// startCatching is called once in a process image, before the tool's first code runs.
func startCatching() {
	if self.Pid != 1 {
		catching = true
		catch(int(unix.SIGSEGV))
		catch(int(unix.SIGBUS))
	}
}

// catch gives sig a handler of ours where its action is the default one.
func catch(sig int) {
	var dfl, old restorer.Sigaction
	mine := &dispositions[sig]
	if b := injection(); b != nil && b.Attached == 0 && faultBits>>(sig-1)&1 == 0 {
		// No signal comes while we are injected (inject.Tracee.HoldSignals), and what is ignored is dropped as it is ignored again.
		if setAction(sig, mine, &dfl, &old, true) == 0 && old.Handler != sigDfl {
			rtSigaction(sig, &old, nil)
			*mine = restorer.Sigaction{}
		}
		return
	}
	if rtSigaction(sig, nil, &old) != 0 {
		return
	}
	if old.Handler == sigDfl || old.Handler == uint64(handlerEntryAddr()) && mine.Handler == sigDfl {
		setAction(sig, mine, &dfl, &old, true)
	}
}

// stopCatching undoes it, for a program that is to run untraced.
func stopCatching() {
	if !catching {
		return
	}
	catching = false
	for sig := sigbus; sig <= sigsegv; sig++ {
		var old restorer.Sigaction
		if (guardBits|hostFaults)>>(sig-1)&1 != 0 && rtSigaction(sig, nil, &old) == 0 && old.Handler == uint64(handlerEntryAddr()) {
			rtSigaction(sig, &dispositions[sig], nil)
		}
	}
}

// unwatched are the signals whose default actions have been left to the kernel.
var unwatched uint64

// faultBits are the signals that the kernel sends for what an instruction did.
const faultBits = guardBits | sigillBit | 1<<(unix.SIGTRAP-1) | 1<<(unix.SIGFPE-1)

// unwatch leaves the default actions of the signals in set to the kernel from now on.
func unwatch(set uint64) {
	set &^= unwatched
	unwatched |= set
	mine := currentActions()
	for sig := 1; sig <= 64; sig++ {
		if set>>(sig-1)&1 == 0 || ownIndex(sig) >= 0 || mine[sig].Handler != sigDfl {
			continue
		}
		var old restorer.Sigaction
		if rtSigaction(sig, nil, &old) == 0 && old.Handler == uint64(handlerEntryAddr()) {
			dfl := mine[sig]
			rtSigaction(sig, &dfl, nil)
		}
	}
}

// startWatching is called once in a process image, before the program runs. The
// first process of a PID namespace is left as it is (deliver).
func startWatching() {
	if tool.Signal == nil {
		return
	}
	handlersSlow = 1
	if sys.Getpid() == 1 {
		return
	}
	watching = true
	for sig := 1; sig <= 64; sig++ {
		if watched(sig) && guardBits>>(sig-1)&1 == 0 {
			catch(sig)
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

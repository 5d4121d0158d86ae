package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
	"libsystrap/restorer"
	"libsystrap/seccomp"
)

// A child that asks to be traced by its parent (ptrace(2), PTRACE_TRACEME) would
// stop for each of our traps, which its tracer knows nothing of: gdb waits in
// vfork(2) for a child that waits for gdb. So the request is answered at once,
// but made when the first stop is due that the tracer can wait for: with the execve,
// whose image then runs without us, or with the signal that the child
// sends itself, from which on it does.
// See docs/decisions/late-traceme.md.

// tracemeAsked is set in a process whose request has not been made. That of a
// child that shares its parent's memory is in its vmChild.
var tracemeAsked bool

// traceme returns the calling process's tracemeAsked.
func traceme() *bool {
	if v := currentVMChild(); v != nil {
		return &v.traceme
	}
	return &tracemeAsked
}

// goingCalls are those with which a process goes on untraced (goUntraced), and lettingCalls those by which another one is let go (letGo):
// where a filter forbids one of them the program's tracer sees our traps.
var (
	goingCalls = [...]int{unix.SYS_PTRACE, unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_SIGALTSTACK, unix.SYS_MPROTECT,
		unix.SYS_OPENAT, unix.SYS_READ, unix.SYS_CLOSE, unix.SYS_RT_TGSIGQUEUEINFO, unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_SCHED_YIELD}
	lettingCalls = [...]int{unix.SYS_OPENAT, unix.SYS_READ, unix.SYS_READLINK, unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_CLOSE, unix.SYS_NANOSLEEP,
		unix.SYS_SCHED_YIELD}
)

// sysPtrace notes the caller's request to be traced. One of several threads is
// traced for itself, and by what it finds.
func sysPtrace(c *Call) {
	if c.Args[0] != unix.PTRACE_TRACEME || !seccomp.AllowsNumbers(goingCalls[:]) || userDispatching != 0 {
		if seccomp.AllowsNumbers(lettingCalls[:]) {
			beforePtrace(c)
		}
		c.perform()
		if currentVMChild() != nil {
			afterPtrace(c)
		}
		return
	}
	asked := traceme()
	switch {
	case *asked:
		c.Result = -int64(unix.EPERM)
	case asked == &tracemeAsked && !proc.LastThread():
		debugged = true
		c.perform()
	case tracer() != 0:
		c.perform() // the kernel's EPERM
	default:
		*asked = true
		c.Result = 0
		handlersSlow = 1 // tracedSince
		if !watching && asked == &tracemeAsked && askNow(asked) {
			goUntraced(&frameOf(c).door, tracedByParent)
		}
	}
}

// tracedSince makes the request when a signal comes, the child's own fault or one that was sent: the tracer is to
// see it where it finds the program (gdb tries a fault out so when it starts). Under a tool that is not told of signals
// the request is made at once, as one without a handler does not come here.
func tracedSince(d *door) bool {
	if !tracemeAsked || currentVMChild() != nil || !askNow(&tracemeAsked) {
		return false
	}
	goUntraced(d, tracedByParent)
	tool = Tool{Name: tool.Name}
	if !isFault(d.info) {
		sys.Sigprocmask(unix.SIG_BLOCK, 1<<(d.info.Signo-1))
		raise(int(d.info.Signo), d.info)
	}
	return true
}

// askNow makes the request that was noted.
func askNow(asked *bool) bool {
	*asked = false
	if asked == &tracemeAsked {
		debugged = true
	}
	return rawsys.Raw(unix.SYS_PTRACE, unix.PTRACE_TRACEME, 0, 0, 0, 0, 0) == 0
}

// sysKill makes the request to be traced before a signal that the caller sends itself,
// for its tracer to wait for (ptrace(2), "Stopped states"). The tool is told before
// that the call has succeeded, as it will, and of nothing after: whatever it does then
// may stop, while the tracer's side of it waits. The result is true if the program makes the
// call itself: what its tracer finds behind the stop are its calls, and none of ours.
func sysKill(c *Call) bool {
	if tracemeAsked && toSelf(c) && currentVMChild() == nil && askNow(&tracemeAsked) {
		c.Result = 0
		if tool.Exit != nil {
			tool.Exit(c)
		}
		given := goUntraced(&frameOf(c).door, tracedByParent)
		tool = Tool{Name: tool.Name}
		if given {
			c.Result, c.Interrupted = restartNointr, true
			return true
		}
	}
	if debugged && toSelf(c) {
		shownBehindCall(c)
	}
	hostAborted(c)
	c.perform()
	return false
}

// toSelf says whether the call sends a signal to its caller.
func toSelf(c *Call) bool {
	switch c.Sysno {
	case unix.SYS_TGKILL, unix.SYS_RT_TGSIGQUEUEINFO:
		return c.Args[2] != 0 && int64(int32(c.Args[1])) == sys.Gettid()
	case unix.SYS_TKILL:
		return c.Args[1] != 0 && int64(int32(c.Args[0])) == sys.Gettid()
	}
	return c.Args[1] != 0 && int64(int32(c.Args[0])) == sys.Getpid()
}

// goUntraced gives the process back what is its own: its text, its dispositions
// and its mask, and says why. Where a site cannot be given back it stays as it is, stops and
// all, and the result is false.
func goUntraced(d *door, why string) bool {
	if !NoFollow {
		tracelog.Warn(why)
	}
	tracelog.EndMapped()
	m := lockCode()
	was := discovering
	quiet = false
	if was {
		discovering = false
		sudSelector = sudAllow // in all threads
	}
	forget(0, 1<<47, true)
	if siteCount != 0 && was {
		discovering = true
		sudSelector = sudBlock
	}
	unlockCode(m)
	if siteCount != 0 {
		return false
	}
	if was {
		rawsys.Syscall(unix.SYS_PRCTL, prSUD, prSUDOff, 0, 0, 0, 0)
	}
	if b := threadOwnBlocked(); b != 0 {
		sys.Sigprocmask(unix.SIG_BLOCK, b)
		d.setSigmask(d.sigmask() | b)
	}
	unnameOwn()
	// Another thread may be at a trap that it has fetched already, or between the two of a
	// clone: then our own handlers stay until the program sets its own.
	alone := proc.LastThread() && awaitFlights()
	mine := currentActions()
	for sig := 1; sig <= 64; sig++ {
		now := mine[sig]
		if ownIndex(sig) >= 0 && alone || ownIndex(sig) < 0 && rtSigaction(sig, nil, &now) == 0 && now.Handler == uint64(handlerEntryAddr()) {
			now = mine[sig]
			rtSigaction(sig, &now, nil)
		}
	}
	if t := currentThread(); t != nil {
		d.changeStack(t.alt) // what the kernel knows is the program's again
		for i := range ownNumbers {
			for info := (restorer.Siginfo{}); t.unhold(i, &info); {
				raise(ownNumbers[i], &info)
			}
		}
	}
	return true
}

// awaitFlights waits a little for calls that are between their two traps, and says
// whether there are none.
func awaitFlights() bool {
	for range 1000 {
		n := int32(0)
		for i := range flights {
			n += atomic.LoadInt32(&flights[i].refs)
		}
		if n == 0 {
			return true
		}
		rawsys.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0)
	}
	return false
}

const tracedByParent = "traced by its parent, goes on untraced"

// unnameOwn puts blanks, which ld.so skips, for our library in the LD_PRELOAD that this
// image was started with: what it execs shall run without us, too.
func unnameOwn() {
	i := findEnvEntry(preloadEq)
	if i < 0 {
		return
	}
	blankOwn(unsafe.Slice(envEntry(i), ctext.CLen(envEntry(i)))[len(preloadEq):])
}

// blankOwn puts blanks for our library in v, a value of LD_PRELOAD.
func blankOwn(v []byte) {
	for i := 0; i < len(v); {
		j := i
		for j < len(v) && v[j] != ':' && v[j] != ' ' {
			j++
		}
		if isOwn(v[i:j]) {
			for k := i; k < j; k++ {
				v[k] = ' '
			}
		}
		i = j + 1
	}
}

package core

import "golang.org/x/sys/unix"

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
// sigaltstack(2)), and what specials in table.go has besides. Such a call can only be
// passed. Calls about the library's own descriptors fail with EBADF.
// See docs/decisions/calls-made-by-tools.md.
func (c *Call) Perform() bool {
	special := specialOf(c.Sysno)
	if !c.trapped() || !performable(special) {
		return false
	}
	frameOf(c).performed = true
	switch {
	case ownsFd(c):
		c.Result = -int64(unix.EBADF)
	case special == plain:
		c.perform()
	case special == fdFamily:
		sysFd(c)
	case special == sigtimedwaitCall:
		sysRtSigtimedwait(c)
	case special == sigpendingCall:
		sysRtSigpending(c)
	default:
		sysWithMask(c, special)
	}
	return true
}

// performable says whether Perform makes calls of a family.
func performable(s special) bool {
	switch s {
	case plain, fdFamily, sigtimedwaitCall, sigpendingCall,
		sigmaskArg0, sigmaskArg1, sigmaskArg3, sigmaskArg4, sigmaskPair5:
		return true
	}
	return false
}

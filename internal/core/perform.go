package core

import "golang.org/x/sys/unix"

// Perform is systrap.Call.Perform.
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
	case special == fsCall:
		sysArchPrctl(c, &frameOf(c).door)
	default:
		sysWithMask(c, special)
	}
	return true
}

// performable says whether Perform makes calls of a family.
func performable(s special) bool {
	switch s {
	case plain, fdFamily, sigtimedwaitCall, sigpendingCall, fsCall,
		sigmaskArg0, sigmaskArg1, sigmaskArg3, sigmaskArg4, sigmaskPair5:
		return true
	}
	return false
}

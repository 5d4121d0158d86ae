package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/seccomp"
)

// dispatch takes one call that was trapped through the tool and the kernel.
func dispatch(c *Call, d *door) {
	counters.trapped.Add(1)
	if keysUsed {
		d.loadKeys()
	}
	if userDispatching != 0 && refused(c, d) {
		return
	}
	if helperPid != 0 {
		tryReap()
	}
	through(c, d)
}

// through takes one call through the tool and the kernel. It returns false if the jump door has to make the call, as it
// stands; behind is to follow then.
func through(c *Call, d *door) bool {
	special := specialOf(c.Sysno)
	c.NoReturn = special.noReturn()
	verdict := Pass
	d.lookHosted(c)
	if hosted := frameOf(c).hosted; tool.Enter != nil && hosted == hostNew {
		verdict = tool.Enter(c)
	} else if hosted == hostQuiet && hostLeaveCount != 0 && d.leavesHost(c) {
		return true
	}
	if verdict == Turn {
		d.hand(c, c.PC)
		return true
	}
	if verdict == Replace || frameOf(c).hosted == hostTold {
		c.Replaced = true
		c.NoReturn = false
	} else {
		special = specialOf(c.Sysno) // the tool may have changed the number
		if ownsFd(c) {
			c.Result = -int64(unix.EBADF)
		} else if special == plain {
			if d.jump && oddCalls.Load() == 0 && !tryLater {
				return false
			}
			c.performPlain()
		} else if performSpecial(c, d, special) {
			return true // the program goes on elsewhere
		}
	}
	behind(c, d)
	return true
}

// behind takes a call that has a result through the tool's Exit, and gives the program the result.
func behind(c *Call, d *door) {
	notMade := c.Result == restartNointr && (!c.Replaced || frameOf(c).performed)
	c.Interrupted, c.NotMade = notMade, notMade
	c.tellExit()
	if notMade {
		return // the program is at the site still; the signal comes now, and the call again behind it
	}
	d.finish(c)
	d.hand(c, d.uc.Mcontext.RIP)
}

// The kernel's own results of a call that is to be made again
// (include/linux/errno.h).
const (
	restartSys    = -512
	restartNointr = -513
)

// perform makes the call as it stands, under the program's own signal mask, and
// keeps its result. A handler of the program may end it: then it does not
// return (turn). All that follows is the tool's Exit.
func (c *Call) perform() { c.performWith(&c.Args) }

// performPlain is perform for a call that may be about a signalfd, or a file of mappings.
func (c *Call) performPlain() {
	if odd := oddCalls.Load(); odd != 0 {
		if odd&oddMaps != 0 && c.performOnMaps() {
			return
		}
		if bits := exposes(c); bits != 0 {
			c.performExposed(&c.Args, bits)
			return
		}
	}
	c.perform()
}

// performWith is perform with other arguments than the program and the tool
// see.
func (c *Call) performWith(a *[6]uint64) {
	c.Result = int64(rawsys.Perform(&frameOf(c).door.postponed, uintptr(c.Sysno), uintptr(a[0]), uintptr(a[1]),
		uintptr(a[2]), uintptr(a[3]), uintptr(a[4]), uintptr(a[5])))
}

// performHere is perform for a call that does not block and that we have to do
// something about afterwards: a signal waits until that is done.
func (c *Call) performHere() {
	c.Result = int64(rawsys.Raw(uintptr(c.Sysno), uintptr(c.Args[0]), uintptr(c.Args[1]),
		uintptr(c.Args[2]), uintptr(c.Args[3]), uintptr(c.Args[4]), uintptr(c.Args[5])))
}

// performSpecial performs a call of a special family (table.go). It returns
// true if the program does not go on behind the site just now, so that the
// tool's Exit is not due.
func performSpecial(c *Call, d *door, s special) bool {
	made := seccomp.On && s.answered() && filtersDecide(c, s)
	if made && c.Result != 0 {
		return false
	}
	switch s {
	case cloneFamily:
		return sysClone(c, d)
	case sigreturnCall:
		proven(unix.SYS_RT_SIGRETURN)
		d.prepareSigreturn()
		return true
	case execFamily:
		sysExec(c)
	case exitCall:
		return sysExit(c, d)
	case sigactionCall:
		sysRtSigaction(c)
	case sigprocmaskCall:
		sysRtSigprocmask(c, d, made)
	case sigaltstackCall:
		sysSigaltstack(c)
	case sigtimedwaitCall:
		sysRtSigtimedwait(c)
	case sigpendingCall:
		sysRtSigpending(c)
	case sigmaskArg0, sigmaskArg3, sigmaskArg1, sigmaskArg4, sigmaskPair5:
		sysWithMask(c, s)
		if c.Sysno == unix.SYS_PPOLL {
			hidePolled(c)
		}
	case mapFamily:
		sysMap(c)
	case mlockFamily:
		sysMlock(c)
	case fdFamily:
		sysFd(c)
	case openCall:
		sysOpen(c)
	case ptraceCall:
		sysPtrace(c)
	case killCall:
		return sysKill(c)
	case outOfSightCall:
		searchAll() // while there is a /proc
		keepLibrary()
		c.perform()
		newPids = newPids || c.Sysno == unix.SYS_SETNS && c.Result == 0
	case waitCall:
		reapHelper()
		c.performPlain()
		if tryLater && c.Sysno == unix.SYS_WAIT4 && c.Result > 0 {
			waitedOnce()
		}
	case seccompCall:
		return sysSeccomp(c, d)
	case pkeyAllocCall:
		sysPkeyAlloc(c, d)
	case fsCall:
		sysArchPrctl(c, d)
	}
	return false
}

package systrap

import "golang.org/x/sys/unix"

// filtered is set once the program has put itself behind a seccomp filter,
// which may kill for any call. From then on we make none besides the program's
// own and the write(2) of the trace: its memory is read directly, so a bad
// pointer of the program faults in us, and no report is written.
var filtered bool

// strict is set in strict mode, in which all but read, write, exit and
// rt_sigreturn is death (seccomp(2)).
var strict bool

// filteredAlone is set while the process is known to have one thread though it
// may not be asked any more: it had one when the filter came, and has made none.
var filteredAlone bool

// sysSeccomp notices that a filter was installed: seccomp(2), or prctl(2) with
// PR_SET_SECCOMP. A filter stays for good.
func sysSeccomp(c *Call) {
	if c.Sysno == unix.SYS_PRCTL && int32(c.Args[0]) == prSUD {
		sysUserDispatchSet(c)
		return
	}
	alone := filteredAlone
	if c.Sysno == unix.SYS_SECCOMP || c.Args[0] == unix.PR_SET_SECCOMP {
		if logMap != nil && logMap.cut.Load() == 0 {
			closeLog() // nothing but write(2) is left to us
		}
		alone = lastThread()
	}
	c.performHere()
	if c.Result < 0 {
		return
	}
	switch c.Sysno {
	case unix.SYS_SECCOMP:
		const setModeStrict, setModeFilter = 0, 1 // include/uapi/linux/seccomp.h
		if c.Args[0] == setModeStrict || c.Args[0] == setModeFilter {
			filtered, filteredAlone = true, alone
			strict = strict || c.Args[0] == setModeStrict
		}
	case unix.SYS_PRCTL:
		if c.Args[0] == unix.PR_SET_SECCOMP {
			filtered, filteredAlone = true, alone
			strict = strict || c.Args[1] == unix.SECCOMP_MODE_STRICT
		}
	}
}

package systrap

import "golang.org/x/sys/unix"

// filtered is set once the program has put itself behind a seccomp filter,
// which may kill for any call. From then on the library makes none besides the
// program's own and the write(2) of the trace: its memory is read directly, so a bad
// pointer of the program faults in us, and no report is written. A tool's are made
// if the filter allows them (seccompfilter.go).
var filtered bool

// filteredAlone is set while the process is known to have one thread though it
// may not be asked any more: it had one when the filter came, and has made none.
var filteredAlone bool

// Filtered says whether the program is behind a seccomp filter of its own:
// [Syscall] may fail with EPERM then.
func Filtered() bool { return filtered }

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
			installed(c.Args[0] == setModeStrict, c.Args[2])
			filteredAlone = alone
		}
	case unix.SYS_PRCTL:
		if c.Args[0] == unix.PR_SET_SECCOMP {
			installed(c.Args[1] == unix.SECCOMP_MODE_STRICT, c.Args[2])
			filteredAlone = alone
		}
	}
}

// installed notes strict mode, or a filter whose struct sock_fprog is at prog.
func installed(strict bool, prog uint64) {
	filtered = true // before we read memory by a call that it may forbid
	if strict {
		allowStrict()
	} else {
		allowFiltered(prog)
	}
	if !mayCall(unix.SYS_RT_SIGRETURN) {
		returnsDirect = 1
	}
}

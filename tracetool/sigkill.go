package tracetool

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/text"
)

// SIGKILL leaves a process no time to print anything: the line of its end is
// printed by who waits for it, a followed parent or systrap trace.

const sigkill = 9

// KilledLine puts the line of a process that SIGKILL has ended into dst, for the
// program that started it. others says whether other processes of the trace
// live. It returns the length, 0 if options want no such line.
func KilledLine(dst []byte, pid int, others bool) int {
	if opt.quiet.Has(quietExit) || opt.count == countOnly || !opt.signals.Has(sigkill) {
		return 0
	}
	opt.noFollow = !given.follow
	follow = others
	p := text.Printer{Tid: pid}
	p.Line = systrap.LineOn(dst)
	killLine(&p, sigkill)
	return p.Len()
}

// NotesUnknown says whether the end of a process that is not followed is worth a
// message.
func NotesUnknown() bool { return !given.follow && !opt.quiet.Has(quietExit) }

// NotesAttach says whether it is said which processes are attached to: also with -o, as there is no command whose
// standard error it would be among.
func NotesAttach() bool { return !opt.quiet.Has(quietAttach) || given.quietFile }

// killsItself says whether a call ends the process it is made in, with SIGKILL.
// The first one of a PID namespace cannot (pid_namespaces(7)).
func killsItself(c *systrap.Call) bool {
	switch c.Sysno {
	case unix.SYS_TKILL, unix.SYS_TGKILL, unix.SYS_KILL, unix.SYS_RT_SIGQUEUEINFO:
	default:
		return false
	}
	pid := systrap.Pid()
	if pid == 1 {
		return false
	}
	target, sig := int32(c.Args[0]), c.Args[1]
	switch c.Sysno {
	case unix.SYS_TKILL:
		return int32(sig) == sigkill && int(target) == systrap.Tid()
	case unix.SYS_TGKILL:
		return int32(c.Args[2]) == sigkill && int(target) == pid && int(int32(sig)) == systrap.Tid()
	case unix.SYS_KILL, unix.SYS_RT_SIGQUEUEINFO:
		return int32(sig) == sigkill && (int(target) == pid || target == 0 && c.Sysno == unix.SYS_KILL)
	}
	return false
}

// killedChild prints the end of a followed child that SIGKILL has ended and that
// a call has just waited for.
func killedChild(c *systrap.Call) {
	if opt.noFollow || !followed(systrap.Tid()) {
		return
	}
	const siPid, siStatus, exitedNormally = 16, 24, 1 // siginfo_t, CLD_EXITED (sigaction(2))
	pid, status := uint32(c.Result), uint32(0)
	switch {
	case c.Result < 0:
		return
	case c.Sysno == unix.SYS_WAIT4:
		if pid == 0 || !text.PeekUint32(&status, c.Args[1]) || status&0x7f != sigkill {
			return
		}
	default:
		var code uint32
		const siCode = 8
		if c.Args[3]&unix.WNOWAIT != 0 || !text.PeekUint32(&code, c.Args[2]+siCode) || code == exitedNormally ||
			!text.PeekUint32(&status, c.Args[2]+siStatus) || status != sigkill || !text.PeekUint32(&pid, c.Args[2]+siPid) || pid == 0 {
			return
		}
	}
	killed(int(pid), sigkill)
}

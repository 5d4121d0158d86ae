package tracetool

import "golang.org/x/sys/unix"

// errnoText is the name of an errno and what strerror(3) says of it.
type errnoText struct{ name, text string }

// errno prints the name of e, or its number.
func (p *printer) errno(e uint64) {
	s := ""
	if e < uint64(len(errnos)) {
		s = errnos[e].name
	}
	p.constant(e, s, "", unsBase)
}

// errnoNeg prints the name of -e behind a minus sign, or the number e.
func (p *printer) errnoNeg(e int64) {
	s := ""
	if e < 0 && -e < int64(len(errnos)) {
		s = errnos[-e].name
	}
	if s == "" {
		p.Int(e)
	} else if p.named(uint64(e), decBase) {
		p.Byte('-')
		p.Str(s)
		p.endNamed()
	}
}

// failure prints "-1 ENOENT (No such file or directory)".
func (p *printer) failure(e int) {
	p.Str("-1 ")
	p.errnoText(e)
}

// errnoText prints "ENOENT (No such file or directory)".
func (p *printer) errnoText(e int) {
	if e < len(errnos) && errnos[e].name != "" {
		p.Str(errnos[e].name)
		p.Str(" (")
		p.Str(errnos[e].text)
		p.Byte(')')
		return
	}
	p.Str("(errno ")
	p.Int(int64(e))
	p.Byte(')')
}

// restarted prints what an interrupted call returned before the kernel turned
// it into EINTR for the program: a debugger sees that, and so does the user of
// strace. Which of the kernel's codes (include/linux/errno.h) it was follows
// from the call (signal(7), "Interruption of system calls and library
// functions by signal handlers"); it returns false for a genuine EINTR.
func (p *printer) restarted() bool {
	switch p.c.Errno() {
	case 512:
		p.Str("? ERESTARTSYS (To be restarted if SA_RESTART is set)")
		return true
	case 513:
		p.Str("? ERESTARTNOINTR (To be restarted)")
		return true
	case int(unix.EINTR):
	default:
		return false
	}
	switch p.c.Sysno {
	case unix.SYS_RT_SIGSUSPEND, unix.SYS_PAUSE, unix.SYS_SELECT, unix.SYS_PSELECT6, unix.SYS_PPOLL:
		p.Str("? ERESTARTNOHAND (To be restarted if no handler)")
	case unix.SYS_POLL, unix.SYS_NANOSLEEP:
		p.Str("? ERESTART_RESTARTBLOCK (Interrupted by signal)")
	case unix.SYS_CLOCK_NANOSLEEP:
		if p.c.Args[1]&unix.TIMER_ABSTIME != 0 {
			p.Str("? ERESTARTNOHAND (To be restarted if no handler)")
		} else {
			p.Str("? ERESTART_RESTARTBLOCK (Interrupted by signal)")
		}
	case unix.SYS_FUTEX:
		if op := p.c.Args[1] & 0x7f; p.c.Args[3] != 0 && (op == 0 || op == 9) {
			p.Str("? ERESTART_RESTARTBLOCK (Interrupted by signal)")
		} else {
			p.Str("? ERESTARTSYS (To be restarted if SA_RESTART is set)")
		}
	case unix.SYS_READ, unix.SYS_READV, unix.SYS_WRITE, unix.SYS_WRITEV, unix.SYS_RECVFROM, unix.SYS_RECVMSG, unix.SYS_SENDTO,
		unix.SYS_SENDMSG, unix.SYS_ACCEPT, unix.SYS_ACCEPT4, unix.SYS_CONNECT, unix.SYS_WAIT4, unix.SYS_WAITID,
		unix.SYS_FLOCK, unix.SYS_FCNTL, unix.SYS_OPEN, unix.SYS_OPENAT, unix.SYS_IOCTL:
		p.Str("? ERESTARTSYS (To be restarted if SA_RESTART is set)")
	default:
		return false
	}
	return true
}

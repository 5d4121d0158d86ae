package tracetool

import (
	"math/bits"
	"unsafe"

	"golang.org/x/sys/unix"
)

// signalNames are the standard signals of x86-64 (signal(7)) without "SIG".
var signalNames = [...]string{
	1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 5: "TRAP", 6: "ABRT", 7: "BUS", 8: "FPE", 9: "KILL",
	10: "USR1", 11: "SEGV", 12: "USR2", 13: "PIPE", 14: "ALRM", 15: "TERM", 16: "STKFLT", 17: "CHLD",
	18: "CONT", 19: "STOP", 20: "TSTP", 21: "TTIN", 22: "TTOU", 23: "URG", 24: "XCPU", 25: "XFSZ",
	26: "VTALRM", 27: "PROF", 28: "WINCH", 29: "IO", 30: "PWR", 31: "SYS", 32: "RTMIN",
}

const nsig = 64

// sigName prints a signal's name without "SIG"; ok is false if it has none.
func (p *printer) sigName(s int32) (ok bool) {
	switch {
	case s > 0 && int(s) < len(signalNames):
		p.Str(signalNames[s])
	case s > 32 && s <= nsig:
		p.Str("RT_")
		p.Int(int64(s - 32))
	default:
		return false
	}
	return true
}

func (p *printer) sig(s int32) {
	if s > 0 && s <= nsig {
		p.Str("SIG")
		p.sigName(s)
		return
	}
	p.Int(int64(s))
}

// sigset prints the signal set of size bytes at addr.
func (p *printer) sigset(addr, size uint64) {
	var set uint64
	if size != 8 && addr != 0 {
		p.ptr(addr)
		return
	}
	if p.fetch(unsafe.Pointer(&set), 8, addr) {
		p.sigmask(set)
	}
}

// sigmask prints a signal set, as the signals that it lacks if those are fewer
// than a third.
func (p *printer) sigmask(set uint64) {
	if bits.OnesCount64(set) >= nsig*2/3 {
		p.Byte('~')
		set = ^set
	}
	p.Byte('[')
	sep := false
	for s := int32(1); s <= nsig; s++ {
		if set>>(s-1)&1 == 0 {
			continue
		}
		if sep {
			p.Byte(' ')
		}
		p.sigName(s)
		sep = true
	}
	p.Byte(']')
}

// sigaction prints struct kernel_sigaction (include/linux/signal_types.h).
func (p *printer) sigaction(addr uint64) {
	var a struct{ handler, flags, restorer, mask uint64 }
	if !p.fetch(unsafe.Pointer(&a), 32, addr) {
		return
	}
	p.Str("{sa_handler=")
	switch a.handler {
	case 0:
		p.Str("SIG_DFL")
	case 1:
		p.Str("SIG_IGN")
	case ^uint64(0):
		p.Str("SIG_ERR")
	default:
		p.Hex(a.handler)
	}
	p.Str(", sa_mask=")
	p.sigmask(a.mask)
	p.field("sa_flags")
	p.flags(xSaFlags, a.flags)
	if a.flags&0x04000000 != 0 { // SA_RESTORER
		p.field("sa_restorer")
		p.ptr(a.restorer)
	}
	p.Byte('}')
}

func (p *printer) sigstack(addr uint64) {
	var s struct {
		sp    uint64
		flags uint32
		_     uint32
		size  uint64
	}
	if !p.fetch(unsafe.Pointer(&s), 24, addr) {
		return
	}
	p.Str("{ss_sp=")
	p.ptr(s.sp)
	p.field("ss_flags")
	p.flags(xSsFlags, uint64(s.flags))
	p.fieldUint("ss_size", s.size)
	p.Byte('}')
}

// sigtimedwait prints all of rt_sigtimedwait(2).
func (p *printer) sigtimedwait() step {
	a := &p.c.Args
	if !p.exit {
		p.sigset(a[0], a[3])
		p.comma()
		p.arg = 0
		return wait
	}
	if !p.cont {
		p.sigset(a[0], a[3])
		p.comma()
	}
	if p.out(a[1]) {
		p.siginfo(a[1])
	}
	p.comma()
	p.timespec(a[2])
	p.comma()
	p.Uint(a[3])
	return last
}

// siginfo prints siginfo_t (sigaction(2)); what its union holds depends on
// the signal and the code.
func (p *printer) siginfo(addr uint64) {
	var s [128]byte
	if !p.fetch(unsafe.Pointer(&s), len(s), addr) {
		return
	}
	w := (*[32]int32)(unsafe.Pointer(&s))
	p.siginfoText(w)
}

func (p *printer) siginfoText(w *[32]int32) {
	signo, errno, code := w[0], w[1], w[2]
	if signo == 0 {
		p.Str("{}")
		return
	}
	q := (*[16]uint64)(unsafe.Pointer(w))
	p.Str("{si_signo=")
	p.sig(signo)
	p.field("si_code")
	p.siCode(signo, code)
	if errno != 0 {
		p.field("si_errno")
		if errno > 0 && int(errno) < len(errnos) {
			p.errno(uint64(errno))
		} else {
			p.Int(int64(errno))
		}
	}
	switch {
	case signo == int32(unix.SIGCHLD) && code > 0:
		p.fieldInt("si_pid", int64(w[4]))
		p.fieldUint("si_uid", uint64(uint32(w[5])))
		p.field("si_status")
		if code == 1 {
			p.Int(int64(w[6]))
		} else {
			p.sig(w[6])
		}
		p.field("si_utime")
		p.siTime(q[4])
		p.field("si_stime")
		p.siTime(q[5])
	case code == 0 || code == -6: // SI_USER, SI_TKILL
		p.fieldInt("si_pid", int64(w[4]))
		p.fieldUint("si_uid", uint64(uint32(w[5])))
	case code == -2: // SI_TIMER
		p.fieldHex("si_timerid", uint64(uint32(w[4])))
		p.fieldInt("si_overrun", int64(w[5]))
		p.siValue(q[3])
	case code < 0: // SI_QUEUE, SI_MESGQ…
		p.fieldInt("si_pid", int64(w[4]))
		p.fieldUint("si_uid", uint64(uint32(w[5])))
		p.siValue(q[3])
	case code == 0x80:
	default:
		p.siFault(signo, q)
	}
	p.Byte('}')
}

func (p *printer) siFault(signo int32, q *[16]uint64) {
	switch signo {
	case int32(unix.SIGSEGV), int32(unix.SIGBUS), int32(unix.SIGFPE), int32(unix.SIGILL), int32(unix.SIGTRAP):
		p.field("si_addr")
		p.ptr(q[2])
	case int32(unix.SIGIO):
		p.field("si_band")
		p.flags(xPoll, q[2])
		p.fieldInt("si_fd", int64(int32(q[3])))
	case int32(unix.SIGSYS):
		p.field("si_call_addr")
		p.ptr(q[2])
		p.fieldInt("si_syscall", int64(int32(q[3])))
		p.fieldHex("si_arch", q[3]>>32)
	}
}

// siTime prints clock ticks (of 1/100 s) with the seconds they are.
func (p *printer) siTime(t uint64) {
	p.Uint(t)
	if t == 0 {
		return
	}
	p.Str(" /* ")
	p.Uint(t / 100)
	if t%100 != 0 {
		p.Byte('.')
		if t%100%10 == 0 {
			p.UintPad(t%100/10, 1)
		} else {
			p.UintPad(t%100, 2)
		}
	}
	p.Str(" s */")
}

func (p *printer) siValue(v uint64) {
	p.Str(", si_value={sival_int=")
	p.Int(int64(int32(v)))
	p.Str(", sival_ptr=")
	p.ptr(v)
	p.Byte('}')
}

func (p *printer) siCode(signo, code int32) {
	id := xSiCode
	if code > 0 && code < 0x80 {
		switch signo {
		case int32(unix.SIGCHLD):
			id = xSiCld
		case int32(unix.SIGSEGV):
			id = xSiSegv
		case int32(unix.SIGBUS):
			id = xSiBus
		case int32(unix.SIGFPE):
			id = xSiFpe
		case int32(unix.SIGILL):
			id = xSiIll
		case int32(unix.SIGTRAP):
			id = xSiTrap
		case int32(unix.SIGIO):
			id = xSiPoll
		case int32(unix.SIGSYS):
			if code == 1 {
				p.Str("SYS_SECCOMP")
				return
			}
		}
	}
	if s := name(id, uint64(uint32(code))); s != "" {
		p.Str(s)
		return
	}
	p.hex(uint64(uint32(code)))
}

// sigevent prints struct sigevent of timer_create(2) and mq_notify(3).
func (p *printer) sigevent(addr uint64) {
	var e struct {
		value         uint64
		signo, notify int32
		tid           int32
		_             int32
		attr          uint64
	}
	if !p.fetch(unsafe.Pointer(&e), 32, addr) {
		return
	}
	p.Byte('{')
	if e.value != 0 {
		p.Str("sigev_value={sival_int=")
		p.Int(int64(int32(e.value)))
		p.Str(", sival_ptr=")
		p.ptr(e.value)
		p.Str("}, ")
	}
	p.Str("sigev_signo=")
	if e.notify == 0 || e.notify == 4 {
		p.sig(e.signo)
	} else {
		p.Int(int64(e.signo))
	}
	p.field("sigev_notify")
	p.val(xSigev, uint64(uint32(e.notify)))
	if e.notify == 4 { // SIGEV_THREAD_ID
		p.fieldInt("sigev_notify_thread_id", int64(e.tid))
	}
	p.Byte('}')
}

// sigreturn prints the mask that rt_sigreturn(2) restores: SP is at the
// frame's ucontext (arch/x86/include/uapi/asm/ucontext.h).
func (p *printer) sigreturn() {
	const uc, sigmask = 0, 296
	var set uint64
	if peek(unsafe.Pointer(&set), 8, p.c.SP+uc+sigmask) {
		p.Str("{mask=")
		p.sigmask(set)
		p.Byte('}')
	}
}

// sigreturnResult prints the result that the interrupted call gets back: RAX
// of the frame's registers.
func (p *printer) sigreturnResult() {
	const rax = 40 + 13*8
	var v int64
	if !peek(unsafe.Pointer(&v), 8, p.c.SP+rax) {
		p.Byte('?')
		return
	}
	if v < 0 && v >= -4095 {
		p.failure(int(-v))
		return
	}
	p.Int(v)
}

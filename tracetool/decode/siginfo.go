package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Codes of siginfo_t that are not of one signal only (sigaction(2)).
const (
	siUser  = 0
	siTimer = -2
	siSigio = -5
	siTkill = -6
)

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
		p.errno(uint64(uint32(errno)))
	}
	switch {
	case code == siUser || code == siTkill:
		p.siSource(w)
	case code == siTimer:
		p.fieldHex("si_timerid", uint64(uint32(w[4])))
		p.fieldInt("si_overrun", int64(w[5]))
		p.siValue(q[3])
	case code == siSigio:
		p.fieldInt("si_band", int64(q[2]))
		p.field("si_fd")
		p.fd(w[6])
	case code < 0:
		p.siSource(w)
		if q[3] != 0 {
			p.siValue(q[3])
		}
	default:
		p.siFault(signo, code, w, q)
	}
	p.Byte('}')
}

// siFault prints what the kernel tells with a signal of its own.
func (p *printer) siFault(signo, code int32, w *[32]int32, q *[16]uint64) {
	const cldExited, mceerrAR, mceerrAO, bndErr, pkuErr, trapPerf, pollHup = 1, 4, 5, 3, 4, 6, 6
	switch unix.Signal(signo) {
	case unix.SIGCHLD:
		p.siSource(w)
		p.field("si_status")
		if code == cldExited {
			p.Int(int64(w[6]))
		} else {
			p.sig(w[6])
		}
		p.field("si_utime")
		p.ticks(q[4])
		p.field("si_stime")
		p.ticks(q[5])
	case unix.SIGILL, unix.SIGFPE:
		p.field("si_addr")
		p.ptr(q[2])
	case unix.SIGBUS:
		p.field("si_addr")
		p.ptr(q[2])
		if code == mceerrAR || code == mceerrAO {
			p.fieldHex("si_addr_lsb", uint64(uint16(q[3])))
		}
	case unix.SIGSEGV:
		p.field("si_addr")
		p.ptr(q[2])
		if code == bndErr {
			p.field("si_lower")
			p.ptr(q[4])
			p.field("si_upper")
			p.ptr(q[5])
		} else if code == pkuErr {
			p.fieldUint("si_pkey", uint64(uint32(q[4])))
		}
	case unix.SIGTRAP:
		p.field("si_addr")
		p.ptr(q[2])
		if code == trapPerf {
			p.fieldHex("si_perf_data", q[3])
			p.field("si_perf_type")
			p.val(xPerfType, uint64(uint32(q[4])))
			p.field("si_perf_flags")
			p.flags(xTrapPerf, q[4]>>32)
		}
	case unix.SIGIO:
		if code <= pollHup {
			p.fieldInt("si_band", int64(q[2]))
			p.field("si_fd")
			p.fd(w[6])
		}
	case unix.SIGSYS:
		p.field("si_call_addr")
		p.ptr(q[2])
		p.field("si_syscall")
		p.siSyscall(q[3])
		p.field("si_arch")
		p.val(xAuditArch, q[3]>>32)
	default:
		if w[4] != 0 || w[5] != 0 {
			p.siSource(w)
		}
		if q[3] != 0 {
			p.siValue(q[3])
		}
	}
}

// siSource prints who sent the signal.
func (p *printer) siSource(w *[32]int32) {
	p.field("si_pid")
	p.pid(w[4])
	p.field("si_uid")
	p.id(uint32(w[5]))
}

func (p *printer) siValue(v uint64) {
	p.fieldInt("si_int", int64(int32(v)))
	p.field("si_ptr")
	p.ptr(v)
}

// siSyscall prints the number of a call, in the lower half of v, by name if
// it is of the architecture in the upper one.
func (p *printer) siSyscall(v uint64) {
	const auditArchX8664 = 0xc000003e
	nr := uint64(uint32(v))
	s := ""
	if r, ok := lookup(int64(nr)); ok && v>>32 == auditArchX8664 {
		s = r.name
	}
	if s == "" {
		p.Uint(nr)
	} else if p.named(nr, unsBase) {
		p.Str("__NR_")
		p.Str(s)
		p.endNamed()
	}
}

func (p *printer) siCode(signo, code int32) {
	s := name(xSiCode, uint64(uint32(code)))
	if id := siCodes(signo); s == "" && id >= 0 {
		s = name(nameID(id), uint64(uint32(code)))
	}
	p.constant(uint64(uint32(code)), s, "", hexBase)
}

// siCodes returns the table of a signal's own codes, or -1.
func siCodes(signo int32) int {
	switch unix.Signal(signo) {
	case unix.SIGCHLD:
		return int(xSiCld)
	case unix.SIGSEGV:
		return int(xSiSegv)
	case unix.SIGBUS:
		return int(xSiBus)
	case unix.SIGFPE:
		return int(xSiFpe)
	case unix.SIGILL:
		return int(xSiIll)
	case unix.SIGTRAP:
		return int(xSiTrap)
	case unix.SIGIO:
		return int(xSiPoll)
	case unix.SIGSYS:
		return int(xSiSys)
	}
	return -1
}

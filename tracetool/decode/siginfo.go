package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
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
func siginfo(p *text.Printer, addr uint64) {
	var s [128]byte
	if !p.Fetch(unsafe.Pointer(&s), len(s), addr) {
		return
	}
	w := (*[32]int32)(unsafe.Pointer(&s))
	SiginfoText(p, w)
}

func SiginfoText(p *text.Printer, w *[32]int32) {
	signo, errno, code := w[0], w[1], w[2]
	if signo == 0 {
		p.Str("{}")
		return
	}
	q := (*[16]uint64)(unsafe.Pointer(w))
	p.Str("{si_signo=")
	p.Sig(signo)
	p.Field("si_code")
	siCode(p, signo, code)
	if errno != 0 {
		p.Field("si_errno")
		p.Errno(uint64(uint32(errno)))
	}
	switch {
	case code == siUser || code == siTkill:
		siSource(p, w)
	case code == siTimer:
		p.FieldHex("si_timerid", uint64(uint32(w[4])))
		p.FieldInt("si_overrun", int64(w[5]))
		siValue(p, q[3])
	case code == siSigio:
		p.FieldInt("si_band", int64(q[2]))
		p.Field("si_fd")
		p.Fd(w[6])
	case code < 0:
		siSource(p, w)
		if q[3] != 0 {
			siValue(p, q[3])
		}
	default:
		siFault(p, signo, code, w, q)
	}
	p.Byte('}')
}

// siFault prints what the kernel tells with a signal of its own.
func siFault(p *text.Printer, signo, code int32, w *[32]int32, q *[16]uint64) {
	const cldExited, mceerrAR, mceerrAO, bndErr, pkuErr, trapPerf, pollHup = 1, 4, 5, 3, 4, 6, 6
	switch unix.Signal(signo) {
	case unix.SIGCHLD:
		siSource(p, w)
		p.Field("si_status")
		if code == cldExited {
			p.Int(int64(w[6]))
		} else {
			p.Sig(w[6])
		}
		p.Field("si_utime")
		p.Ticks(q[4])
		p.Field("si_stime")
		p.Ticks(q[5])
	case unix.SIGILL, unix.SIGFPE:
		p.Field("si_addr")
		p.Ptr(q[2])
	case unix.SIGBUS:
		p.Field("si_addr")
		p.Ptr(q[2])
		if code == mceerrAR || code == mceerrAO {
			p.FieldHex("si_addr_lsb", uint64(uint16(q[3])))
		}
	case unix.SIGSEGV:
		p.Field("si_addr")
		p.Ptr(q[2])
		if code == bndErr {
			p.Field("si_lower")
			p.Ptr(q[4])
			p.Field("si_upper")
			p.Ptr(q[5])
		} else if code == pkuErr {
			p.FieldUint("si_pkey", uint64(uint32(q[4])))
		}
	case unix.SIGTRAP:
		p.Field("si_addr")
		p.Ptr(q[2])
		if code == trapPerf {
			p.FieldHex("si_perf_data", q[3])
			p.Field("si_perf_type")
			p.Val(names.PerfType, uint64(uint32(q[4])))
			p.Field("si_perf_flags")
			p.Flags(names.TrapPerf, q[4]>>32)
		}
	case unix.SIGIO:
		if code <= pollHup {
			p.FieldInt("si_band", int64(q[2]))
			p.Field("si_fd")
			p.Fd(w[6])
		}
	case unix.SIGSYS:
		p.Field("si_call_addr")
		p.Ptr(q[2])
		p.Field("si_syscall")
		siSyscall(p, q[3])
		p.Field("si_arch")
		p.Val(names.AuditArch, q[3]>>32)
	default:
		if w[4] != 0 || w[5] != 0 {
			siSource(p, w)
		}
		if q[3] != 0 {
			siValue(p, q[3])
		}
	}
}

// siSource prints who sent the signal.
func siSource(p *text.Printer, w *[32]int32) {
	p.Field("si_pid")
	p.Pid(w[4])
	p.Field("si_uid")
	p.ID(uint32(w[5]))
}

func siValue(p *text.Printer, v uint64) {
	p.FieldInt("si_int", int64(int32(v)))
	p.Field("si_ptr")
	p.Ptr(v)
}

// siSyscall prints the number of a call, in the lower half of v, by name if
// it is of the architecture in the upper one.
func siSyscall(p *text.Printer, v uint64) {
	const auditArchX8664 = 0xc000003e
	nr := uint64(uint32(v))
	s := ""
	if r, ok := abi.Lookup(int64(nr)); ok && v>>32 == auditArchX8664 {
		s = r.Name
	}
	if s == "" {
		p.Uint(nr)
	} else if p.Named(nr, text.Unsigned) {
		p.Str("__NR_")
		p.Str(s)
		p.EndNamed()
	}
}

func siCode(p *text.Printer, signo, code int32) {
	s := text.NameOf(names.SiCode, uint64(uint32(code)))
	if id := siCodes(signo); s == "" && id >= 0 {
		s = text.NameOf(names.ID(id), uint64(uint32(code)))
	}
	p.Constant(uint64(uint32(code)), s, "", text.Hexadecimal)
}

// siCodes returns the table of a signal's own codes, or -1.
func siCodes(signo int32) int {
	switch unix.Signal(signo) {
	case unix.SIGCHLD:
		return int(names.SiCld)
	case unix.SIGSEGV:
		return int(names.SiSegv)
	case unix.SIGBUS:
		return int(names.SiBus)
	case unix.SIGFPE:
		return int(names.SiFpe)
	case unix.SIGILL:
		return int(names.SiIll)
	case unix.SIGTRAP:
		return int(names.SiTrap)
	case unix.SIGIO:
		return int(names.SiPoll)
	case unix.SIGSYS:
		return int(names.SiSys)
	}
	return -1
}

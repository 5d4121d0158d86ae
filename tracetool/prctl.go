package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// prctl prints the option of prctl(2) and the arguments that it has.
func (p *printer) prctl() step {
	a := &p.c.Args
	op := uint32(a[0])
	if !p.cont {
		p.val(xPrctl, uint64(op))
	}
	switch op {
	case unix.PR_GET_DUMPABLE, unix.PR_GET_KEEPCAPS, unix.PR_GET_SECCOMP, unix.PR_GET_TIMERSLACK,
		unix.PR_GET_TIMING, unix.PR_GET_SECUREBITS, unix.PR_TASK_PERF_EVENTS_DISABLE, unix.PR_TASK_PERF_EVENTS_ENABLE:
		return last
	case unix.PR_GET_CHILD_SUBREAPER, unix.PR_GET_ENDIAN, unix.PR_GET_FPEMU, unix.PR_GET_FPEXC, unix.PR_GET_PDEATHSIG,
		unix.PR_GET_TSC, unix.PR_GET_UNALIGN, unix.PR_GET_NAME, unix.PR_GET_TID_ADDRESS:
		if !p.exit {
			p.comma()
			return wait
		}
		if !p.cont {
			p.comma()
		}
		p.prctlOut(op, a[1])
		return last
	}
	p.comma()
	switch op {
	case unix.PR_SET_NAME:
		p.zstr(a[1], 15)
	case unix.PR_SET_PDEATHSIG:
		p.sig(int32(a[1]))
	case unix.PR_SET_DUMPABLE:
		p.dumpable(a[1])
	case unix.PR_SET_KEEPCAPS, unix.PR_SET_CHILD_SUBREAPER, unix.PR_SET_TIMERSLACK, unix.PR_SET_TIMING:
		p.Uint(a[1])
	case unix.PR_CAPBSET_READ, unix.PR_CAPBSET_DROP:
		p.val(xCap, a[1])
	case unix.PR_SET_SECUREBITS:
		p.flags(xSecbits, a[1])
	case unix.PR_SET_TSC:
		p.val(xPrTsc, a[1])
	case unix.PR_SET_NO_NEW_PRIVS, unix.PR_SET_THP_DISABLE:
		p.Uint(a[1])
		p.hexRest(2, 4)
	case unix.PR_GET_NO_NEW_PRIVS, unix.PR_GET_THP_DISABLE:
		p.hex(a[1])
		p.hexRest(2, 4)
	case unix.PR_SET_SECCOMP:
		p.val(xSeccompMode, a[1])
		if a[1] == 2 { // SECCOMP_MODE_FILTER
			p.comma()
			p.bpfProgram(a[2])
			break
		}
		p.hexRest(2, 4)
	case unix.PR_SET_VMA:
		if a[1] == 0 {
			p.Str("PR_SET_VMA_ANON_NAME")
		} else {
			p.hex(a[1])
			p.Str(" /* PR_SET_VMA_??? */")
		}
		p.comma()
		p.ptr(a[2])
		p.comma()
		p.Uint(a[3])
		p.comma()
		if a[1] == 0 {
			p.zstr(a[4], 80)
		} else {
			p.hex(a[4])
		}
	case unix.PR_SET_PTRACER:
		if a[1] == ^uint64(0) {
			p.Str("PR_SET_PTRACER_ANY")
		} else {
			p.Int(int64(int32(a[1])))
		}
	case unix.PR_CAP_AMBIENT:
		p.val(xPrAmbient, a[1])
		p.comma()
		if a[1] == 4 { // PR_CAP_AMBIENT_CLEAR_ALL
			p.hex(a[2])
		} else {
			p.val(xCap, a[2])
		}
		p.hexRest(3, 4)
	case unix.PR_SET_MM:
		p.val(xPrSetMm, a[1])
		p.hexRest(2, 4)
	case unix.PR_GET_SPECULATION_CTRL:
		p.val(xPrSpec, a[1])
	case unix.PR_MCE_KILL:
		p.val(xPrMceKill, a[1])
		p.comma()
		if a[1] == 1 {
			p.val(xPrMcePolicy, a[2])
		} else {
			p.hex(a[2])
		}
		p.hexRest(3, 4)
	default:
		p.hex(a[1])
		p.hexRest(2, 4)
	}
	return last
}

// hexRest prints arguments from to to in hexadecimal.
func (p *printer) hexRest(from, to int) {
	for i := from; i <= to; i++ {
		p.comma()
		p.hex(p.c.Args[i])
	}
}

func (p *printer) dumpable(v uint64) {
	switch v {
	case 0:
		p.Str("SUID_DUMP_DISABLE")
	case 1:
		p.Str("SUID_DUMP_USER")
	case 2:
		p.Str("SUID_DUMP_ROOT")
	default:
		p.hex(v)
		p.Str(" /* SUID_DUMP_??? */")
	}
}

func (p *printer) prctlOut(op uint32, addr uint64) {
	if op == unix.PR_GET_NAME {
		if p.failed() {
			p.ptr(addr)
		} else {
			p.zstr(addr, 15)
		}
		return
	}
	if op == unix.PR_GET_TID_ADDRESS {
		p.numOut(kPtrOut, addr)
		return
	}
	var v uint32
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&v), 4, addr) {
		return
	}
	p.Byte('[')
	switch op {
	case unix.PR_GET_PDEATHSIG:
		p.sig(int32(v))
	case unix.PR_GET_TSC:
		p.val(xPrTsc, uint64(v))
	default:
		p.Uint(uint64(v))
	}
	p.Byte(']')
}

func (p *printer) prctlResult() {
	v := p.c.Result
	switch uint32(p.c.Args[0]) {
	case unix.PR_GET_DUMPABLE:
		p.Int(v)
		p.Str(" (")
		p.dumpable(uint64(v))
		p.Byte(')')
	case unix.PR_GET_SECCOMP:
		p.Int(v)
		p.Str(" (")
		p.val(xSeccompMode, uint64(v))
		p.Byte(')')
	case unix.PR_GET_SECUREBITS:
		p.hex(uint64(v))
		if v != 0 {
			p.Str(" (")
			p.flags(xSecbits, uint64(v))
			p.Byte(')')
		}
	default:
		p.Int(v)
	}
}

// archPrctl prints the arguments of arch_prctl(2).
func (p *printer) archPrctl() step {
	const setGs, setFs, getFs, getGs = 0x1001, 0x1002, 0x1003, 0x1004
	op, v := uint32(p.c.Args[0]), p.c.Args[1]
	if !p.cont {
		p.val(xArchPrctl, uint64(op))
		p.comma()
	}
	switch op {
	case getFs, getGs:
		if !p.exit {
			return wait
		}
		p.numOut(kPtrOut, v)
	case setFs, setGs:
		p.ptr(v)
	default:
		p.hex(v)
	}
	return last
}

func (p *printer) bpfProgram(addr uint64) { p.fprog(addr, 16) }

// personalityArg prints the argument of personality(2): 0xffffffff asks only.
func (p *printer) personalityArg(v uint32) {
	if v == 0xffffffff {
		p.Str("0xffffffff")
		return
	}
	p.personality(uint64(v))
}

func (p *printer) personality(v uint64) {
	if s := name(xPersonality, v); s != "" {
		p.Str(s)
		return
	}
	if s := name(xPersonality, v&0xff); s != "" {
		p.Str(s)
	} else {
		p.hex(v & 0xff)
		p.Str(" /* PER_??? */")
	}
	if rest, _ := p.someFlags(xPersFlag, v&^0xff, true); rest != 0 {
		p.Byte('|')
		p.Hex(rest)
	}
}

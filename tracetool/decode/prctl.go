package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// commLen is TASK_COMM_LEN of the kernel (include/linux/sched.h).
const commLen = 16

// prctl prints the option of prctl(2) and the arguments that it has.
func (p *printer) prctl() step {
	a := &p.c.Args
	op := uint32(a[0])
	if !p.cont {
		p.val(xPrctl, uint64(op))
	}
	switch op {
	case unix.PR_GET_DUMPABLE, unix.PR_GET_KEEPCAPS, unix.PR_GET_SECCOMP, unix.PR_GET_TIMERSLACK, unix.PR_GET_TIMING,
		unix.PR_GET_SECUREBITS, unix.PR_GET_FP_MODE, unix.PR_SVE_GET_VL, unix.PR_SME_GET_VL,
		unix.PR_TASK_PERF_EVENTS_DISABLE, unix.PR_TASK_PERF_EVENTS_ENABLE:
		return last
	case unix.PR_GET_CHILD_SUBREAPER, unix.PR_GET_ENDIAN, unix.PR_GET_FPEMU, unix.PR_GET_FPEXC, unix.PR_GET_PDEATHSIG,
		unix.PR_GET_TSC, unix.PR_GET_UNALIGN, unix.PR_GET_NAME, unix.PR_GET_TID_ADDRESS:
		if !p.cont {
			p.comma()
		}
		if !p.exit {
			return wait
		}
		p.prctlOut(op, a[1])
		return last
	case unix.PR_SCHED_CORE:
		return p.schedCore()
	}
	p.comma()
	if !p.prctlSet(op, a[1]) {
		p.prctlMore(op, a[1])
	}
	return last
}

// prctlSet prints the argument of options that have one; it returns false if
// op is none of those.
func (p *printer) prctlSet(op uint32, v uint64) bool {
	switch op {
	case unix.PR_SET_NAME:
		p.zstrn(v, commLen-1)
	case unix.PR_SET_PDEATHSIG:
		if v > 128 {
			p.Uint(v)
		} else {
			p.sig(int32(v))
		}
	case unix.PR_SET_DUMPABLE:
		p.val(xPrDumpable, v)
	case unix.PR_SET_KEEPCAPS, unix.PR_SET_CHILD_SUBREAPER, unix.PR_SET_TIMING, unix.PR_SET_ENDIAN, unix.PR_SET_FPEMU,
		unix.PR_SET_FPEXC:
		p.Uint(v)
	case unix.PR_SET_TIMERSLACK:
		p.Int(int64(v))
	case unix.PR_CAPBSET_READ, unix.PR_CAPBSET_DROP:
		p.val(xCap, v)
	case unix.PR_SET_SECUREBITS:
		p.flags(xSecbits, v)
	case unix.PR_SET_TSC:
		p.val(xPrTsc, uint64(uint32(v)))
	case unix.PR_SET_UNALIGN:
		p.flags(xPrUnalign, uint64(uint32(v)))
	case unix.PR_SET_FP_MODE:
		p.flags(xPrFpMode, uint64(uint32(v)))
	case unix.PR_SVE_SET_VL:
		p.vectorLength(xPrSve, v)
	case unix.PR_SME_SET_VL:
		p.vectorLength(xPrSme, v)
	case unix.PR_SET_PTRACER:
		if int32(v) == -1 {
			p.constant(^uint64(0), "PR_SET_PTRACER_ANY", "", decBase)
		} else {
			p.pid(int32(v))
		}
	case unix.PR_GET_SPECULATION_CTRL:
		p.val(xPrSpec, v)
	default:
		return false
	}
	return true
}

// prctlMore prints the arguments of options that have several.
func (p *printer) prctlMore(op uint32, v uint64) {
	a := &p.c.Args
	switch op {
	case unix.PR_SET_NO_NEW_PRIVS, unix.PR_SET_THP_DISABLE, unix.PR_SET_IO_FLUSHER:
		p.Uint(v)
		p.hexRest(2, 4)
	case unix.PR_SET_SECCOMP:
		p.val(xSeccompMode, v)
		switch v {
		case unix.SECCOMP_MODE_STRICT:
		case unix.SECCOMP_MODE_FILTER:
			p.comma()
			p.bpfProgram(a[2])
		default:
			p.hexRest(2, 4)
		}
	case unix.PR_SET_VMA:
		p.val(xPrVma, v)
		if v != unix.PR_SET_VMA_ANON_NAME {
			p.hexRest(2, 4)
			break
		}
		p.comma()
		p.ptr(a[2])
		p.comma()
		p.Uint(a[3])
		p.comma()
		p.str(a[4])
	case unix.PR_CAP_AMBIENT:
		p.val(xPrAmbient, v)
		switch v {
		case unix.PR_CAP_AMBIENT_IS_SET, unix.PR_CAP_AMBIENT_RAISE, unix.PR_CAP_AMBIENT_LOWER:
			p.comma()
			p.val(xCap, a[2])
			p.hexRest(3, 4)
		default:
			p.hexRest(2, 4)
		}
	case unix.PR_SET_MM:
		p.val(xPrSetMm, uint64(uint32(v)))
		p.hexRest(2, 4)
	case unix.PR_MCE_KILL:
		p.val(xPrMceKill, v)
		p.comma()
		if v == unix.PR_MCE_KILL_SET {
			p.val(xPrMcePolicy, a[2])
		} else {
			p.hex(a[2])
		}
		p.hexRest(3, 4)
	case unix.PR_SET_SPECULATION_CTRL:
		p.val(xPrSpec, v)
		p.comma()
		if v <= unix.PR_SPEC_L1D_FLUSH {
			p.val(xPrSpecSet, a[2])
		} else {
			p.hex(a[2])
		}
	case unix.PR_SET_TAGGED_ADDR_CTRL:
		if p.named(v, hexBase) {
			p.taggedAddr(v)
			p.endNamed()
		}
		p.hexRest(2, 4)
	case unix.PR_PAC_RESET_KEYS:
		p.flags2(xPrPac, xPrPacGeneric, v)
		p.hexRest(2, 4)
	case unix.PR_PAC_SET_ENABLED_KEYS:
		p.flags(xPrPac, v)
		p.comma()
		p.flags(xPrPac, a[2])
		p.hexRest(3, 4)
	case unix.PR_SET_SYSCALL_USER_DISPATCH:
		p.val(xPrDispatch, v)
		p.comma()
		p.hex(a[2])
		p.comma()
		p.hex(a[3])
		p.comma()
		p.ptr(a[4])
	default:
		p.hex(v)
		p.hexRest(2, 4)
	}
}

// hexRest prints arguments from to to in hexadecimal.
func (p *printer) hexRest(from, to int) {
	for i := from; i <= to; i++ {
		p.comma()
		p.hex(p.c.Args[i])
	}
}

// vectorLength prints the flags of PR_SVE_SET_VL and PR_SME_SET_VL and the
// length beside them.
func (p *printer) vectorLength(id nameID, v uint64) {
	const lenMask = 0xffff
	f := v &^ lenMask
	if f == 0 {
		p.hex(v)
		return
	}
	if p.named(v, hexBase) {
		p.abbrevFlags(id, f)
		p.Byte('|')
		p.hex(v & lenMask)
		p.endNamed()
	}
}

// taggedAddr prints the parts of PR_SET_TAGGED_ADDR_CTRL's argument (arm64's
// tagged addresses and memory tagging), whatever -X says.
func (p *printer) taggedAddr(v uint64) {
	const enable, tcfMask, tagShift, tagMask = 1, 6, 3, 0xffff << 3
	if v&enable == 0 {
		p.Byte('!')
	}
	p.Str("PR_TAGGED_ADDR_ENABLE|")
	if s := name(xPrTcf, v&tcfMask); s != "" {
		p.Str(s)
	} else {
		p.hex(v & tcfMask)
	}
	if t := v & tagMask; t != 0 {
		p.Byte('|')
		p.Hex(t >> tagShift)
		p.Str("<<PR_MTE_TAG_SHIFT")
	}
	if rest := v &^ (enable | tcfMask | tagMask); rest != 0 {
		p.Byte('|')
		p.Hex(rest)
	}
}

// schedCore prints the arguments of PR_SCHED_CORE; the kernel writes behind
// the last one.
func (p *printer) schedCore() step {
	a := &p.c.Args
	if !p.cont {
		p.comma()
		p.val(xPrSchedCore, uint64(uint32(a[1])))
		p.comma()
		p.schedCorePid(int32(a[2]), uint32(a[3]))
		p.comma()
		p.valNoted(xPidType, uint64(uint32(a[3])))
		p.comma()
	}
	if uint32(a[1]) != unix.PR_SCHED_CORE_GET {
		p.ptr(a[4])
		return last
	}
	if !p.exit {
		return wait
	}
	var cookie uint64
	if p.out(a[4]) && p.fetch(unsafe.Pointer(&cookie), 8, a[4]) {
		p.Byte('[')
		p.hex(cookie)
		p.Byte(']')
	}
	return last
}

// schedCorePid prints a number that is of a kind of <linux/pid.h>, in the order
// of idKind.
func (p *printer) schedCorePid(pid int32, kind uint32) {
	if kind <= uint32(idSession) {
		p.pidAs(pid, idKind(kind))
		return
	}
	p.Int(int64(pid))
}

func (p *printer) prctlOut(op uint32, addr uint64) {
	if op == unix.PR_GET_NAME {
		if p.failed() {
			p.ptr(addr)
		} else {
			p.zstrn(addr, commLen)
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
	case unix.PR_GET_UNALIGN:
		p.flags(xPrUnalign, uint64(v))
	default:
		p.Uint(uint64(v))
	}
	p.Byte(']')
}

// prctlResult prints the result of prctl(2), which depends on the option.
func (p *printer) prctlResult() {
	v := uint64(p.c.Result)
	switch op := uint32(p.c.Args[0]); op {
	case unix.PR_GET_DUMPABLE:
		p.Uint(v)
		p.nameNote(xPrDumpable, v)
	case unix.PR_MCE_KILL_GET:
		p.Uint(v)
		p.nameNote(xPrMcePolicy, v)
	case unix.PR_GET_SECUREBITS:
		p.flagsNote(xSecbits, v, v != 0)
	case unix.PR_GET_FP_MODE:
		p.flagsNote(xPrFpMode, v, v != 0)
	case unix.PR_PAC_GET_ENABLED_KEYS:
		p.flagsNote(xPrPac, v, v != 0)
	case unix.PR_GET_SPECULATION_CTRL:
		if p.c.Args[1] > unix.PR_SPEC_L1D_FLUSH {
			p.Uint(v)
			break
		}
		p.flagsNote(xPrSpecGet, v, true)
	case unix.PR_SVE_SET_VL, unix.PR_SVE_GET_VL:
		p.vectorNote(xPrSve, v)
	case unix.PR_SME_SET_VL, unix.PR_SME_GET_VL:
		p.vectorNote(xPrSme, v)
	case unix.PR_GET_TAGGED_ADDR_CTRL:
		p.hex(v)
		if look.xlat != xlatRaw {
			p.Str(" (")
			p.taggedAddr(v)
			p.Byte(')')
		}
	default:
		p.Int(int64(v))
	}
}

// nameNote prints the name of a result behind it.
func (p *printer) nameNote(id nameID, v uint64) {
	if s := name(id, v); s != "" {
		p.Str(" (")
		p.Str(s)
		p.Byte(')')
	}
}

// flagsNote prints a result with the names of its bits, if it has any and they
// are wanted.
func (p *printer) flagsNote(id nameID, v uint64, wanted bool) {
	p.hex(v)
	if !wanted || look.xlat == xlatRaw {
		return
	}
	start := p.Len()
	p.Str(" (")
	rest, any := p.someFlags(id, v, false)
	if !any {
		p.Truncate(start)
		return
	}
	if rest != 0 {
		p.Byte('|')
		p.Hex(rest)
	}
	p.Byte(')')
}

// vectorNote prints a vector length that was returned, with its flags.
func (p *printer) vectorNote(id nameID, v uint64) {
	const lenMask = 0xffff
	p.hex(v)
	if v&^lenMask == 0 || look.xlat == xlatRaw {
		return
	}
	p.Str(" (")
	p.abbrevFlags(id, v&^lenMask)
	p.Byte('|')
	p.hex(v & lenMask)
	p.Byte(')')
}

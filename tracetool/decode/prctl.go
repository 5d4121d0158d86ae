package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// commLen is TASK_COMM_LEN of the kernel (include/linux/sched.h).
const commLen = 16

// prctl prints the option of prctl(2) and the arguments that it has.
func prctl(p *text.Printer) text.Step {
	a := &p.C.Args
	op := uint32(a[0])
	if !p.Cont {
		p.Val(names.Prctl, uint64(op))
	}
	switch op {
	case unix.PR_GET_DUMPABLE, unix.PR_GET_KEEPCAPS, unix.PR_GET_SECCOMP, unix.PR_GET_TIMERSLACK, unix.PR_GET_TIMING,
		unix.PR_GET_SECUREBITS, unix.PR_GET_FP_MODE, unix.PR_SVE_GET_VL, unix.PR_SME_GET_VL,
		unix.PR_TASK_PERF_EVENTS_DISABLE, unix.PR_TASK_PERF_EVENTS_ENABLE:
		return text.Last
	case unix.PR_GET_CHILD_SUBREAPER, unix.PR_GET_ENDIAN, unix.PR_GET_FPEMU, unix.PR_GET_FPEXC, unix.PR_GET_PDEATHSIG,
		unix.PR_GET_TSC, unix.PR_GET_UNALIGN, unix.PR_GET_NAME, unix.PR_GET_TID_ADDRESS:
		if !p.Cont {
			p.Comma()
		}
		if !p.Exit {
			return text.Wait
		}
		prctlOut(p, op, a[1])
		return text.Last
	case unix.PR_SCHED_CORE:
		return schedCore(p)
	}
	p.Comma()
	if !prctlSet(p, op, a[1]) {
		prctlMore(p, op, a[1])
	}
	return text.Last
}

// prctlSet prints the argument of options that have one; it returns false if
// op is none of those.
func prctlSet(p *text.Printer, op uint32, v uint64) bool {
	switch op {
	case unix.PR_SET_NAME:
		p.Zstrn(v, commLen-1)
	case unix.PR_SET_PDEATHSIG:
		if v > 128 {
			p.Uint(v)
		} else {
			p.Sig(int32(v))
		}
	case unix.PR_SET_DUMPABLE:
		p.Val(names.PrDumpable, v)
	case unix.PR_SET_KEEPCAPS, unix.PR_SET_CHILD_SUBREAPER, unix.PR_SET_TIMING, unix.PR_SET_ENDIAN, unix.PR_SET_FPEMU,
		unix.PR_SET_FPEXC:
		p.Uint(v)
	case unix.PR_SET_TIMERSLACK:
		p.Int(int64(v))
	case unix.PR_CAPBSET_READ, unix.PR_CAPBSET_DROP:
		p.Val(names.Cap, v)
	case unix.PR_SET_SECUREBITS:
		p.Flags(names.Secbits, v)
	case unix.PR_SET_TSC:
		p.Val(names.PrTsc, uint64(uint32(v)))
	case unix.PR_SET_UNALIGN:
		p.Flags(names.PrUnalign, uint64(uint32(v)))
	case unix.PR_SET_FP_MODE:
		p.Flags(names.PrFpMode, uint64(uint32(v)))
	case unix.PR_SVE_SET_VL:
		vectorLength(p, names.PrSve, v)
	case unix.PR_SME_SET_VL:
		vectorLength(p, names.PrSme, v)
	case unix.PR_SET_PTRACER:
		if int32(v) == -1 {
			p.Constant(^uint64(0), "PR_SET_PTRACER_ANY", "", text.Decimal)
		} else {
			p.Pid(int32(v))
		}
	case unix.PR_GET_SPECULATION_CTRL:
		p.Val(names.PrSpec, v)
	default:
		return false
	}
	return true
}

// prctlMore prints the arguments of options that have several.
func prctlMore(p *text.Printer, op uint32, v uint64) {
	a := &p.C.Args
	switch op {
	case unix.PR_SET_NO_NEW_PRIVS, unix.PR_SET_THP_DISABLE, unix.PR_SET_IO_FLUSHER:
		p.Uint(v)
		hexRest(p, 2, 4)
	case unix.PR_SET_SECCOMP:
		p.Val(names.SeccompMode, v)
		switch v {
		case unix.SECCOMP_MODE_STRICT:
		case unix.SECCOMP_MODE_FILTER:
			p.Comma()
			bpfProgram(p, a[2])
		default:
			hexRest(p, 2, 4)
		}
	case unix.PR_SET_VMA:
		p.Val(names.PrVma, v)
		if v != unix.PR_SET_VMA_ANON_NAME {
			hexRest(p, 2, 4)
			break
		}
		p.Comma()
		p.Ptr(a[2])
		p.Comma()
		p.Uint(a[3])
		p.Comma()
		p.StrAt(a[4])
	case unix.PR_CAP_AMBIENT:
		p.Val(names.PrAmbient, v)
		switch v {
		case unix.PR_CAP_AMBIENT_IS_SET, unix.PR_CAP_AMBIENT_RAISE, unix.PR_CAP_AMBIENT_LOWER:
			p.Comma()
			p.Val(names.Cap, a[2])
			hexRest(p, 3, 4)
		default:
			hexRest(p, 2, 4)
		}
	case unix.PR_SET_MM:
		p.Val(names.PrSetMm, uint64(uint32(v)))
		hexRest(p, 2, 4)
	case unix.PR_MCE_KILL:
		p.Val(names.PrMceKill, v)
		p.Comma()
		if v == unix.PR_MCE_KILL_SET {
			p.Val(names.PrMcePolicy, a[2])
		} else {
			p.AltHex(a[2])
		}
		hexRest(p, 3, 4)
	case unix.PR_SET_SPECULATION_CTRL:
		p.Val(names.PrSpec, v)
		p.Comma()
		if v <= unix.PR_SPEC_L1D_FLUSH {
			p.Val(names.PrSpecSet, a[2])
		} else {
			p.AltHex(a[2])
		}
	case unix.PR_SET_TAGGED_ADDR_CTRL:
		if p.Named(v, text.Hexadecimal) {
			taggedAddr(p, v)
			p.EndNamed()
		}
		hexRest(p, 2, 4)
	case unix.PR_PAC_RESET_KEYS:
		p.EitherFlags(names.PrPac, names.PrPacGeneric, v)
		hexRest(p, 2, 4)
	case unix.PR_PAC_SET_ENABLED_KEYS:
		p.Flags(names.PrPac, v)
		p.Comma()
		p.Flags(names.PrPac, a[2])
		hexRest(p, 3, 4)
	case unix.PR_SET_SYSCALL_USER_DISPATCH:
		p.Val(names.PrDispatch, v)
		p.Comma()
		p.AltHex(a[2])
		p.Comma()
		p.AltHex(a[3])
		p.Comma()
		p.Ptr(a[4])
	default:
		p.AltHex(v)
		hexRest(p, 2, 4)
	}
}

// hexRest prints arguments from to to in hexadecimal.
func hexRest(p *text.Printer, from, to int) {
	for i := from; i <= to; i++ {
		p.Comma()
		p.AltHex(p.C.Args[i])
	}
}

// vectorLength prints the flags of PR_SVE_SET_VL and PR_SME_SET_VL and the
// length beside them.
func vectorLength(p *text.Printer, id names.ID, v uint64) {
	const lenMask = 0xffff
	f := v &^ lenMask
	if f == 0 {
		p.AltHex(v)
		return
	}
	if p.Named(v, text.Hexadecimal) {
		p.AbbrevFlags(id, f)
		p.Byte('|')
		p.AltHex(v & lenMask)
		p.EndNamed()
	}
}

// taggedAddr prints the parts of PR_SET_TAGGED_ADDR_CTRL's argument (arm64's
// tagged addresses and memory tagging), whatever -X says.
func taggedAddr(p *text.Printer, v uint64) {
	const enable, tcfMask, tagShift, tagMask = 1, 6, 3, 0xffff << 3
	if v&enable == 0 {
		p.Byte('!')
	}
	p.Str("PR_TAGGED_ADDR_ENABLE|")
	if s := text.NameOf(names.PrTcf, v&tcfMask); s != "" {
		p.Str(s)
	} else {
		p.AltHex(v & tcfMask)
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
func schedCore(p *text.Printer) text.Step {
	a := &p.C.Args
	if !p.Cont {
		p.Comma()
		p.Val(names.PrSchedCore, uint64(uint32(a[1])))
		p.Comma()
		schedCorePid(p, int32(a[2]), uint32(a[3]))
		p.Comma()
		p.ValNoted(names.PidType, uint64(uint32(a[3])))
		p.Comma()
	}
	if uint32(a[1]) != unix.PR_SCHED_CORE_GET {
		p.Ptr(a[4])
		return text.Last
	}
	if !p.Exit {
		return text.Wait
	}
	var cookie uint64
	if p.Out(a[4]) && p.Fetch(unsafe.Pointer(&cookie), 8, a[4]) {
		p.Byte('[')
		p.AltHex(cookie)
		p.Byte(']')
	}
	return text.Last
}

// schedCorePid prints a number that is of a kind of <linux/pid.h>, in the order
// of idKind.
func schedCorePid(p *text.Printer, pid int32, kind uint32) {
	if kind <= uint32(text.IDSession) {
		p.PidAs(pid, text.IDKind(kind))
		return
	}
	p.Int(int64(pid))
}

func prctlOut(p *text.Printer, op uint32, addr uint64) {
	if op == unix.PR_GET_NAME {
		if p.Failed() {
			p.Ptr(addr)
		} else {
			p.Zstrn(addr, commLen)
		}
		return
	}
	if op == unix.PR_GET_TID_ADDRESS {
		p.NumOut(abi.PtrOut, addr)
		return
	}
	var v uint32
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&v), 4, addr) {
		return
	}
	p.Byte('[')
	switch op {
	case unix.PR_GET_PDEATHSIG:
		p.Sig(int32(v))
	case unix.PR_GET_TSC:
		p.Val(names.PrTsc, uint64(v))
	case unix.PR_GET_UNALIGN:
		p.Flags(names.PrUnalign, uint64(v))
	default:
		p.Uint(uint64(v))
	}
	p.Byte(']')
}

// prctlResult prints the result of prctl(2), which depends on the option.
func prctlResult(p *text.Printer) {
	v := uint64(p.C.Result)
	switch op := uint32(p.C.Args[0]); op {
	case unix.PR_GET_DUMPABLE:
		p.Uint(v)
		nameNote(p, names.PrDumpable, v)
	case unix.PR_MCE_KILL_GET:
		p.Uint(v)
		nameNote(p, names.PrMcePolicy, v)
	case unix.PR_GET_SECUREBITS:
		flagsNote(p, names.Secbits, v, v != 0)
	case unix.PR_GET_FP_MODE:
		flagsNote(p, names.PrFpMode, v, v != 0)
	case unix.PR_PAC_GET_ENABLED_KEYS:
		flagsNote(p, names.PrPac, v, v != 0)
	case unix.PR_GET_SPECULATION_CTRL:
		if p.C.Args[1] > unix.PR_SPEC_L1D_FLUSH {
			p.Uint(v)
			break
		}
		flagsNote(p, names.PrSpecGet, v, true)
	case unix.PR_SVE_SET_VL, unix.PR_SVE_GET_VL:
		vectorNote(p, names.PrSve, v)
	case unix.PR_SME_SET_VL, unix.PR_SME_GET_VL:
		vectorNote(p, names.PrSme, v)
	case unix.PR_GET_TAGGED_ADDR_CTRL:
		p.AltHex(v)
		if text.Opt.Style != text.StyleRaw {
			p.Str(" (")
			taggedAddr(p, v)
			p.Byte(')')
		}
	default:
		p.Int(int64(v))
	}
}

// nameNote prints the name of a result behind it.
func nameNote(p *text.Printer, id names.ID, v uint64) {
	if s := text.NameOf(id, v); s != "" {
		p.Str(" (")
		p.Str(s)
		p.Byte(')')
	}
}

// flagsNote prints a result with the names of its bits, if it has any and they
// are wanted.
func flagsNote(p *text.Printer, id names.ID, v uint64, wanted bool) {
	p.AltHex(v)
	if !wanted || text.Opt.Style == text.StyleRaw {
		return
	}
	start := p.Len()
	p.Str(" (")
	rest, any := p.SomeFlags(id, v, false)
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
func vectorNote(p *text.Printer, id names.ID, v uint64) {
	const lenMask = 0xffff
	p.AltHex(v)
	if v&^lenMask == 0 || text.Opt.Style == text.StyleRaw {
		return
	}
	p.Str(" (")
	p.AbbrevFlags(id, v&^lenMask)
	p.Byte('|')
	p.AltHex(v & lenMask)
	p.Byte(')')
}

package decode

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/bpf"
	"libsystrap/tracetool/text"
)

// ptrace prints ptrace(2).
func ptrace(p *text.Printer) text.Step {
	a := &p.C.Args
	p.Val(names.Ptrace, uint64(uint32(a[0])))
	if uint32(a[0]) == 0 { // PTRACE_TRACEME
		return text.Last
	}
	p.Comma()
	p.Int(int64(int32(a[1])))
	switch uint32(a[0]) {
	case 8, 16, 0x4207, 0x4208: // PTRACE_KILL, PTRACE_ATTACH, PTRACE_INTERRUPT, PTRACE_LISTEN
		return text.Last
	}
	p.Comma()
	p.Ptr(a[2])
	p.Comma()
	switch uint32(a[0]) {
	case 7, 24, 9, 17: // PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SINGLESTEP, PTRACE_DETACH
		if a[3] == 0 {
			p.Byte('0')
		} else {
			p.Sig(int32(a[3]))
		}
	case 0x4200, 0x4206: // PTRACE_SETOPTIONS, PTRACE_SEIZE
		p.Flags(names.PtraceOpt, a[3])
	default:
		p.Ptr(a[3])
	}
	return text.Last
}

// membarrier prints the flags of membarrier(2) and the CPU, which only one of
// them gives a meaning.
func membarrier(p *text.Printer) text.Step {
	const flagCPU = 1 // MEMBARRIER_CMD_FLAG_CPU
	f := uint32(p.C.Args[1])
	p.Flags(names.MembarrierFlag, uint64(f))
	if f&flagCPU != 0 {
		p.Comma()
		p.Int(int64(int32(p.C.Args[2])))
	}
	return text.Last
}

func reboot(p *text.Printer) text.Step {
	const restart2 = 0xA1B2C3D4 // LINUX_REBOOT_CMD_RESTART2
	cmd := uint32(p.C.Args[2])
	p.Val(names.RebootCmd, uint64(cmd))
	if cmd == restart2 {
		p.Comma()
		p.Zstrn(p.C.Args[3], 255)
	}
	return text.Last
}

// seccomp prints seccomp(2).
func seccomp(p *text.Printer) text.Step {
	const setFilter, actionAvail, getNotifSizes = 1, 2, 3
	a := &p.C.Args
	op := uint32(a[0])
	if !p.Cont {
		p.Val(names.SeccompOp, uint64(op))
		p.Comma()
		if op == setFilter {
			p.Flags(names.SeccompFlag, uint64(uint32(a[1])))
		} else {
			p.AltHex(uint64(uint32(a[1])))
		}
		p.Comma()
	}
	switch op {
	case setFilter:
		bpf.Fprog(p, a[2], 16, true)
	case actionAvail:
		var v uint32
		if p.Fetch(unsafe.Pointer(&v), 4, a[2]) {
			p.Byte('[')
			p.Val(names.SeccompRet, uint64(v))
			p.Byte(']')
		}
	case getNotifSizes:
		if !p.Exit {
			return text.Wait
		}
		notifSizes(p, a[2])
	default:
		p.Ptr(a[2])
	}
	return text.Last
}

// getNotifSizes prints struct seccomp_notif_sizes (linux/seccomp.h).
func notifSizes(p *text.Printer, addr uint64) {
	var v [3]uint16
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&v), 6, addr) {
		return
	}
	p.First("seccomp_notif")
	p.Uint(uint64(v[0]))
	p.FieldUint("seccomp_notif_resp", uint64(v[1]))
	p.FieldUint("seccomp_data", uint64(v[2]))
	p.Byte('}')
}

func landlockAttr(p *text.Printer, addr, size uint64) {
	const known = 8
	var v uint64
	if size < known {
		p.Ptr(addr)
		return
	}
	if p.Fetch(unsafe.Pointer(&v), known, addr) {
		p.Str("{handled_access_fs=")
		p.Flags(names.LandlockFs, v)
		if size > known {
			p.Str(", ...")
		}
		p.Byte('}')
	}
}

func landlockRule(p *text.Printer, addr uint64) {
	var v struct {
		access uint64
		fd     int32
	}
	if uint32(p.C.Args[1]) != 1 {
		p.Ptr(addr)
		return
	}
	if p.Fetch(unsafe.Pointer(&v), 12, addr) {
		p.Str("{allowed_access=")
		p.Flags(names.LandlockFs, v.access)
		p.Field("parent_fd")
		p.Fd(v.fd)
		p.Byte('}')
	}
}

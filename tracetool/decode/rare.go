package tracetool

import "unsafe"

// ptrace prints ptrace(2).
func (p *printer) ptrace() step {
	a := &p.c.Args
	p.val(xPtrace, uint64(uint32(a[0])))
	if uint32(a[0]) == 0 { // PTRACE_TRACEME
		return last
	}
	p.comma()
	p.Int(int64(int32(a[1])))
	switch uint32(a[0]) {
	case 8, 16, 0x4207, 0x4208: // PTRACE_KILL, PTRACE_ATTACH, PTRACE_INTERRUPT, PTRACE_LISTEN
		return last
	}
	p.comma()
	p.ptr(a[2])
	p.comma()
	switch uint32(a[0]) {
	case 7, 24, 9, 17: // PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SINGLESTEP, PTRACE_DETACH
		if a[3] == 0 {
			p.Byte('0')
		} else {
			p.sig(int32(a[3]))
		}
	case 0x4200, 0x4206: // PTRACE_SETOPTIONS, PTRACE_SEIZE
		p.flags(xPtraceOpt, a[3])
	default:
		p.ptr(a[3])
	}
	return last
}

// membarrier prints the flags of membarrier(2) and the CPU, which only one of
// them gives a meaning.
func (p *printer) membarrier() step {
	const flagCPU = 1 // MEMBARRIER_CMD_FLAG_CPU
	f := uint32(p.c.Args[1])
	p.flags(xMembarrierFlag, uint64(f))
	if f&flagCPU != 0 {
		p.comma()
		p.Int(int64(int32(p.c.Args[2])))
	}
	return last
}

func (p *printer) reboot() step {
	const restart2 = 0xA1B2C3D4 // LINUX_REBOOT_CMD_RESTART2
	cmd := uint32(p.c.Args[2])
	p.val(xRebootCmd, uint64(cmd))
	if cmd == restart2 {
		p.comma()
		p.zstrn(p.c.Args[3], 255)
	}
	return last
}

// seccomp prints seccomp(2).
func (p *printer) seccomp() step {
	const setFilter, actionAvail, getNotifSizes = 1, 2, 3
	a := &p.c.Args
	op := uint32(a[0])
	if !p.cont {
		p.val(xSeccompOp, uint64(op))
		p.comma()
		if op == setFilter {
			p.flags(xSeccompFlag, uint64(uint32(a[1])))
		} else {
			p.hex(uint64(uint32(a[1])))
		}
		p.comma()
	}
	switch op {
	case setFilter:
		p.fprog(a[2], 16, true)
	case actionAvail:
		var v uint32
		if p.fetch(unsafe.Pointer(&v), 4, a[2]) {
			p.Byte('[')
			p.val(xSeccompRet, uint64(v))
			p.Byte(']')
		}
	case getNotifSizes:
		if !p.exit {
			return wait
		}
		p.notifSizes(a[2])
	default:
		p.ptr(a[2])
	}
	return last
}

// getNotifSizes prints struct seccomp_notif_sizes (linux/seccomp.h).
func (p *printer) notifSizes(addr uint64) {
	var v [3]uint16
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&v), 6, addr) {
		return
	}
	p.first("seccomp_notif")
	p.Uint(uint64(v[0]))
	p.fieldUint("seccomp_notif_resp", uint64(v[1]))
	p.fieldUint("seccomp_data", uint64(v[2]))
	p.Byte('}')
}

func (p *printer) landlockAttr(addr, size uint64) {
	const known = 8
	var v uint64
	if size < known {
		p.ptr(addr)
		return
	}
	if p.fetch(unsafe.Pointer(&v), known, addr) {
		p.Str("{handled_access_fs=")
		p.flags(xLandlockFs, v)
		if size > known {
			p.Str(", ...")
		}
		p.Byte('}')
	}
}

func (p *printer) landlockRule(addr uint64) {
	var v struct {
		access uint64
		fd     int32
	}
	if uint32(p.c.Args[1]) != 1 {
		p.ptr(addr)
		return
	}
	if p.fetch(unsafe.Pointer(&v), 12, addr) {
		p.Str("{allowed_access=")
		p.flags(xLandlockFs, v.access)
		p.field("parent_fd")
		p.fd(v.fd)
		p.Byte('}')
	}
}

package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// fcntl prints the command of fcntl(2) and its argument.
func fcntl(p *text.Printer) text.Step {
	cmd, v := uint32(p.C.Args[1]), p.C.Args[2]
	if !p.Cont {
		p.Val(names.Fcntl, uint64(cmd))
	}
	switch cmd {
	case unix.F_GETFD, unix.F_GETFL, unix.F_GETOWN, unix.F_GETSIG, unix.F_GETLEASE, unix.F_GETPIPE_SZ, unix.F_GET_SEALS:
		return text.Last
	case unix.F_GETLK, unix.F_OFD_GETLK, unix.F_GETOWN_EX:
		if !p.Exit {
			p.Comma()
			return text.Wait
		}
		if !p.Cont {
			p.Comma()
		}
		if p.Out(v) {
			fcntlOut(p, cmd, v)
		}
		return text.Last
	}
	p.Comma()
	switch cmd {
	case unix.F_SETFD:
		p.Flags(names.FdFlags, uint64(uint32(v)))
	case unix.F_SETFL:
		p.OpenFlags(uint64(uint32(v)))
	case unix.F_SETOWN:
		p.PidOrGroup(int32(v))
	case unix.F_DUPFD, unix.F_DUPFD_CLOEXEC, unix.F_SETPIPE_SZ:
		p.Int(int64(v))
	case unix.F_SETSIG:
		p.Sig(int32(v))
	case unix.F_SETLK, unix.F_SETLKW, unix.F_OFD_SETLK, unix.F_OFD_SETLKW:
		lock(p, v, false)
	case unix.F_SETLEASE:
		p.Val(names.FlockCmd, v)
	case unix.F_NOTIFY:
		p.Flags(names.Notify, v)
	case unix.F_ADD_SEALS:
		p.Flags(names.Seals, v)
	case unix.F_SETOWN_EX:
		ownerEx(p, v)
	default:
		p.AltHex(v)
	}
	return text.Last
}

func fcntlOut(p *text.Printer, cmd uint32, addr uint64) {
	switch cmd {
	case unix.F_GETLK, unix.F_OFD_GETLK:
		lock(p, addr, true)
	case unix.F_GETOWN_EX:
		ownerEx(p, addr)
	}
}

func lock(p *text.Printer, addr uint64, get bool) {
	var l unix.Flock_t
	if !p.Fetch(unsafe.Pointer(&l), int(unsafe.Sizeof(l)), addr) {
		return
	}
	p.Str("{l_type=")
	p.Val(names.FlockCmd, uint64(uint16(l.Type)))
	p.Field("l_whence")
	p.Val(names.Whence, uint64(uint16(l.Whence)))
	p.FieldInt("l_start", l.Start)
	p.FieldInt("l_len", l.Len)
	if get {
		p.Field("l_pid")
		p.Pid(l.Pid)
	}
	p.Byte('}')
}

func ownerEx(p *text.Printer, addr uint64) {
	var o [2]int32
	if p.Fetch(unsafe.Pointer(&o), 8, addr) {
		p.Str("{type=")
		p.Val(names.Owner, uint64(uint32(o[0])))
		p.Field("pid")
		ownerID(p, o[0], o[1])
		p.Byte('}')
	}
}

// ownerID prints the pid of struct f_owner_ex, which is of a kind.
func ownerID(p *text.Printer, kind, pid int32) {
	const tid, process, group = 0, 1, 2 // F_OWNER_TID, F_OWNER_PID, F_OWNER_PGRP
	switch kind {
	case tid:
		p.PidAs(pid, text.IDThread)
	case process:
		p.Pid(pid)
	case group:
		p.PidAs(pid, text.IDGroup)
	default:
		p.Int(int64(pid))
	}
}

// fcntlResult prints the result of fcntl(2), which depends on the command.
func fcntlResult(p *text.Printer) {
	v := p.C.Result
	switch uint32(p.C.Args[1]) {
	case unix.F_GETFD:
		noted(p, v, " (flags ", names.FdFlags)
	case unix.F_GETFL:
		p.AltHex(uint64(v))
		p.Str(" (flags ")
		p.OpenModes(uint64(uint32(v)))
		p.Byte(')')
	case unix.F_GET_SEALS:
		noted(p, v, " (seals ", names.Seals)
	case unix.F_GETLEASE:
		p.AltHex(uint64(v))
		if s := text.NameOf(names.FlockCmd, uint64(v)); s != "" {
			p.Str(" (")
			p.Str(s)
			p.Byte(')')
		}
	case unix.F_GETSIG:
		p.Int(v)
		if v != 0 {
			p.Str(" (")
			sigWord(p, int32(v))
			p.Byte(')')
		}
	case unix.F_DUPFD, unix.F_DUPFD_CLOEXEC:
		p.Fd(int32(v))
	case unix.F_GETOWN:
		p.PidOrGroup(int32(v))
	default:
		p.Int(v)
	}
}

// noted prints flags as a number with their names behind it.
func noted(p *text.Printer, v int64, text string, id names.ID) {
	p.AltHex(uint64(v))
	if v != 0 {
		p.Str(text)
		p.Flags(id, uint64(v))
		p.Byte(')')
	}
}

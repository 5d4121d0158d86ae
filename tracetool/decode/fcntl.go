package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// fcntl prints the command of fcntl(2) and its argument.
func (p *printer) fcntl() step {
	cmd, v := uint32(p.c.Args[1]), p.c.Args[2]
	if !p.cont {
		p.val(xFcntl, uint64(cmd))
	}
	switch cmd {
	case unix.F_GETFD, unix.F_GETFL, unix.F_GETOWN, unix.F_GETSIG, unix.F_GETLEASE, unix.F_GETPIPE_SZ, unix.F_GET_SEALS:
		return last
	case unix.F_GETLK, unix.F_OFD_GETLK, unix.F_GETOWN_EX:
		if !p.exit {
			p.comma()
			return wait
		}
		if !p.cont {
			p.comma()
		}
		if p.out(v) {
			p.fcntlOut(cmd, v)
		}
		return last
	}
	p.comma()
	switch cmd {
	case unix.F_SETFD:
		p.flags(xFdFlags, uint64(uint32(v)))
	case unix.F_SETFL:
		p.openFlags(uint64(uint32(v)))
	case unix.F_SETOWN:
		p.pidOrGroup(int32(v))
	case unix.F_DUPFD, unix.F_DUPFD_CLOEXEC, unix.F_SETPIPE_SZ:
		p.Int(int64(v))
	case unix.F_SETSIG:
		p.sig(int32(v))
	case unix.F_SETLK, unix.F_SETLKW, unix.F_OFD_SETLK, unix.F_OFD_SETLKW:
		p.lock(v, false)
	case unix.F_SETLEASE:
		p.val(xFlockCmd, v)
	case unix.F_NOTIFY:
		p.flags(xNotify, v)
	case unix.F_ADD_SEALS:
		p.flags(xSeals, v)
	case unix.F_SETOWN_EX:
		p.ownerEx(v)
	default:
		p.hex(v)
	}
	return last
}

func (p *printer) fcntlOut(cmd uint32, addr uint64) {
	switch cmd {
	case unix.F_GETLK, unix.F_OFD_GETLK:
		p.lock(addr, true)
	case unix.F_GETOWN_EX:
		p.ownerEx(addr)
	}
}

func (p *printer) lock(addr uint64, get bool) {
	var l unix.Flock_t
	if !p.fetch(unsafe.Pointer(&l), int(unsafe.Sizeof(l)), addr) {
		return
	}
	p.Str("{l_type=")
	p.val(xFlockCmd, uint64(uint16(l.Type)))
	p.field("l_whence")
	p.val(xWhence, uint64(uint16(l.Whence)))
	p.fieldInt("l_start", l.Start)
	p.fieldInt("l_len", l.Len)
	if get {
		p.field("l_pid")
		p.pid(l.Pid)
	}
	p.Byte('}')
}

func (p *printer) ownerEx(addr uint64) {
	var o [2]int32
	if p.fetch(unsafe.Pointer(&o), 8, addr) {
		p.Str("{type=")
		p.val(xOwner, uint64(uint32(o[0])))
		p.field("pid")
		p.ownerID(o[0], o[1])
		p.Byte('}')
	}
}

// ownerID prints the pid of struct f_owner_ex, which is of a kind.
func (p *printer) ownerID(kind, pid int32) {
	const tid, process, group = 0, 1, 2 // F_OWNER_TID, F_OWNER_PID, F_OWNER_PGRP
	switch kind {
	case tid:
		p.pidAs(pid, idThread)
	case process:
		p.pid(pid)
	case group:
		p.pidAs(pid, idGroup)
	default:
		p.Int(int64(pid))
	}
}

// fcntlResult prints the result of fcntl(2), which depends on the command.
func (p *printer) fcntlResult() {
	v := p.c.Result
	switch uint32(p.c.Args[1]) {
	case unix.F_GETFD:
		p.noted(v, " (flags ", xFdFlags)
	case unix.F_GETFL:
		p.hex(uint64(v))
		p.Str(" (flags ")
		p.openModes(uint64(uint32(v)))
		p.Byte(')')
	case unix.F_GET_SEALS:
		p.noted(v, " (seals ", xSeals)
	case unix.F_GETLEASE:
		p.hex(uint64(v))
		if s := name(xFlockCmd, uint64(v)); s != "" {
			p.Str(" (")
			p.Str(s)
			p.Byte(')')
		}
	case unix.F_GETSIG:
		p.Int(v)
		if v != 0 {
			p.Str(" (")
			p.sigWord(int32(v))
			p.Byte(')')
		}
	case unix.F_DUPFD, unix.F_DUPFD_CLOEXEC:
		p.fd(int32(v))
	case unix.F_GETOWN:
		p.pidOrGroup(int32(v))
	default:
		p.Int(v)
	}
}

// noted prints flags as a number with their names behind it.
func (p *printer) noted(v int64, text string, id nameID) {
	p.hex(uint64(v))
	if v != 0 {
		p.Str(text)
		p.flags(id, uint64(v))
		p.Byte(')')
	}
}

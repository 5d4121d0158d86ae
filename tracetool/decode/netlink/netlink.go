package netlink

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// NetlinkProto asks the kernel whether fd is a netlink socket and of which
// protocol; -1 if it is none.
func NetlinkProto(fd int32) int {
	if d := sockNumber(fd, unix.SO_DOMAIN); d != unix.AF_NETLINK {
		return -1
	}
	return sockNumber(fd, unix.SO_PROTOCOL)
}

// sockNumber returns a socket option of level SOL_SOCKET that is an int, or -1.
func sockNumber(fd int32, opt uintptr) int {
	var v, n int32 = 0, 4
	if systrap.Syscall(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, opt,
		uintptr(unsafe.Pointer(&v)), uintptr(unsafe.Pointer(&n)), 0) != 0 {
		return -1
	}
	return int(v)
}

// PacketText prints n bytes that are sent or received on fd.
func PacketText(p *text.Printer, fd int32, addr, n uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	if !text.NoNetlink(p.Tid, fd) {
		if proto := NetlinkProto(fd); proto >= 0 {
			Netlink(p, proto, addr, n)
			return
		}
	}
	p.Buf(addr, n)
}

// nlmsghdr is struct nlmsghdr (netlink(7)).
type nlmsghdr struct {
	len         uint32
	kind, flags uint16
	seq, pid    uint32
}

// Netlink prints the messages in n bytes at addr.
func Netlink(p *text.Printer, proto int, addr, n uint64) {
	if proto == unix.NETLINK_KOBJECT_UEVENT {
		uevent(p, addr, n)
		return
	}
	array := false
	for count := uint64(0); ; count++ {
		var h nlmsghdr
		if n < unix.NLMSG_HDRLEN {
			p.Random(addr, n)
			break
		}
		if !text.Peek(unsafe.Pointer(&h), unix.NLMSG_HDRLEN, addr) {
			p.Unreadable(addr, array)
			break
		}
		if !p.Full() && count == text.Opt.StrLen {
			p.Str("...")
			break
		}
		step, next := (uint64(h.len)+3)&^3, false
		if h.len >= unix.NLMSG_HDRLEN && n > step {
			next = true
		}
		if next && !array {
			p.Byte('[')
			array = true
		}
		nlMessage(p, proto, &h, addr, n)
		if !next {
			break
		}
		p.Comma()
		addr += step
		n -= step
	}
	if array {
		p.Byte(']')
	}
}

// maxErrors is how many error messages that hold error messages are opened.
const maxErrors = 4

// nlMessage prints a message. One of NLMSG_ERROR holds the one it is about.
//
//go:noinline
func nlMessage(p *text.Printer, proto int, h *nlmsghdr, addr, limit uint64) {
	var after [maxErrors]struct{ addr, len uint64 } // attributes behind an inner message
	m := *h
	depth := 0
	for {
		n := uint64(m.len)
		if n > limit {
			n = limit
		}
		if n > unix.NLMSG_HDRLEN {
			p.Byte('[')
		}
		nlHead(p, proto, &m)
		if n <= unix.NLMSG_HDRLEN {
			break
		}
		p.Comma()
		addr += unix.NLMSG_HDRLEN
		n -= unix.NLMSG_HDRLEN
		if m.kind != unix.NLMSG_ERROR || n < 20 || depth == maxErrors {
			nlPayload(p, proto, &m, addr, n)
			p.Byte(']')
			break
		}
		var e int32
		capped := m.flags&unix.NLM_F_CAPPED != 0
		if !p.Fetch(unsafe.Pointer(&e), 4, addr) {
			p.Byte(']')
			break
		}
		if !text.Peek(unsafe.Pointer(&m), unix.NLMSG_HDRLEN, addr+4) {
			p.Ptr(addr)
			p.Byte(']')
			break
		}
		addr += 4
		n -= 4
		inner := uint64(m.len)
		if inner < unix.NLMSG_HDRLEN || capped {
			inner = unix.NLMSG_HDRLEN
		}
		if inner > n {
			inner = n
		}
		after[depth].addr, after[depth].len = addr+inner, n-inner
		if n > inner {
			p.Byte('[')
		}
		depth++
		p.Str("{error=")
		p.ErrnoNeg(int64(e))
		p.Str(", msg=")
		limit = inner
	}
	for depth--; depth >= 0; depth-- {
		p.Byte('}')
		if a := &after[depth]; a.len > 0 {
			p.Comma()
			attrs(p, a.addr, a.len, &nlErrPolicy)
			p.Byte(']')
		}
		p.Byte(']')
	}
}

var nlErrPolicy = policy{names: names.NlErrAttr, attrs: []attr{1: {k: aStr}, {k: aU32}, {k: aArrU8}}}

func nlHead(p *text.Printer, proto int, h *nlmsghdr) {
	p.Str("{nlmsg_len=")
	p.Uint(uint64(h.len))
	p.Str(", nlmsg_type=")
	nlType(p, proto, h.kind)
	p.Str(", nlmsg_flags=")
	nlFlags(p, proto, h.kind, h.flags)
	p.FieldUint("nlmsg_seq", uint64(h.seq))
	p.Field("nlmsg_pid")
	p.Pid(int32(h.pid))
	p.Byte('}')
}

// nlPayload prints what a message holds.
func nlPayload(p *text.Printer, proto int, h *nlmsghdr, addr, n uint64) {
	if h.kind >= unix.NLMSG_MIN_TYPE {
		switch proto {
		case unix.NETLINK_ROUTE:
			nlRoute(p, h, addr, n)
			return
		case unix.NETLINK_SOCK_DIAG:
			nlDiag(p, h, addr, n)
			return
		case unix.NETLINK_NETFILTER:
			nlNetfilter(p, h, addr, n)
			return
		case unix.NETLINK_SELINUX:
			if nlSelinux(p, h, addr, n) {
				return
			}
		}
	}
	if h.kind == unix.NLMSG_DONE && n == 4 {
		var v int32
		if p.Fetch(unsafe.Pointer(&v), 4, addr) {
			p.Int(int64(v))
		}
		return
	}
	p.Random(addr, n)
}

// nlStruct prints a message's fixed part and the attributes behind it.
func nlStruct(p *text.Printer, s []text.Field, pol *policy, addr, n uint64) {
	var family uint8
	if !p.Fetch(unsafe.Pointer(&family), 1, addr) {
		return
	}
	p.Family = uint64(family)
	size := text.SizeOf(s)
	p.Byte('{')
	whole := true
	switch {
	case n < size && len(s) > 1:
		p.Fields(addr, s[:1], 1, true)
		p.Str(", ...")
		whole = false
	case !text.Readable(addr, size):
		p.Fields(addr, s[:1], 1, true)
		p.Comma()
		p.Hex(addr + 1)
		whole = false
	default:
		p.Fields(addr, s, size, true)
	}
	p.Byte('}')
	if off := (size + 3) &^ 3; whole && pol != nil && n > off {
		p.Comma()
		p.Family = uint64(family)
		attrs(p, addr+off, n-off, pol)
	}
}

// nlFamily prints a message of which only the family is known.
func nlFamily(p *text.Printer, family uint8, addr, n uint64) {
	p.Str("{family=")
	p.Val(names.Af, uint64(family))
	if n > 1 {
		p.Str(", data=")
		p.Random(addr+1, n-1)
	}
	p.Byte('}')
}

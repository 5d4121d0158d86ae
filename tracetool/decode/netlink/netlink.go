package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// netlinkProto asks the kernel whether fd is a netlink socket and of which
// protocol; -1 if it is none.
func netlinkProto(fd int32) int {
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

// packetText prints n bytes that are sent or received on fd.
func (p *printer) packetText(fd int32, addr, n uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	if proto := netlinkProto(fd); proto >= 0 {
		p.netlink(proto, addr, n)
		return
	}
	p.buf(addr, n)
}

// nlmsghdr is struct nlmsghdr (netlink(7)).
type nlmsghdr struct {
	len         uint32
	kind, flags uint16
	seq, pid    uint32
}

// netlink prints the messages in n bytes at addr.
func (p *printer) netlink(proto int, addr, n uint64) {
	if proto == unix.NETLINK_KOBJECT_UEVENT {
		p.uevent(addr, n)
		return
	}
	array := false
	for count := uint64(0); ; count++ {
		var h nlmsghdr
		if n < unix.NLMSG_HDRLEN {
			p.random(addr, n)
			break
		}
		if !peek(unsafe.Pointer(&h), unix.NLMSG_HDRLEN, addr) {
			p.unreadable(addr, array)
			break
		}
		if !p.full() && count == look.strLen {
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
		p.nlMessage(proto, &h, addr, n)
		if !next {
			break
		}
		p.comma()
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
func (p *printer) nlMessage(proto int, h *nlmsghdr, addr, limit uint64) {
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
		p.nlHead(proto, &m)
		if n <= unix.NLMSG_HDRLEN {
			break
		}
		p.comma()
		addr += unix.NLMSG_HDRLEN
		n -= unix.NLMSG_HDRLEN
		if m.kind != unix.NLMSG_ERROR || n < 20 || depth == maxErrors {
			p.nlPayload(proto, &m, addr, n)
			p.Byte(']')
			break
		}
		var e int32
		capped := m.flags&unix.NLM_F_CAPPED != 0
		if !p.fetch(unsafe.Pointer(&e), 4, addr) {
			p.Byte(']')
			break
		}
		if !peek(unsafe.Pointer(&m), unix.NLMSG_HDRLEN, addr+4) {
			p.ptr(addr)
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
		p.errnoNeg(int64(e))
		p.Str(", msg=")
		limit = inner
	}
	for depth--; depth >= 0; depth-- {
		p.Byte('}')
		if a := &after[depth]; a.len > 0 {
			p.comma()
			p.attrs(a.addr, a.len, &nlErrPolicy)
			p.Byte(']')
		}
		p.Byte(']')
	}
}

var nlErrPolicy = policy{names: xNlErrAttr, attrs: []attr{1: {k: aStr}, {k: aU32}, {k: aArrU8}}}

func (p *printer) nlHead(proto int, h *nlmsghdr) {
	p.Str("{nlmsg_len=")
	p.Uint(uint64(h.len))
	p.Str(", nlmsg_type=")
	p.nlType(proto, h.kind)
	p.Str(", nlmsg_flags=")
	p.nlFlags(proto, h.kind, h.flags)
	p.fieldUint("nlmsg_seq", uint64(h.seq))
	p.field("nlmsg_pid")
	p.pid(int32(h.pid))
	p.Byte('}')
}

// nlPayload prints what a message holds.
func (p *printer) nlPayload(proto int, h *nlmsghdr, addr, n uint64) {
	if h.kind >= unix.NLMSG_MIN_TYPE {
		switch proto {
		case unix.NETLINK_ROUTE:
			p.nlRoute(h, addr, n)
			return
		case unix.NETLINK_SOCK_DIAG:
			p.nlDiag(h, addr, n)
			return
		case unix.NETLINK_NETFILTER:
			p.nlNetfilter(h, addr, n)
			return
		case unix.NETLINK_SELINUX:
			if p.nlSelinux(h, addr, n) {
				return
			}
		}
	}
	if h.kind == unix.NLMSG_DONE && n == 4 {
		var v int32
		if p.fetch(unsafe.Pointer(&v), 4, addr) {
			p.Int(int64(v))
		}
		return
	}
	p.random(addr, n)
}

// nlStruct prints a message's fixed part and the attributes behind it.
func (p *printer) nlStruct(s []field, pol *policy, addr, n uint64) {
	var family uint8
	if !p.fetch(unsafe.Pointer(&family), 1, addr) {
		return
	}
	p.family = uint64(family)
	size := sizeOf(s)
	p.Byte('{')
	whole := true
	switch {
	case n < size && len(s) > 1:
		p.fields(addr, s[:1], 1, true)
		p.Str(", ...")
		whole = false
	case !readable(addr, size):
		p.fields(addr, s[:1], 1, true)
		p.comma()
		p.Hex(addr + 1)
		whole = false
	default:
		p.fields(addr, s, size, true)
	}
	p.Byte('}')
	if off := (size + 3) &^ 3; whole && pol != nil && n > off {
		p.comma()
		p.family = uint64(family)
		p.attrs(addr+off, n-off, pol)
	}
}

// nlFamily prints a message of which only the family is known.
func (p *printer) nlFamily(family uint8, addr, n uint64) {
	p.Str("{family=")
	p.val(xAf, uint64(family))
	if n > 1 {
		p.Str(", data=")
		p.random(addr+1, n-1)
	}
	p.Byte('}')
}

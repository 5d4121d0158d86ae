package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// sockopt prints an option's name, which depends on its level.
func (p *printer) sockopt(level, o uint32) {
	v := uint64(o)
	switch level {
	case unix.SOL_SOCKET:
		p.val(xSoOpt, v)
	case unix.SOL_IP:
		p.val(xIpOpt, v)
	case unix.SOL_IPV6:
		p.val(xIp6Opt, v)
	case unix.SOL_TCP:
		p.val(xTcpOpt, v)
	case unix.SOL_UDP:
		p.val(xUdpOpt, v)
	case unix.SOL_NETLINK:
		p.val(xNetlinkOpt, v)
	case unix.SOL_PACKET:
		p.val(xPacketOpt, v)
	default:
		p.Uint(v)
	}
}

// sockoptIn prints the value of an option being set.
func (p *printer) sockoptIn(addr uint64, n int32) {
	if addr == 0 || n <= 0 {
		p.ptr(addr)
		return
	}
	p.sockoptValue(addr, uint32(n))
}

// sockoptOut prints the value of an option asked for.
func (p *printer) sockoptOut(addr uint64) {
	var n int32
	if addr == 0 || p.failed() || !peek(unsafe.Pointer(&n), 4, p.c.Args[4]) || n <= 0 {
		p.ptr(addr)
		return
	}
	p.sockoptValue(addr, uint32(n))
}

func (p *printer) sockoptValue(addr uint64, n uint32) {
	level, o := uint32(p.c.Args[1]), uint32(p.c.Args[2])
	if level == unix.SOL_SOCKET {
		switch o {
		case unix.SO_LINGER:
			p.linger(addr, n)
			return
		case unix.SO_PEERCRED:
			if n == 12 {
				p.ucred(addr)
				return
			}
		case unix.SO_BINDTODEVICE, unix.SO_PEERSEC:
			p.buf(addr, uint64(n))
			return
		case unix.SO_ATTACH_FILTER:
			p.fprog(addr, n, false)
			return
		}
	}
	if level == unix.SOL_TCP && (o == unix.TCP_CONGESTION || o == unix.TCP_ULP) {
		p.buf(addr, uint64(n))
		return
	}
	if n == 4 {
		var v int32
		if p.fetch(unsafe.Pointer(&v), 4, addr) {
			p.Byte('[')
			p.Int(int64(v))
			p.Byte(']')
		}
		return
	}
	p.buf(addr, uint64(n))
}

func (p *printer) linger(addr uint64, n uint32) {
	var v [2]int32
	if n < 8 {
		p.ptr(addr)
		return
	}
	if p.fetch(unsafe.Pointer(&v), 8, addr) {
		p.Str("{l_onoff=")
		p.Int(int64(v[0]))
		p.fieldInt("l_linger", int64(v[1]))
		p.Byte('}')
	}
}

func (p *printer) ucred(addr uint64) {
	var v [3]uint32
	if p.fetch(unsafe.Pointer(&v), 12, addr) {
		p.ucredText(&v)
	}
}

func (p *printer) ucredText(v *[3]uint32) {
	p.Str("{pid=")
	p.Int(int64(int32(v[0])))
	p.fieldUint("uid", uint64(v[1]))
	p.fieldUint("gid", uint64(v[2]))
	p.Byte('}')
}

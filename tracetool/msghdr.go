package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// cmsgMax bounds the control data looked at.
const cmsgMax = 4096

// msghdr prints struct msghdr at addr. After a receipt (in) n is the number of
// bytes received.
func (p *printer) msghdr(addr uint64, in bool, n uint64) {
	var m unix.Msghdr
	if p.fetch(unsafe.Pointer(&m), int(unsafe.Sizeof(m)), addr) {
		p.msghdrText(&m, in, n)
	}
}

func (p *printer) msghdrText(m *unix.Msghdr, in bool, n uint64) {
	p.Str("{msg_name=")
	namelen := int64(int32(m.Namelen))
	cap := int64(int32(p.saved[0]))
	shown := namelen
	if in && shown > cap {
		shown = cap
	}
	name := uint64(uintptr(unsafe.Pointer(m.Name)))
	if in && shown == 0 {
		p.ptr(name)
	} else {
		p.sockaddr(name, shown)
	}
	p.field("msg_namelen")
	if in && cap != namelen {
		p.Int(cap)
		p.Str(" => ")
	}
	p.Int(namelen)
	p.field("msg_iov")
	p.iovec(uint64(uintptr(unsafe.Pointer(m.Iov))), m.Iovlen, iovData, n)
	p.fieldUint("msg_iovlen", m.Iovlen)
	if c := uint64(uintptr(unsafe.Pointer(m.Control))); c != 0 && m.Controllen > 0 {
		p.field("msg_control")
		p.cmsgs(c, m.Controllen)
	}
	p.fieldUint("msg_controllen", m.Controllen)
	p.field("msg_flags")
	p.flags(xMsg, uint64(uint32(m.Flags)))
	p.Byte('}')
}

// msghdrOut prints what recvmsg(2) left.
func (p *printer) msghdrOut(addr uint64) {
	if p.failed() {
		if addr == 0 {
			p.Str("NULL")
			return
		}
		var m unix.Msghdr
		if p.fetch(unsafe.Pointer(&m), int(unsafe.Sizeof(m)), addr) {
			p.Str("{msg_namelen=")
			p.Int(int64(int32(m.Namelen)))
			p.Byte('}')
		}
		return
	}
	p.msghdr(addr, true, uint64(p.c.Result))
}

// mmsg prints n struct mmsghdr.
func (p *printer) mmsg(addr, n uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	var k uint32
	if n > 0 && !peek(unsafe.Pointer(&k), 4, addr+56) {
		p.Hex(addr)
		return
	}
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		at := addr + 64*i
		if i > 0 {
			p.comma()
		}
		if i >= maxItems && !p.full() {
			p.Str("...")
			break
		}
		if !peek(unsafe.Pointer(&k), 4, at+56) {
			p.Hex(at)
			break
		}
		p.Str("{msg_hdr=")
		if p.exit {
			p.msghdr(at, false, uint64(k))
			p.fieldUint("msg_len", uint64(k))
		} else {
			p.msghdr(at, false, ^uint64(0))
		}
		p.Byte('}')
	}
	p.Byte(']')
}

// cmsgs prints the control messages of n bytes at addr (cmsg(3)).
func (p *printer) cmsgs(addr, n uint64) {
	var h struct {
		len         uint64
		level, kind int32
	}
	if n < 16 {
		p.ptr(addr)
		return
	}
	if n > cmsgMax {
		n = cmsgMax
	}
	p.Byte('[')
	for off := uint64(0); off+16 <= n; {
		if off > 0 {
			p.comma()
		}
		if !peek(unsafe.Pointer(&h), 16, addr+off) {
			p.Hex(addr + off)
			break
		}
		p.Str("{cmsg_len=")
		p.Uint(h.len)
		p.field("cmsg_level")
		p.val(xSol, uint64(uint32(h.level)))
		p.field("cmsg_type")
		k := h.len
		if k > n-off {
			k = n - off
		}
		p.cmsg(h.level, h.kind, addr+off+16, int64(k)-16)
		p.Byte('}')
		if h.len < 16 {
			break
		}
		off += (h.len + 7) &^ 7
	}
	p.Byte(']')
}

// cmsg prints the type and the data of a control message.
func (p *printer) cmsg(level, kind int32, addr uint64, n int64) {
	if level != unix.SOL_SOCKET {
		switch level {
		case unix.SOL_IP:
			p.val(xIpOpt, uint64(uint32(kind)))
		case unix.SOL_IPV6:
			p.val(xIp6Opt, uint64(uint32(kind)))
		default:
			p.hex(uint64(uint32(kind)))
		}
	} else if s := name(xScm, uint64(uint32(kind))); s != "" {
		p.Str(s)
	} else {
		p.soTimestamp(kind)
	}
	if n <= 0 {
		return
	}
	p.field("cmsg_data")
	switch {
	case level == unix.SOL_SOCKET && kind == unix.SCM_RIGHTS:
		p.fdArray(addr, uint64(n)/4)
	case level == unix.SOL_SOCKET && kind == unix.SCM_CREDENTIALS && n >= 12:
		p.ucred(addr)
	case level == unix.SOL_SOCKET && kind == unix.SO_TIMESTAMP && n >= 16:
		p.timeval(addr)
	case level == unix.SOL_SOCKET && kind == unix.SO_TIMESTAMPNS && n >= 16:
		p.timespec(addr)
	case level == unix.SOL_IP && kind == unix.IP_PKTINFO && n >= 12:
		p.pktinfo(addr)
	case level == unix.SOL_IP && kind == unix.IP_TTL && n >= 4:
		var v int32
		if p.fetch(unsafe.Pointer(&v), 4, addr) {
			p.Byte('[')
			p.Int(int64(v))
			p.Byte(']')
		}
	default:
		p.buf(addr, uint64(n))
	}
}

func (p *printer) soTimestamp(kind int32) {
	switch kind {
	case unix.SO_TIMESTAMP:
		p.Str("SO_TIMESTAMP_OLD")
	case unix.SO_TIMESTAMPNS:
		p.Str("SO_TIMESTAMPNS_OLD")
	case unix.SO_TIMESTAMPING:
		p.Str("SO_TIMESTAMPING_OLD")
	default:
		p.hex(uint64(uint32(kind)))
		p.Str(" /* SCM_??? */")
	}
}

func (p *printer) fdArray(addr, n uint64) {
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		var fd int32
		if i > 0 {
			p.comma()
		}
		if i >= maxItems && !p.full() {
			p.Str("...")
			break
		}
		if !peek(unsafe.Pointer(&fd), 4, addr+4*i) {
			p.Hex(addr + 4*i)
			break
		}
		p.fd(fd)
	}
	p.Byte(']')
}

func (p *printer) pktinfo(addr uint64) {
	var b [12]byte
	if !p.fetch(unsafe.Pointer(&b), 12, addr) {
		return
	}
	p.Str("{ipi_ifindex=")
	p.ifindex(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
	p.field("ipi_spec_dst")
	p.inetAddr(b[4:8])
	p.field("ipi_addr")
	p.inetAddr(b[8:12])
	p.Byte('}')
}

package tracetool

import (
	"unsafe"

	"libsystrap/systrap"
)

// infoKind is what kind of link IFLA_INFO_KIND names.
type infoKind uint8

const (
	kindOther infoKind = iota
	kindBridge
	kindTun
	kindCan
)

func linkKind(addr, n uint64) infoKind {
	var b [8]byte
	if n > 8 || systrap.Read(b[:n], addr) != int(n) {
		return kindOther
	}
	switch {
	case string(b[:7]) == "bridge\x00" && n >= 7:
		return kindBridge
	case string(b[:4]) == "tun\x00" && n >= 4:
		return kindTun
	case string(b[:4]) == "can\x00" && n >= 4:
		return kindCan
	}
	return kindOther
}

// kindAttr prints what depends on the kind of link.
func (p *printer) kindAttr(a *attr, k infoKind, addr, n uint64) (in level) {
	switch {
	case a.k == aKindData && k == kindBridge:
		return level{addr: addr, len: uint32(n), pol: &iflaBr}
	case a.k == aKindData && k == kindTun:
		return level{addr: addr, len: uint32(n), pol: &tunPolicy}
	case a.k == aKindSlave && k == kindBridge:
		return level{addr: addr, len: uint32(n), pol: &brport}
	case a.k == aKindXstats && k == kindCan && n >= 24:
		p.structAt(addr, sCanStats)
		return
	}
	p.random(addr, n)
	return
}

// via prints struct rtvia.
func (p *printer) via(addr, n uint64) bool {
	var family uint16
	if n < 2 {
		return false
	}
	if !p.fetch(unsafe.Pointer(&family), 2, addr) {
		return true
	}
	p.Str("{rtvia_family=")
	p.val(xAf, uint64(family))
	if n > 2 {
		p.comma()
		p.inetAt(uint64(family), addr+2, n-2, "rtvia_addr")
	}
	p.Byte('}')
	return true
}

var (
	sGuid32 = []field{{"vf", fU32, 0}, {"guid", fPackedX64, 0}}
	sGuid64 = []field{{"vf", fU32, 0}, {"guid", fX64, 0}}
)

// guid prints struct ifla_vf_guid, which has a hole in some compilers' eyes.
func (p *printer) guid(addr, n uint64) bool {
	switch n {
	case 12:
		p.structAt(addr, sGuid32)
	case 16:
		p.structAt(addr, sGuid64)
	default:
		return false
	}
	return true
}

// diagAttr prints attributes of sock_diag(7) that are not one structure.
func (p *printer) diagAttr(a *attr, addr, n uint64) bool {
	switch a.k {
	case aCode:
		return p.bytecode(addr, n)
	case aSockaddrs:
		return p.sockaddrs(addr, n)
	case aFilter:
		if n < 8 || n/8 > 0xffff {
			return false
		}
		p.filter(addr, n/8, false)
		return true
	case aSockopt:
		return p.diagSockopt(addr, n)
	case aMd5:
		return p.md5(addr, n)
	}
	return false
}

var (
	sBcOp     = []field{{"code", fV8, xInetBc}, {"yes", fU8, 0}, {"no", fU16, 0}}
	sMarkcond = []field{{"mark", fU32, 0}, {"mask", fU32, 0}}
)

// bytecode prints a filter of inet_diag: an operation and what it compares
// with.
func (p *printer) bytecode(addr, n uint64) bool {
	if n < 4 {
		return false
	}
	var code uint8
	if !p.fetch(unsafe.Pointer(&code), 1, addr) || !p.structAt(addr, sBcOp) || n == 4 {
		return true
	}
	p.comma()
	addr += 4
	n -= 4
	switch {
	case code == 7 || code == 8: // INET_DIAG_BC_S_COND, INET_DIAG_BC_D_COND
		if n >= 8 {
			p.hostcond(addr, n)
			return true
		}
	case code == 9: // INET_DIAG_BC_DEV_COND
		if n >= 4 {
			var i uint32
			if p.fetch(unsafe.Pointer(&i), 4, addr) {
				p.ifindex(i)
			}
			return true
		}
	case code >= 2 && code <= 5: // comparisons of ports
		if n >= 4 {
			p.structAt(addr, sBcOp)
			return true
		}
	case code == 10: // INET_DIAG_BC_MARK_COND
		if n >= 8 {
			p.structAt(addr, sMarkcond)
			return true
		}
	}
	p.random(addr, n)
	return true
}

// hostcond prints struct inet_diag_hostcond.
func (p *printer) hostcond(addr, n uint64) {
	var h struct {
		family, prefix uint8
		port           int32
	}
	if !p.fetch(unsafe.Pointer(&h), 8, addr) {
		return
	}
	p.Str("{family=")
	p.val(xAf, uint64(h.family))
	p.fieldUint("prefix_len", uint64(h.prefix))
	p.fieldUint("port", uint64(uint32(h.port)))
	if n > 8 {
		p.comma()
		p.inetAt(uint64(h.family), addr+8, n-8, "addr")
	}
	p.Byte('}')
}

func (p *printer) sockaddrs(addr, n uint64) bool {
	count := n / sockaddrMax
	if count == 0 {
		return false
	}
	for i := uint64(0); i < count; i++ {
		at := addr + i*sockaddrMax
		if i > 0 {
			p.comma()
		}
		if !readable(at, sockaddrMax) {
			p.unreadable(at, i > 0)
			if i == 0 {
				return true
			}
			break
		}
		if i == 0 {
			p.Byte('[')
		}
		p.sockaddr(at, sockaddrMax)
	}
	p.Byte(']')
	return true
}

// sockoptBits are the members of struct inet_diag_sockopt, a bit each.
var sockoptBits = [...]string{"recverr", "is_icsk", "freebind", "hdrincl", "mc_loop", "transparent", "mc_all", "nodefrag",
	"bind_address_no_port", "recverr_rfc4884", "defer_connect"}

func (p *printer) diagSockopt(addr, n uint64) bool {
	var v uint16
	if n < 2 {
		return false
	}
	if !p.fetch(unsafe.Pointer(&v), 2, addr) {
		return true
	}
	p.Byte('{')
	first := true
	for i := range sockoptBits {
		if bit := v >> i & 1; p.full() || bit != 0 {
			p.sep(&first, sockoptBits[i])
			p.Uint(uint64(bit))
		}
	}
	if rest := v >> len(sockoptBits); p.full() || rest != 0 {
		p.sep(&first, "unused")
		p.hex(uint64(rest))
		p.comment("bits 3..8")
	}
	p.Byte('}')
	p.nonzero(", ", addr, 2, n)
	return true
}

// md5 prints an array of struct tcp_diag_md5sig.
func (p *printer) md5(addr, n uint64) bool {
	size := sizeOf(sMd5)
	if n < size {
		return false
	}
	for i := uint64(0); i < n/size; i++ {
		var family uint8
		at := addr + i*size
		if i > 0 {
			p.comma()
		}
		if !peek(unsafe.Pointer(&family), 1, at) || !readable(at, size) {
			p.unreadable(at, i > 0)
			if i == 0 {
				return true
			}
			break
		}
		if i == 0 {
			p.Byte('[')
		}
		p.family = uint64(family)
		p.structAt(at, sMd5)
	}
	p.Byte(']')
	return true
}

var sMd5 = []field{{"tcpm_family", fV8, xAf}, {"tcpm_prefixlen", fU8, 0}, {"tcpm_keylen", fU16, 0}, {"tcpm_addr", fInet, 16},
	{"tcpm_key", fBytesLen, 80}}

package netlink

import (
	"unsafe"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/bpf"
	"libsystrap/tracetool/decode/common"
	"libsystrap/tracetool/text"
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
func kindAttr(p *text.Printer, a *attr, k infoKind, addr, n uint64) (in level) {
	switch {
	case a.k == aKindData && k == kindBridge:
		return level{addr: addr, len: uint32(n), pol: &iflaBr}
	case a.k == aKindData && k == kindTun:
		return level{addr: addr, len: uint32(n), pol: &tunPolicy}
	case a.k == aKindSlave && k == kindBridge:
		return level{addr: addr, len: uint32(n), pol: &brport}
	case a.k == aKindXstats && k == kindCan && n >= 24:
		p.StructAt(addr, sCanStats)
		return
	}
	p.Random(addr, n)
	return
}

// via prints struct rtvia.
func via(p *text.Printer, addr, n uint64) bool {
	var family uint16
	if n < 2 {
		return false
	}
	if !p.Fetch(unsafe.Pointer(&family), 2, addr) {
		return true
	}
	p.Str("{rtvia_family=")
	p.Val(names.Af, uint64(family))
	if n > 2 {
		p.Comma()
		inetAt(p, uint64(family), addr+2, n-2, "rtvia_addr")
	}
	p.Byte('}')
	return true
}

var (
	sGuid32 = []text.Field{{Name: "vf", Kind: text.U32}, {Name: "guid", Kind: text.PackedX64}}
	sGuid64 = []text.Field{{Name: "vf", Kind: text.U32}, {Name: "guid", Kind: text.X64}}
)

// guid prints struct ifla_vf_guid, which has a hole in some compilers' eyes.
func guid(p *text.Printer, addr, n uint64) bool {
	switch n {
	case 12:
		p.StructAt(addr, sGuid32)
	case 16:
		p.StructAt(addr, sGuid64)
	default:
		return false
	}
	return true
}

// diagAttr prints attributes of sock_diag(7) that are not one structure.
func diagAttr(p *text.Printer, a *attr, addr, n uint64) bool {
	switch a.k {
	case aCode:
		return bytecode(p, addr, n)
	case aSockaddrs:
		return sockaddrs(p, addr, n)
	case aFilter:
		if n < 8 || n/8 > 0xffff {
			return false
		}
		bpf.Filter(p, addr, n/8, false)
		return true
	case aSockopt:
		return diagSockopt(p, addr, n)
	case aMd5:
		return md5(p, addr, n)
	}
	return false
}

var (
	sBcOp     = []text.Field{{Name: "code", Kind: text.V8, Arg: names.InetBc}, {Name: "yes", Kind: text.U8}, {Name: "no", Kind: text.U16}}
	sMarkcond = []text.Field{{Name: "mark", Kind: text.U32}, {Name: "mask", Kind: text.U32}}
)

// bytecode prints a filter of inet_diag: an operation and what it compares
// with.
func bytecode(p *text.Printer, addr, n uint64) bool {
	if n < 4 {
		return false
	}
	var code uint8
	if !p.Fetch(unsafe.Pointer(&code), 1, addr) || !p.StructAt(addr, sBcOp) || n == 4 {
		return true
	}
	p.Comma()
	addr += 4
	n -= 4
	switch {
	case code == 7 || code == 8: // INET_DIAG_BC_S_COND, INET_DIAG_BC_D_COND
		if n >= 8 {
			hostcond(p, addr, n)
			return true
		}
	case code == 9: // INET_DIAG_BC_DEV_COND
		if n >= 4 {
			var i uint32
			if p.Fetch(unsafe.Pointer(&i), 4, addr) {
				p.Ifindex(i)
			}
			return true
		}
	case code >= 2 && code <= 5: // comparisons of ports
		if n >= 4 {
			p.StructAt(addr, sBcOp)
			return true
		}
	case code == 10: // INET_DIAG_BC_MARK_COND
		if n >= 8 {
			p.StructAt(addr, sMarkcond)
			return true
		}
	}
	p.Random(addr, n)
	return true
}

// hostcond prints struct inet_diag_hostcond.
func hostcond(p *text.Printer, addr, n uint64) {
	var h struct {
		family, prefix uint8
		port           int32
	}
	if !p.Fetch(unsafe.Pointer(&h), 8, addr) {
		return
	}
	p.Str("{family=")
	p.Val(names.Af, uint64(h.family))
	p.FieldUint("prefix_len", uint64(h.prefix))
	p.FieldUint("port", uint64(uint32(h.port)))
	if n > 8 {
		p.Comma()
		inetAt(p, uint64(h.family), addr+8, n-8, "addr")
	}
	p.Byte('}')
}

func sockaddrs(p *text.Printer, addr, n uint64) bool {
	count := n / common.SockaddrMax
	if count == 0 {
		return false
	}
	for i := uint64(0); i < count; i++ {
		at := addr + i*common.SockaddrMax
		if i > 0 {
			p.Comma()
		}
		if !text.Readable(at, common.SockaddrMax) {
			p.Unreadable(at, i > 0)
			if i == 0 {
				return true
			}
			break
		}
		if i == 0 {
			p.Byte('[')
		}
		common.Sockaddr(p, at, common.SockaddrMax)
	}
	p.Byte(']')
	return true
}

// sockoptBits are the members of struct inet_diag_sockopt, a bit each.
var sockoptBits = [...]string{"recverr", "is_icsk", "freebind", "hdrincl", "mc_loop", "transparent", "mc_all", "nodefrag",
	"bind_address_no_port", "recverr_rfc4884", "defer_connect"}

func diagSockopt(p *text.Printer, addr, n uint64) bool {
	var v uint16
	if n < 2 {
		return false
	}
	if !p.Fetch(unsafe.Pointer(&v), 2, addr) {
		return true
	}
	p.Byte('{')
	first := true
	for i := range sockoptBits {
		if bit := v >> i & 1; p.Full() || bit != 0 {
			p.Sep(&first, sockoptBits[i])
			p.Uint(uint64(bit))
		}
	}
	if rest := v >> len(sockoptBits); p.Full() || rest != 0 {
		p.Sep(&first, "unused")
		p.AltHex(uint64(rest))
		p.Comment("bits 3..8")
	}
	p.Byte('}')
	p.Nonzero(", ", addr, 2, n)
	return true
}

// md5 prints an array of struct tcp_diag_md5sig.
func md5(p *text.Printer, addr, n uint64) bool {
	size := text.SizeOf(sMd5)
	if n < size {
		return false
	}
	for i := uint64(0); i < n/size; i++ {
		var family uint8
		at := addr + i*size
		if i > 0 {
			p.Comma()
		}
		if !text.Peek(unsafe.Pointer(&family), 1, at) || !text.Readable(at, size) {
			p.Unreadable(at, i > 0)
			if i == 0 {
				return true
			}
			break
		}
		if i == 0 {
			p.Byte('[')
		}
		p.Family = uint64(family)
		p.StructAt(at, sMd5)
	}
	p.Byte(']')
	return true
}

var sMd5 = []text.Field{{Name: "tcpm_family", Kind: text.V8, Arg: names.Af}, {Name: "tcpm_prefixlen", Kind: text.U8}, {Name: "tcpm_keylen", Kind: text.U16}, {Name: "tcpm_addr", Kind: text.Inet, Arg: 16},
	{Name: "tcpm_key", Kind: text.BytesLen, Arg: 80}}

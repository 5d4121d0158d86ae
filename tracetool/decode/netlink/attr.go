package netlink

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// A policy says what the attributes of a list are (netlink(7)).
type policy struct {
	names names.ID
	attrs []attr    // by type; nil: all bytes are shown
	afs   []afAttrs // instead of attrs: what an attribute holds depends on its type, an address family
}

type afAttrs struct {
	family uint16
	pol    *policy
}

// attr is what an attribute holds.
type attr struct {
	k   ak
	x   names.ID     // table of names
	s   []text.Field // of aStruct
	min uint16       // the shortest, oldest size of s
	mid uint16       // a size between
	pol *policy      // of the attributes within
}

type ak uint8

const (
	aBytes ak = iota // not known: bytes in hexadecimal
	aU8
	aU16
	aU32
	aU64
	aS32
	aX8
	aX16
	aX32
	aXint  // hexadecimal number of any size
	aBe16  // htons()
	aBe64  // htobe64()
	aStr   // text with a NUL at its end, which is not shown
	aVal1  // name of table x, one byte
	aVal2  // two
	aVal4  // four
	aVal   // any size
	aVal1s // one byte, or more that are not looked at
	aVal2s
	aVal4s
	aFlags1  // flags of table x, one byte
	aFlags2  // two
	aFlags4  // four
	aFlags4s // four, or more that are not looked at
	aEther   // a protocol of Ethernet
	aIfindex // an interface
	aFdAttr
	aId
	aTicks
	aMac
	aMacLink // as IFLA_ADDRESS
	aIn4
	aIn6
	aAddr   // an address of the message's family
	aStruct // the fields s, then attributes of pol
	aFirst  // the index of an interface, then attributes of pol
	aNest   // attributes of pol
	aFamily // attributes by the message's family, of pol.afs
	aAfSpec // IFLA_AF_SPEC
	aHops   // RTA_MULTIPATH
	aArrU16 // arrays of numbers
	aArrU32
	aArrU8
	aArrZ64
	aIdxS32 // arrays with the names of their indices, of table x
	aIdxU32
	aIdxU64
	aStructs  // array of the structures s
	aKind     // IFLA_INFO_KIND, IFLA_INFO_SLAVE_KIND
	aKindData // what follows from it
	aKindXstats
	aKindSlave
	aMdbEntry
	aVia       // struct rtvia
	aCode      // inet_diag's bytecode
	aShutdown  // flags of a socket's shutdown
	aSockaddrs // array of struct sockaddr_storage
	aFilter    // classic BPF
	aSockopt   // struct inet_diag_sockopt
	aMd5
	aGuid
)

// level is a list of attributes being printed.
type level struct {
	addr, next uint64
	len, rest  uint32 // from addr, from next
	count      uint32
	pol        *policy
	array      bool     // '[' has been printed
	inner      bool     // the attribute at addr has its own '['
	hops       bool     // a list of struct rtnexthop
	kind       infoKind // of the link
	slave      infoKind // of what it is a slave of
}

// maxNest is how deep attributes are looked at.
const maxNest = 8

// attrs prints the list of attributes of n bytes at addr. Lists within lists
// are kept on a stack of this function's own, so that what the program's data
// says does not decide how much of the real one is needed.
//
//go:noinline
func attrs(p *text.Printer, addr, n uint64, pol *policy) {
	var stack [maxNest]level
	stack[0] = level{addr: addr, len: uint32(n), pol: pol}
	for d := 0; d >= 0; {
		l := &stack[d]
		var in level
		if l.hops {
			in = hop(p, l)
		} else {
			in = attribute(p, l)
		}
		if in.pol != nil && d+1 < maxNest {
			d++
			stack[d] = in
			continue
		}
		if in.pol != nil {
			p.Random(in.addr, uint64(in.len))
		}
		for d >= 0 && !after(p, &stack[d]) {
			d--
		}
	}
}

// after ends an attribute and says whether another one follows.
func after(p *text.Printer, l *level) bool {
	if l.inner {
		p.Byte(']')
		l.inner = false
	}
	if l.next == 0 {
		if l.array {
			p.Byte(']')
		}
		return false
	}
	p.Comma()
	l.addr, l.len, l.next = l.next, l.rest, 0
	l.count++
	return true
}

// attribute prints the attribute at l.addr; it returns the list within, if it is to
// be printed next.
func attribute(p *text.Printer, l *level) (in level) {
	var h struct{ len, kind uint16 }
	if l.len < 4 {
		p.Random(l.addr, uint64(l.len))
		return
	}
	if systrap.Read(unsafe.Slice((*byte)(unsafe.Pointer(&h)), 4), l.addr) != 4 {
		p.Unreadable(l.addr, l.array)
		return
	}
	if !p.Full() && uint64(l.count) == text.Opt.StrLen {
		p.Str("...")
		return
	}
	if h.len >= 4 {
		step := (uint32(h.len) + 3) &^ 3
		if l.len > step {
			l.next, l.rest = l.addr+uint64(step), l.len-step
		}
	}
	if l.next != 0 && !l.array {
		p.Byte('[')
		l.array = true
	}
	n := uint64(h.len)
	if n > uint64(l.len) {
		n = uint64(l.len)
	}
	if n > 4 {
		p.Byte('[')
		l.inner = true
	}
	attrHead(p, h.len, h.kind, l.pol)
	if n <= 4 {
		return
	}
	p.Comma()
	t := h.kind & 0x3fff // NLA_TYPE_MASK
	return payload(p, l, t, l.addr+4, n-4)
}

func attrHead(p *text.Printer, n, t uint16, pol *policy) {
	p.Str("{nla_len=")
	p.Uint(uint64(n))
	p.Str(", nla_type=")
	if t&unix.NLA_F_NESTED != 0 {
		p.Str("NLA_F_NESTED|")
	}
	if t&unix.NLA_F_NET_BYTEORDER != 0 {
		p.Str("NLA_F_NET_BYTEORDER|")
	}
	if pol == &anyAttrs {
		p.AltHex(uint64(t & 0x3fff))
	} else {
		p.Val(pol.names, uint64(t&0x3fff))
	}
	p.Byte('}')
}

// anyAttrs is the policy of lists of which nothing is known.
var anyAttrs = policy{}

// payload prints what attribute t of list l holds; it returns the list within.
func payload(p *text.Printer, l *level, t uint16, addr, n uint64) (in level) {
	if l.pol.afs != nil {
		return byFamily(p, l.pol, uint64(t), addr, n)
	}
	if int(t) >= len(l.pol.attrs) {
		p.Random(addr, n)
		return
	}
	a := &l.pol.attrs[t]
	switch a.k {
	case aNest:
		return level{addr: addr, len: uint32(n), pol: a.pol}
	case aFamily:
		return byFamily(p, a.pol, p.Family, addr, n)
	case aAfSpec:
		if p.Family == unix.AF_BRIDGE {
			return level{addr: addr, len: uint32(n), pol: &bridgeSpec}
		}
		return level{addr: addr, len: uint32(n), pol: a.pol}
	case aHops:
		if n >= 8 {
			return level{addr: addr, len: uint32(n), pol: l.pol, hops: true}
		}
	case aStruct, aFirst, aMdbEntry:
		return structAttr(p, a, addr, n)
	case aKind:
		if t == unix.IFLA_INFO_KIND {
			l.kind = linkKind(addr, n)
		} else {
			l.slave = linkKind(addr, n)
		}
		p.Text(addr, n, text.Opt.StrLen, true)
		return
	case aKindSlave:
		return kindAttr(p, a, l.slave, addr, n)
	case aKindData, aKindXstats:
		return kindAttr(p, a, l.kind, addr, n)
	default:
		if simpleAttr(p, a, addr, n) {
			return
		}
	}
	p.Random(addr, n)
	return
}

func byFamily(p *text.Printer, pol *policy, family, addr, n uint64) (in level) {
	for i := range pol.afs {
		if uint64(pol.afs[i].family) == family {
			return level{addr: addr, len: uint32(n), pol: pol.afs[i].pol}
		}
	}
	p.Random(addr, n)
	return
}

// structAttr prints a structure and lets the attributes behind it follow.
func structAttr(p *text.Printer, a *attr, addr, n uint64) (in level) {
	size := uint64(4)
	s := a.s
	switch a.k {
	case aStruct:
		size = text.SizeOf(s)
	case aMdbEntry:
		s = sMdbEntry
		size = text.SizeOf(s)
		var proto uint16
		text.Peek(unsafe.Pointer(&proto), 2, addr+24)
		p.Family = text.Bswap(uint64(proto), 2)
	}
	switch {
	case n >= size:
	case a.mid != 0 && n >= uint64(a.mid):
		size = uint64(a.mid)
	case a.min != 0 && n == uint64(a.min):
		size = n
	}
	if n < size {
		p.Random(addr, n)
		return
	}
	if a.k == aFirst {
		var i uint32
		if p.Fetch(unsafe.Pointer(&i), 4, addr) {
			p.Ifindex(i)
		}
	} else {
		p.StructPart(addr, s, size)
	}
	size = (size + 3) &^ 3
	if a.pol == nil || n <= size {
		return
	}
	p.Comma()
	if a.pol == &anyAttrs {
		p.Random(addr+size, n-size)
		return
	}
	return level{addr: addr + size, len: uint32(n - size), pol: a.pol}
}

// hop prints a struct rtnexthop, of which RTA_MULTIPATH is a list.
func hop(p *text.Printer, l *level) (in level) {
	var h struct {
		len         uint16
		flags, hops uint8
		ifindex     uint32
	}
	if !p.Fetch(unsafe.Pointer(&h), 8, l.addr) {
		return
	}
	n := uint32(h.len)
	if n > l.len {
		n = l.len
	}
	if l.count == 0 && uint32(h.len) < l.len {
		p.Byte('[')
		l.array = true
	}
	if n > 8 {
		p.Byte('[')
		l.inner = true
	}
	p.StructAt(l.addr, sRtnexthop)
	if step := (n + 3) &^ 3; step < l.len && step > 0 {
		l.next, l.rest = l.addr+uint64(step), l.len-step
	}
	if n <= 8 {
		return
	}
	p.Comma()
	return level{addr: l.addr + 8, len: n - 8, pol: l.pol}
}

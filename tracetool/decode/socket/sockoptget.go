package socket

import (
	"math/bits"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/bpf"
	"libsystrap/tracetool/text"
)

// SockoptOut prints the value of an option asked for; saved[0] is the size of
// the room for it.
func SockoptOut(p *text.Printer, addr uint64) {
	level, o := uint32(p.C.Args[1]), uint32(p.C.Args[2])
	var n int32
	room := int32(p.Saved[0])
	if addr == 0 || p.Failed() || !text.Peek(unsafe.Pointer(&n), 4, p.C.Args[4]) || n <= 0 || room <= 0 {
		p.Ptr(addr)
		return
	}
	switch level {
	case unix.SOL_SOCKET:
		if socketOption(p, o, addr, uint64(n)) {
			return
		}
	case unix.SOL_PACKET:
		if o == unix.PACKET_STATISTICS {
			partStruct(p, addr, sTpStats, uint64(n))
			return
		}
	case unix.SOL_RAW:
		if o == 1 {
			icmpFilter(p, addr, n)
			return
		}
	case unix.SOL_NETLINK:
		if o != unix.NETLINK_LIST_MEMBERSHIPS {
			p.IntAt(addr)
			return
		}
		if n > room {
			n = room
		}
		var v uint32
		for i := uint64(0); p.Each(unsafe.Pointer(&v), 4, addr, i, uint64(n)/4); i++ {
			p.Uint(uint64(v))
		}
		return
	}
	otherOption(p, addr, n)
}

// socketOption prints an option of level SOL_SOCKET of n bytes, if it is more
// than bytes or a number.
func socketOption(p *text.Printer, o uint32, addr, n uint64) bool {
	switch {
	case o == unix.SO_LINGER:
		partStruct(p, addr, sLinger, n)
	case o == unix.SO_PEERCRED:
		partStruct(p, addr, sUcred, n)
	case o == unix.SO_ATTACH_FILTER: // SO_GET_FILTER: n is a number of instructions
		if n > 0xffff {
			p.Ptr(addr)
			break
		}
		bpf.Filter(p, addr, n, false)
	case o == unix.SO_ERROR:
		var e uint32
		if n < 4 {
			p.Random(addr, n)
		} else if p.Fetch(unsafe.Pointer(&e), 4, addr) {
			p.Byte('[')
			p.Errno(uint64(e))
			p.Byte(']')
		}
	case o == soTxrehash:
		txrehash(p, addr, int32(n))
	case intOption(o):
		if n < 4 {
			p.Random(addr, n)
		} else {
			p.IntAt(addr)
		}
	default:
		return false
	}
	return true
}

// partStruct prints as much of a structure as n bytes hold.
func partStruct(p *text.Printer, addr uint64, s []text.Field, n uint64) {
	if size := text.SizeOf(s); n > size {
		n = size
	}
	p.StructPart(addr, s, n)
}

// icmpFilter prints the set of types that ICMP_FILTER stops (raw(7)), or those
// it lets through if they are fewer.
func icmpFilter(p *text.Printer, addr uint64, n int32) {
	v := ^uint32(0)
	if n > 4 {
		n = 4
	}
	if n <= 0 {
		p.Ptr(addr)
		return
	}
	if !p.Fetch(unsafe.Pointer(&v), int(n), addr) {
		return
	}
	if bits.OnesCount32(v) > 16 {
		v = ^v
		p.Byte('~')
	}
	p.Byte('[')
	first := true
	for i := uint64(0); i < 32; i++ {
		if v>>i&1 == 0 {
			continue
		}
		if !first {
			p.Byte(' ')
		}
		first = false
		p.Val(names.Icmp, i)
	}
	p.Byte(']')
}

// OptlenOut prints the size of an option's value; the kernel may have changed
// it.
func OptlenOut(p *text.Printer, addr uint64) {
	var n int32
	was := int32(p.Saved[0])
	if !text.Peek(unsafe.Pointer(&n), 4, addr) {
		p.Ptr(addr)
		return
	}
	if p.Failed() {
		n = was
	}
	p.Byte('[')
	if was != n {
		p.Int(int64(was))
		p.Str(" => ")
	}
	p.Int(int64(n))
	p.Byte(']')
}

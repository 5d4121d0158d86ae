package tracetool

import (
	"math/bits"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sockoptOut prints the value of an option asked for; saved[0] is the size of
// the room for it.
func (p *printer) sockoptOut(addr uint64) {
	level, o := uint32(p.c.Args[1]), uint32(p.c.Args[2])
	var n int32
	room := int32(p.saved[0])
	if addr == 0 || p.failed() || !peek(unsafe.Pointer(&n), 4, p.c.Args[4]) || n <= 0 || room <= 0 {
		p.ptr(addr)
		return
	}
	switch level {
	case unix.SOL_SOCKET:
		if p.socketOption(o, addr, uint64(n)) {
			return
		}
	case unix.SOL_PACKET:
		if o == unix.PACKET_STATISTICS {
			p.partStruct(addr, sTpStats, uint64(n))
			return
		}
	case unix.SOL_RAW:
		if o == 1 {
			p.icmpFilter(addr, n)
			return
		}
	case unix.SOL_NETLINK:
		if o != unix.NETLINK_LIST_MEMBERSHIPS {
			p.intAt(addr)
			return
		}
		if n > room {
			n = room
		}
		var v uint32
		for i := uint64(0); p.each(unsafe.Pointer(&v), 4, addr, i, uint64(n)/4); i++ {
			p.Uint(uint64(v))
		}
		return
	}
	p.otherOption(addr, n)
}

// socketOption prints an option of level SOL_SOCKET of n bytes, if it is more
// than bytes or a number.
func (p *printer) socketOption(o uint32, addr, n uint64) bool {
	switch {
	case o == unix.SO_LINGER:
		p.partStruct(addr, sLinger, n)
	case o == unix.SO_PEERCRED:
		p.partStruct(addr, sUcred, n)
	case o == unix.SO_ATTACH_FILTER: // SO_GET_FILTER: n is a number of instructions
		if n > 0xffff {
			p.ptr(addr)
			break
		}
		p.filter(addr, n, false)
	case o == unix.SO_ERROR:
		var e uint32
		if n < 4 {
			p.random(addr, n)
		} else if p.fetch(unsafe.Pointer(&e), 4, addr) {
			p.Byte('[')
			p.errno(uint64(e))
			p.Byte(']')
		}
	case o == soTxrehash:
		p.txrehash(addr, int32(n))
	case intOption(o):
		if n < 4 {
			p.random(addr, n)
		} else {
			p.intAt(addr)
		}
	default:
		return false
	}
	return true
}

// partStruct prints as much of a structure as n bytes hold.
func (p *printer) partStruct(addr uint64, s []field, n uint64) {
	if size := sizeOf(s); n > size {
		n = size
	}
	p.structPart(addr, s, n)
}

// icmpFilter prints the set of types that ICMP_FILTER stops (raw(7)), or those
// it lets through if they are fewer.
func (p *printer) icmpFilter(addr uint64, n int32) {
	v := ^uint32(0)
	if n > 4 {
		n = 4
	}
	if n <= 0 {
		p.ptr(addr)
		return
	}
	if !p.fetch(unsafe.Pointer(&v), int(n), addr) {
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
		p.val(xIcmp, i)
	}
	p.Byte(']')
}

// optlenOut prints the size of an option's value; the kernel may have changed
// it.
func (p *printer) optlenOut(addr uint64) {
	var n int32
	was := int32(p.saved[0])
	if !peek(unsafe.Pointer(&n), 4, addr) {
		p.ptr(addr)
		return
	}
	if p.failed() {
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

package socket

import (
	"unsafe"

	"libsystrap/tracetool/decode/netlink"
	"libsystrap/tracetool/text"
)

const (
	IovData    = iota // with the data
	IovAddr           // with the addresses only
	iovNetlink        // with the data, which is messages
)

// Iovec prints n struct iovec at addr, with size bytes of data in all once the
// call has returned.
func Iovec(p *text.Printer, addr, n uint64, how int, size uint64) {
	var v [2]uint64
	limited := how != IovAddr && size != ^uint64(0) && p.Exit
	for i := uint64(0); p.Each(unsafe.Pointer(&v), 16, addr, i, n); i++ {
		p.Str("{iov_base=")
		switch {
		case how == IovAddr:
			p.Ptr(v[0])
		case limited:
			k := v[1]
			if k > size {
				k = size
			}
			size -= k
			iovText(p, how, v[0], k)
		default:
			iovText(p, how, v[0], v[1])
		}
		p.FieldUint("iov_len", v[1])
		p.Byte('}')
	}
}

func iovText(p *text.Printer, how int, addr, n uint64) {
	if how != iovNetlink {
		p.Buf(addr, n)
		return
	}
	proto := netlink.NetlinkProto(int32(p.C.Args[0]))
	netlink.Netlink(p, proto, addr, n)
}

package tracetool

import "unsafe"

const (
	iovData    = iota // with the data
	iovAddr           // with the addresses only
	iovNetlink        // with the data, which is messages
)

// iovec prints n struct iovec at addr, with size bytes of data in all once the
// call has returned.
func (p *printer) iovec(addr, n uint64, how int, size uint64) {
	var v [2]uint64
	limited := how != iovAddr && size != ^uint64(0) && p.exit
	for i := uint64(0); p.each(unsafe.Pointer(&v), 16, addr, i, n); i++ {
		p.Str("{iov_base=")
		switch {
		case how == iovAddr:
			p.ptr(v[0])
		case limited:
			k := v[1]
			if k > size {
				k = size
			}
			size -= k
			p.iovText(how, v[0], k)
		default:
			p.iovText(how, v[0], v[1])
		}
		p.fieldUint("iov_len", v[1])
		p.Byte('}')
	}
}

func (p *printer) iovText(how int, addr, n uint64) {
	if how != iovNetlink {
		p.buf(addr, n)
		return
	}
	proto := netlinkProto(int32(p.c.Args[0]))
	p.netlink(proto, addr, n)
}

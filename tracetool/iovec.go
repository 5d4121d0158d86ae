package tracetool

import "unsafe"

// maxItems is how many elements of an array are printed without -v.
const maxItems = 32

const (
	iovData = iota // with the data
	iovAddr        // with the addresses only
)

// iovec prints n struct iovec at addr, with size bytes of data in all.
func (p *printer) iovec(addr, n uint64, how int, size uint64) {
	var v [2]uint64
	if addr == 0 {
		p.Str("NULL")
		return
	}
	if n == 0 {
		p.Str("[]")
		return
	}
	limited := how == iovData && p.exit
	for i := uint64(0); i < n; i++ {
		at := addr + 16*i
		if i > 0 {
			p.comma()
		}
		if !opt.verbose && i >= maxItems {
			p.Str("...")
			break
		}
		if !peek(unsafe.Pointer(&v), 16, at) {
			if i == 0 {
				p.Hex(addr)
				return
			}
			p.Str("... /* ")
			p.Hex(at)
			p.Str(" */")
			break
		}
		if i == 0 {
			p.Byte('[')
		}
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
			p.buf(v[0], k)
		default:
			p.buf(v[0], v[1])
		}
		p.fieldUint("iov_len", v[1])
		p.Byte('}')
	}
	p.Byte(']')
}

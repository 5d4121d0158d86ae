package tracetool

import "unsafe"

// xattr prints the value of an extended attribute, without the NUL at its end.
func (p *printer) xattr(addr, n uint64) {
	const most = 65536 // XATTR_SIZE_MAX
	if addr == 0 || n > most {
		p.ptr(addr)
		return
	}
	k := n
	if k > look.strLen {
		k = look.strLen
	}
	var end byte
	if k > 0 && peek(unsafe.Pointer(&end), 1, addr+k-1) && end == 0 {
		p.buf(addr, k-1)
		return
	}
	p.buf(addr, n)
}

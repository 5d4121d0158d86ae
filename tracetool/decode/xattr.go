package decode

import (
	"unsafe"

	"libsystrap/tracetool/text"
)

// xattr prints the value of an extended attribute, without the NUL at its end.
func xattr(p *text.Printer, addr, n uint64) {
	const most = 65536 // XATTR_SIZE_MAX
	if addr == 0 || n > most {
		p.Ptr(addr)
		return
	}
	k := n
	if k > text.Opt.StrLen {
		k = text.Opt.StrLen
	}
	var end byte
	if k > 0 && text.Peek(unsafe.Pointer(&end), 1, addr+k-1) && end == 0 {
		p.Buf(addr, k-1)
		return
	}
	p.Buf(addr, n)
}

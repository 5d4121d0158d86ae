package decode

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// epollEvent prints struct epoll_event, which is packed on x86-64.
func epollEvent(p *text.Printer, addr uint64) {
	var e [12]byte
	if p.Fetch(unsafe.Pointer(&e), 12, addr) {
		epollText(p, &e)
	}
}

func epollText(p *text.Printer, e *[12]byte) {
	lo := uint64(le32(e[4:]))
	p.Str("{events=")
	p.Flags(names.Epoll, uint64(le32(e[0:])))
	p.Str(", data={u32=")
	p.Uint(lo)
	p.FieldUint("u64", lo|uint64(le32(e[8:]))<<32)
	p.Str("}}")
}

// le32 is the little-endian number at the start of b.
func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func epollEvents(p *text.Printer, addr, n uint64) {
	if addr == 0 || p.Failed() {
		p.Ptr(addr)
		return
	}
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		var e [12]byte
		if i > 0 {
			p.Comma()
		}
		if i >= text.Opt.StrLen && !p.Full() {
			p.Str("...")
			break
		}
		if !p.Fetch(unsafe.Pointer(&e), 12, addr+12*i) {
			break
		}
		epollText(p, &e)
	}
	p.Byte(']')
}

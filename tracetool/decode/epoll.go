package tracetool

import "unsafe"

// epollEvent prints struct epoll_event, which is packed on x86-64.
func (p *printer) epollEvent(addr uint64) {
	var e [12]byte
	if p.fetch(unsafe.Pointer(&e), 12, addr) {
		p.epollText(&e)
	}
}

func (p *printer) epollText(e *[12]byte) {
	lo := uint64(le32(e[4:]))
	p.Str("{events=")
	p.flags(xEpoll, uint64(le32(e[0:])))
	p.Str(", data={u32=")
	p.Uint(lo)
	p.fieldUint("u64", lo|uint64(le32(e[8:]))<<32)
	p.Str("}}")
}

// le32 is the little-endian number at the start of b.
func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func (p *printer) epollEvents(addr, n uint64) {
	if addr == 0 || p.failed() {
		p.ptr(addr)
		return
	}
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		var e [12]byte
		if i > 0 {
			p.comma()
		}
		if i >= look.strLen && !p.full() {
			p.Str("...")
			break
		}
		if !p.fetch(unsafe.Pointer(&e), 12, addr+12*i) {
			break
		}
		p.epollText(&e)
	}
	p.Byte(']')
}

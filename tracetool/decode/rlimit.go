package decode

import (
	"unsafe"

	"libsystrap/tracetool/text"
)

func rlimit(p *text.Printer, addr uint64) {
	var l [2]uint64
	if !p.Fetch(unsafe.Pointer(&l), 16, addr) {
		return
	}
	p.Str("{rlim_cur=")
	rlim(p, l[0])
	p.Str(", rlim_max=")
	rlim(p, l[1])
	p.Byte('}')
}

func rlim(p *text.Printer, v uint64) {
	switch {
	case v == ^uint64(0):
		p.Constant(v, "RLIM64_INFINITY", "", text.Unsigned)
	case v > 1024 && v%1024 == 0:
		if p.Named(v, text.Unsigned) {
			p.Uint(v / 1024)
			p.Str("*1024")
			p.EndNamed()
		}
	default:
		p.Uint(v)
	}
}

package tracetool

import "unsafe"

func (p *printer) rlimit(addr uint64) {
	var l [2]uint64
	if !p.fetch(unsafe.Pointer(&l), 16, addr) {
		return
	}
	p.Str("{rlim_cur=")
	p.rlim(l[0])
	p.Str(", rlim_max=")
	p.rlim(l[1])
	p.Byte('}')
}

func (p *printer) rlim(v uint64) {
	switch {
	case v == ^uint64(0):
		p.constant(v, "RLIM64_INFINITY", "", unsBase)
	case v > 1024 && v%1024 == 0:
		if p.named(v, unsBase) {
			p.Uint(v / 1024)
			p.Str("*1024")
			p.endNamed()
		}
	default:
		p.Uint(v)
	}
}

package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// groups prints n group ids; the kernel takes no more than NGROUPS_MAX.
func groups(p *text.Printer, addr, n uint64, out bool) {
	const ngroupsMax = 65536
	if n > ngroupsMax || out && n > 0 && p.Failed() {
		p.Ptr(addr)
		return
	}
	var g uint32
	for i := uint64(0); p.Each(unsafe.Pointer(&g), 4, addr, i, n); i++ {
		p.ID(g)
	}
}

func capHeader(p *text.Printer, addr uint64) {
	var h [2]uint32
	if p.Fetch(unsafe.Pointer(&h), 8, addr) {
		p.Str("{version=")
		p.Val(names.CapVersion, uint64(h[0]))
		p.FieldInt("pid", int64(int32(h[1])))
		p.Byte('}')
	}
}

// capData prints the capability sets of capget(2): one or two words each.
func capData(p *text.Printer, addr uint64) {
	var d [6]uint32
	var h uint32
	if addr == 0 || !text.Peek(unsafe.Pointer(&h), 4, p.C.Args[0]) {
		p.Ptr(addr)
		return
	}
	n := 24
	if h == unix.LINUX_CAPABILITY_VERSION_1 {
		n = 12
	}
	if !p.Fetch(unsafe.Pointer(&d), n, addr) {
		return
	}
	p.Str("{effective=")
	caps(p, d[0], d[3])
	p.Str(", permitted=")
	caps(p, d[1], d[4])
	p.Str(", inheritable=")
	caps(p, d[2], d[5])
	p.Byte('}')
}

func caps(p *text.Printer, lo, hi uint32) {
	v := uint64(hi)<<32 | uint64(lo)
	if v == 0 {
		p.Byte('0')
		return
	}
	sep := false
	rest := uint64(0)
	for b := uint64(0); b < 64; b++ {
		if v>>b&1 == 0 {
			continue
		}
		s := text.NameOf(names.Cap, b)
		if s == "" {
			rest |= 1 << b
			continue
		}
		if sep {
			p.Byte('|')
		}
		p.Str("1<<")
		p.Str(s)
		sep = true
	}
	if rest != 0 {
		if sep {
			p.Byte('|')
		}
		p.AltHex(rest)
	}
}

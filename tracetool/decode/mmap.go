package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// mmapFlags prints the type of a mapping, its flags and the size of huge
// pages (mmap(2)).
func (p *printer) mmapFlags(f uint64) {
	const typeMask, hugeShift, hugeMask = 0xf, 26, 0x3f
	if !p.named(f, hexBase) {
		return
	}
	if s := name(xMapType, f&typeMask); s != "" {
		p.Str(s)
	} else {
		p.hex(f & typeMask)
		p.comment("MAP_???")
	}
	huge := f >> hugeShift & hugeMask
	f &^= typeMask | hugeMask<<hugeShift
	if f != 0 {
		p.Byte('|')
		p.abbrevFlags(xMap, f)
	}
	if huge != 0 {
		p.Byte('|')
		p.Uint(huge)
		p.Str("<<MAP_HUGE_SHIFT")
	}
	p.endNamed()
}

// mremap prints the flags of mremap(2) and the address that two of them need.
func (p *printer) mremap() step {
	const fixed = unix.MREMAP_MAYMOVE | unix.MREMAP_FIXED
	f := p.c.Args[3]
	p.flags(xMremap, f)
	if f&fixed == fixed {
		p.comma()
		p.ptr(p.c.Args[4])
	}
	return last
}

func (p *printer) memfdFlags(f uint32) {
	const hugeShift, hugeMask = 26, 0x3f
	if f == 0 {
		p.Byte('0')
		return
	}
	if !p.named(uint64(f), hexBase) {
		return
	}
	huge := f >> hugeShift & hugeMask
	f &^= hugeMask << hugeShift
	if f != 0 {
		if name, any := p.someFlags(xMemfd, uint64(f), false); !any {
			p.hex(name)
			p.comment("MFD_???")
		} else if name != 0 {
			p.Byte('|')
			p.Hex(name)
		}
	}
	if huge != 0 {
		if f != 0 {
			p.Byte('|')
		}
		p.Uint(uint64(huge))
		p.Str("<<MFD_HUGE_SHIFT")
	}
	p.endNamed()
}

// mincore prints which of the pages are in memory (mincore(2)).
func (p *printer) mincore(addr, length uint64) {
	const page = 4096
	n := length / page
	if length%page != 0 {
		n++
	}
	var b uint8
	for i := uint64(0); p.eachOut(unsafe.Pointer(&b), 1, addr, i, n); i++ {
		p.Byte('0' + b&1)
	}
}

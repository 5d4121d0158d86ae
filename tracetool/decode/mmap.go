package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// mmapFlags prints the type of a mapping, its flags and the size of huge
// pages (mmap(2)).
func mmapFlags(p *text.Printer, f uint64) {
	const typeMask, hugeShift, hugeMask = 0xf, 26, 0x3f
	if !p.Named(f, text.Hexadecimal) {
		return
	}
	if s := text.NameOf(names.MapType, f&typeMask); s != "" {
		p.Str(s)
	} else {
		p.AltHex(f & typeMask)
		p.Comment("MAP_???")
	}
	huge := f >> hugeShift & hugeMask
	f &^= typeMask | hugeMask<<hugeShift
	if f != 0 {
		p.Byte('|')
		p.AbbrevFlags(names.Map, f)
	}
	if huge != 0 {
		p.Byte('|')
		p.Uint(huge)
		p.Str("<<MAP_HUGE_SHIFT")
	}
	p.EndNamed()
}

// mremap prints the flags of mremap(2) and the address that two of them need.
func mremap(p *text.Printer) text.Step {
	const fixed = unix.MREMAP_MAYMOVE | unix.MREMAP_FIXED
	f := p.C.Args[3]
	p.Flags(names.Mremap, f)
	if f&fixed == fixed {
		p.Comma()
		p.Ptr(p.C.Args[4])
	}
	return text.Last
}

func memfdFlags(p *text.Printer, f uint32) {
	const hugeShift, hugeMask = 26, 0x3f
	if f == 0 {
		p.Byte('0')
		return
	}
	if !p.Named(uint64(f), text.Hexadecimal) {
		return
	}
	huge := f >> hugeShift & hugeMask
	f &^= hugeMask << hugeShift
	if f != 0 {
		if name, any := p.SomeFlags(names.Memfd, uint64(f), false); !any {
			p.AltHex(name)
			p.Comment("MFD_???")
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
	p.EndNamed()
}

// mincore prints which of the pages are in memory (mincore(2)).
func mincore(p *text.Printer, addr, length uint64) {
	const page = 4096
	n := length / page
	if length%page != 0 {
		n++
	}
	var b uint8
	for i := uint64(0); p.EachOut(unsafe.Pointer(&b), 1, addr, i, n); i++ {
		p.Byte('0' + b&1)
	}
}

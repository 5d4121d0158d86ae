package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// mmapFlags prints the type of a mapping, its flags and the size of huge
// pages (mmap(2)).
func (p *printer) mmapFlags(f uint32) {
	const typeMask, hugeShift, hugeMask = 0xf, 26, 0x3f
	p.val(xMapType, uint64(f&typeMask))
	f &^= typeMask
	huge := uint32(0)
	if f&unix.MAP_HUGETLB != 0 {
		huge = f >> hugeShift & hugeMask
		f &^= hugeMask << hugeShift
	}
	if f != 0 {
		if rest, _ := p.someFlags(xMap, uint64(f), true); rest != 0 {
			p.Byte('|')
			p.Hex(rest)
		}
	}
	if huge != 0 {
		p.Byte('|')
		p.Uint(uint64(huge))
		p.Str("<<MAP_HUGE_SHIFT")
	}
}

// mremap prints the flags of mremap(2) and the address that some of them need.
func (p *printer) mremap() step {
	f := uint32(p.c.Args[3])
	p.flags(xMremap, uint64(f))
	if f&(unix.MREMAP_FIXED|unix.MREMAP_DONTUNMAP) != 0 {
		p.comma()
		p.ptr(p.c.Args[4])
	}
	return last
}

func (p *printer) memfdFlags(f uint32) {
	const hugeShift, hugeMask = 26, 0x3f
	huge := uint32(0)
	if f&unix.MFD_HUGETLB != 0 {
		huge = f >> hugeShift & hugeMask
		f &^= hugeMask << hugeShift
	}
	p.flags(xMemfd, uint64(f))
	if huge != 0 {
		p.Byte('|')
		p.Uint(uint64(huge))
		p.Str("<<MFD_HUGE_SHIFT")
	}
}

// mpol prints a memory policy and its mode flags (set_mempolicy(2)).
func (p *printer) mpol(m uint32) {
	const modeFlags = 0xe000
	s := name(xMpol, uint64(m&^modeFlags))
	f := uint64(m & modeFlags)
	if f == 0 {
		p.val(xMpol, uint64(m))
		return
	}
	if s == "" || m&^modeFlags != 0 && s == "" {
		p.flags(xMpolMode, uint64(m))
		return
	}
	p.Str(s)
	p.someFlags(xMpolMode, f, true)
}

func (p *printer) mpolOut(addr uint64) {
	var m uint32
	if p.out(addr) && p.fetch(unsafe.Pointer(&m), 4, addr) {
		p.Byte('[')
		p.mpol(m)
		p.Byte(']')
	}
}

// nodemask prints a bit mask of bits nodes.
func (p *printer) nodemask(addr, bits uint64) {
	n := (bits + 63) / 64
	if addr == 0 || n == 0 || n > 64 {
		p.ptr(addr)
		return
	}
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		var w uint64
		if i > 0 {
			p.comma()
		}
		if !p.fetch(unsafe.Pointer(&w), 8, addr+8*i) {
			break
		}
		p.Str("0x")
		p.HexDigits(w, 16)
	}
	p.Byte(']')
}

package decode

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// mpol prints a memory policy and its mode flags (set_mempolicy(2)).
func mpol(p *text.Printer, m uint64) {
	const modeFlags = 0xe000 // MPOL_MODE_FLAGS
	f := m & modeFlags
	if f == 0 {
		p.Val(names.Mpol, m)
		return
	}
	s := text.NameOf(names.Mpol, m&^modeFlags)
	if s == "" {
		p.Flags(names.MpolMode, m)
		return
	}
	if p.Named(m, text.Hexadecimal) {
		p.Str(s)
		p.SomeFlags(names.MpolMode, f, true)
		p.EndNamed()
	}
}

func mpolOut(p *text.Printer, addr uint64) {
	var m int32
	if p.Out(addr) && p.Fetch(unsafe.Pointer(&m), 4, addr) {
		p.Byte('[')
		p.Val(names.Mpol, uint64(uint32(m)))
		p.Byte(']')
	}
}

// nodemask prints a mask of nodes in words; maxnode is one more than the
// number of bits, as the kernel counts.
func nodemask(p *text.Printer, addr, maxnode uint64, out bool) {
	const bits = 64
	n := (maxnode + bits - 2) / bits
	if n < maxnode/bits || maxnode != 0 && n == 0 {
		p.Ptr(addr)
		return
	}
	if out && n > 0 && p.Failed() {
		p.Ptr(addr)
		return
	}
	var w uint64
	for i := uint64(0); p.Each(unsafe.Pointer(&w), 8, addr, i, n); i++ {
		zeroHex(p, w, 16)
	}
}

// addrs prints n addresses (move_pages(2)).
func addrs(p *text.Printer, addr, n uint64) {
	var v uint64
	for i := uint64(0); p.Each(unsafe.Pointer(&v), 8, addr, i, n); i++ {
		p.Ptr(v)
	}
}

// ints prints n numbers.
func ints(p *text.Printer, addr, n uint64) {
	var v int32
	for i := uint64(0); p.Each(unsafe.Pointer(&v), 4, addr, i, n); i++ {
		p.Int(int64(v))
	}
}

// pageStatus prints where n pages are, or why not.
func pageStatus(p *text.Printer, addr, n uint64) {
	var v int32
	for i := uint64(0); p.EachOut(unsafe.Pointer(&v), 4, addr, i, n); i++ {
		p.ErrnoNeg(int64(v))
	}
}

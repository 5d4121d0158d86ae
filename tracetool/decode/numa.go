package tracetool

import "unsafe"

// mpol prints a memory policy and its mode flags (set_mempolicy(2)).
func (p *printer) mpol(m uint64) {
	const modeFlags = 0xe000 // MPOL_MODE_FLAGS
	f := m & modeFlags
	if f == 0 {
		p.val(xMpol, m)
		return
	}
	s := name(xMpol, m&^modeFlags)
	if s == "" {
		p.flags(xMpolMode, m)
		return
	}
	if p.named(m, hexBase) {
		p.Str(s)
		p.someFlags(xMpolMode, f, true)
		p.endNamed()
	}
}

func (p *printer) mpolOut(addr uint64) {
	var m int32
	if p.out(addr) && p.fetch(unsafe.Pointer(&m), 4, addr) {
		p.Byte('[')
		p.val(xMpol, uint64(uint32(m)))
		p.Byte(']')
	}
}

// nodemask prints a mask of nodes in words; maxnode is one more than the
// number of bits, as the kernel counts.
func (p *printer) nodemask(addr, maxnode uint64, out bool) {
	const bits = 64
	n := (maxnode + bits - 2) / bits
	if n < maxnode/bits || maxnode != 0 && n == 0 {
		p.ptr(addr)
		return
	}
	if out && n > 0 && p.failed() {
		p.ptr(addr)
		return
	}
	var w uint64
	for i := uint64(0); p.each(unsafe.Pointer(&w), 8, addr, i, n); i++ {
		p.zeroHex(w, 16)
	}
}

// addrs prints n addresses (move_pages(2)).
func (p *printer) addrs(addr, n uint64) {
	var v uint64
	for i := uint64(0); p.each(unsafe.Pointer(&v), 8, addr, i, n); i++ {
		p.ptr(v)
	}
}

// ints prints n numbers.
func (p *printer) ints(addr, n uint64) {
	var v int32
	for i := uint64(0); p.each(unsafe.Pointer(&v), 4, addr, i, n); i++ {
		p.Int(int64(v))
	}
}

// pageStatus prints where n pages are, or why not.
func (p *printer) pageStatus(addr, n uint64) {
	var v int32
	for i := uint64(0); p.eachOut(unsafe.Pointer(&v), 4, addr, i, n); i++ {
		p.errnoNeg(int64(v))
	}
}

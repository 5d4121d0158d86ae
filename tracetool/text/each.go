package tracetool

import (
	"libsystrap/systrap"
	"unsafe"
)

// each reads element i of the n elements of size bytes at addr to dst and
// prints what stands before it. It returns false when there is none to print:
// behind the last one, behind as many as -s allows, or where memory ends; what
// closes the array is printed then.
//
//	for i := uint64(0); p.each(unsafe.Pointer(&e), size, addr, i, n); i++ {
func (p *printer) each(dst unsafe.Pointer, size, addr, i, n uint64) bool {
	switch {
	case addr == 0:
		p.Str("NULL")
		return false
	case n == 0:
		p.Str("[]")
		return false
	case n > ^uint64(0)/size || addr+n*size < addr:
		p.Hex(addr)
		return false
	case i >= n:
		p.Byte(']')
		return false
	}
	if i > 0 {
		p.comma()
	}
	if at := addr + i*size; !peek(dst, int(size), at) {
		if i == 0 {
			p.Hex(addr)
			return false
		}
		p.Str("... /* ")
		p.Hex(at)
		p.Str(" */]")
		return false
	}
	if i == 0 {
		p.Byte('[')
	}
	if i >= look.strLen && !p.full() {
		p.Str("...]")
		return false
	}
	return true
}

// shortened says whether each ended before element i, which lies at addr, as
// -s says so and not as it cannot be read.
func (p *printer) shortened(addr, size, i uint64) bool {
	return i >= look.strLen && !p.full() && readable(addr, size)
}

// eachOut is each for what the kernel wrote, if it did.
func (p *printer) eachOut(dst unsafe.Pointer, size, addr, i, n uint64) bool {
	if i == 0 && n > 0 && p.failed() {
		p.ptr(addr)
		return false
	}
	return p.each(dst, size, addr, i, n)
}

// readable says whether n bytes at addr can be read; n is at most a page.
func readable(addr, n uint64) bool {
	var b byte
	return n == 0 || peek(unsafe.Pointer(&b), 1, addr) && peek(unsafe.Pointer(&b), 1, addr+n-1)
}

// structArray prints n structures s, at most -s of them.
func (p *printer) structArray(s []field, addr, n uint64) {
	size := sizeOf(s)
	if addr == 0 {
		p.Str("NULL")
		return
	}
	if n == 0 {
		p.Str("[]")
		return
	}
	for i := uint64(0); i < n; i++ {
		at := addr + i*size
		if !readable(at, size) {
			p.unreadable(at, i > 0)
			if i == 0 {
				return
			}
			break
		}
		if i == 0 {
			p.Byte('[')
		}
		if !p.full() && i >= look.strLen {
			p.Str("...")
			break
		}
		p.structAt(at, s)
		if i+1 < n {
			p.comma()
		}
	}
	p.Byte(']')
}

// index prints "[NAME]=" before an array's element.
func (p *printer) index(x nameID, i uint64) {
	p.Byte('[')
	p.valUint(x, i)
	p.Str("]=")
}

// readableRange says whether n bytes at addr can be read, page by page.
func readableRange(addr, n uint64) bool {
	end := addr + n
	if end < addr {
		return false
	}
	for ; addr < end; addr = addr&^4095 + 4096 {
		var b [1]byte
		if systrap.Read(b[:], addr) != 1 {
			return false
		}
	}
	return true
}

// intAt prints the int at addr.
func (p *printer) intAt(addr uint64) {
	var v int32
	if p.fetch(unsafe.Pointer(&v), 4, addr) {
		p.Byte('[')
		p.Int(int64(v))
		p.Byte(']')
	}
}

// unreadable prints the address of a list's element that cannot be read.
func (p *printer) unreadable(addr uint64, array bool) {
	if array {
		p.Str("... /* ")
		p.Hex(addr)
		p.Str(" */")
		return
	}
	p.ptr(addr)
}

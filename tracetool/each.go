package tracetool

import "unsafe"

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
	if i >= opt.strLen && !p.full() {
		p.Str("...]")
		return false
	}
	return true
}

// shortened says whether each ended before element i, which lies at addr, as
// -s says so and not as it cannot be read.
func (p *printer) shortened(addr, size, i uint64) bool {
	return i >= opt.strLen && !p.full() && readable(addr, size)
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

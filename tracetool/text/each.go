package text

import (
	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"unsafe"
)

// Each reads element i of the n elements of size bytes at addr to dst and
// prints what stands before it. It returns false when there is none to print:
// behind the last one, behind as many as -s allows, or where memory ends; what
// closes the array is printed then.
//
//	for i := uint64(0); p.each(unsafe.Pointer(&e), size, addr, i, n); i++ {
func (p *Printer) Each(dst unsafe.Pointer, size, addr, i, n uint64) bool {
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
		p.Comma()
	}
	if at := addr + i*size; !Peek(dst, int(size), at) {
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
	if i >= Opt.StrLen && !p.Full() {
		p.Str("...]")
		return false
	}
	return true
}

// Shortened says whether each ended before element i, which lies at addr, as
// -s says so and not as it cannot be read.
func (p *Printer) Shortened(addr, size, i uint64) bool {
	return i >= Opt.StrLen && !p.Full() && Readable(addr, size)
}

// EachOut is each for what the kernel wrote, if it did.
func (p *Printer) EachOut(dst unsafe.Pointer, size, addr, i, n uint64) bool {
	if i == 0 && n > 0 && p.Failed() {
		p.Ptr(addr)
		return false
	}
	return p.Each(dst, size, addr, i, n)
}

// Readable says whether n bytes at addr can be read; n is at most a page.
func Readable(addr, n uint64) bool {
	var b byte
	return n == 0 || Peek(unsafe.Pointer(&b), 1, addr) && Peek(unsafe.Pointer(&b), 1, addr+n-1)
}

// StructArray prints n structures s, at most -s of them.
func (p *Printer) StructArray(s []Field, addr, n uint64) {
	size := SizeOf(s)
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
		if !Readable(at, size) {
			p.Unreadable(at, i > 0)
			if i == 0 {
				return
			}
			break
		}
		if i == 0 {
			p.Byte('[')
		}
		if !p.Full() && i >= Opt.StrLen {
			p.Str("...")
			break
		}
		p.StructAt(at, s)
		if i+1 < n {
			p.Comma()
		}
	}
	p.Byte(']')
}

// Index prints "[NAME]=" before an array's element.
func (p *Printer) Index(x names.ID, i uint64) {
	p.Byte('[')
	p.ValUint(x, i)
	p.Str("]=")
}

// ReadableRange says whether n bytes at addr can be read, page by page.
func ReadableRange(addr, n uint64) bool {
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

// IntAt prints the int at addr.
func (p *Printer) IntAt(addr uint64) {
	var v int32
	if p.Fetch(unsafe.Pointer(&v), 4, addr) {
		p.Byte('[')
		p.Int(int64(v))
		p.Byte(']')
	}
}

// Unreadable prints the address of a list's element that cannot be read.
func (p *Printer) Unreadable(addr uint64, array bool) {
	if array {
		p.Str("... /* ")
		p.Hex(addr)
		p.Str(" */")
		return
	}
	p.Ptr(addr)
}

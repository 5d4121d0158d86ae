package decode

import (
	"unsafe"

	"libsystrap/tracetool/text"
)

// userDescSize is the size of struct user_desc (asm/ldt.h).
const userDescSize = 16

// userDesc prints struct user_desc of modify_ldt(2) and set_thread_area(2).
func userDesc(p *text.Printer, addr uint64) {
	var d [4]uint32
	if p.Fetch(unsafe.Pointer(&d), userDescSize, addr) {
		p.First("entry_number")
		p.ID(d[0])
		userDescRest(p, &d)
	}
}

// threadArea prints the argument of get_thread_area(2): the kernel reads its
// number and writes the rest.
func threadArea(p *text.Printer) text.Step {
	var d [4]uint32
	addr := p.C.Args[0]
	if !p.Cont {
		if !p.Fetch(unsafe.Pointer(&d[0]), 4, addr) {
			return text.Last
		}
		p.First("entry_number")
		p.ID(d[0])
		p.Saved[0] = uint64(d[0])
	}
	if !p.Exit {
		return text.Wait
	}
	if p.Failed() || !text.Peek(unsafe.Pointer(&d), userDescSize, addr) {
		p.Str(", ...}")
		return text.Last
	}
	if uint64(d[0]) != p.Saved[0] {
		p.Str(" => ")
		p.ID(d[0])
	}
	userDescRest(p, &d)
	return text.Last
}

// threadAreaResult prints the number that set_thread_area(2) chose.
func threadAreaResult(p *text.Printer) {
	var n uint32
	p.Int(p.C.Result)
	if text.Peek(unsafe.Pointer(&n), 4, p.C.Args[0]) {
		p.Str(" (entry_number=")
		p.Uint(uint64(n))
		p.Byte(')')
	}
}

func userDescRest(p *text.Printer, d *[4]uint32) {
	f := d[3]
	p.Field("base_addr")
	zeroHex(p, uint64(d[1]), 8)
	p.Field("limit")
	zeroHex(p, uint64(d[2]), 8)
	p.FieldUint("seg_32bit", uint64(f&1))
	p.FieldUint("contents", uint64(f>>1&3))
	p.FieldUint("read_exec_only", uint64(f>>3&1))
	p.FieldUint("limit_in_pages", uint64(f>>4&1))
	p.FieldUint("seg_not_present", uint64(f>>5&1))
	p.FieldUint("useable", uint64(f>>6&1))
	p.FieldUint("lm", uint64(f>>7&1))
	p.Byte('}')
}

// zeroHex prints v in width places with zeros before it, "0x" included: 0 has
// none.
func zeroHex(p *text.Printer, v uint64, width int) {
	if v == 0 {
		for ; width > 0; width-- {
			p.Byte('0')
		}
		return
	}
	p.Str("0x")
	p.HexDigits(v, width-2)
}

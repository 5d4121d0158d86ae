package tracetool

import "unsafe"

// userDescSize is the size of struct user_desc (asm/ldt.h).
const userDescSize = 16

// userDesc prints struct user_desc of modify_ldt(2) and set_thread_area(2).
func (p *printer) userDesc(addr uint64) {
	var d [4]uint32
	if p.fetch(unsafe.Pointer(&d), userDescSize, addr) {
		p.first("entry_number")
		p.id(d[0])
		p.userDescRest(&d)
	}
}

// threadArea prints the argument of get_thread_area(2): the kernel reads its
// number and writes the rest.
func (p *printer) threadArea() step {
	var d [4]uint32
	addr := p.c.Args[0]
	if !p.cont {
		if !p.fetch(unsafe.Pointer(&d[0]), 4, addr) {
			return last
		}
		p.first("entry_number")
		p.id(d[0])
		p.saved[0] = uint64(d[0])
	}
	if !p.exit {
		return wait
	}
	if p.failed() || !peek(unsafe.Pointer(&d), userDescSize, addr) {
		p.Str(", ...}")
		return last
	}
	if uint64(d[0]) != p.saved[0] {
		p.Str(" => ")
		p.id(d[0])
	}
	p.userDescRest(&d)
	return last
}

// threadAreaResult prints the number that set_thread_area(2) chose.
func (p *printer) threadAreaResult() {
	var n uint32
	p.Int(p.c.Result)
	if peek(unsafe.Pointer(&n), 4, p.c.Args[0]) {
		p.Str(" (entry_number=")
		p.Uint(uint64(n))
		p.Byte(')')
	}
}

func (p *printer) userDescRest(d *[4]uint32) {
	f := d[3]
	p.field("base_addr")
	p.zeroHex(uint64(d[1]), 8)
	p.field("limit")
	p.zeroHex(uint64(d[2]), 8)
	p.fieldUint("seg_32bit", uint64(f&1))
	p.fieldUint("contents", uint64(f>>1&3))
	p.fieldUint("read_exec_only", uint64(f>>3&1))
	p.fieldUint("limit_in_pages", uint64(f>>4&1))
	p.fieldUint("seg_not_present", uint64(f>>5&1))
	p.fieldUint("useable", uint64(f>>6&1))
	p.fieldUint("lm", uint64(f>>7&1))
	p.Byte('}')
}

// zeroHex prints v in width places with zeros before it, "0x" included: 0 has
// none.
func (p *printer) zeroHex(v uint64, width int) {
	if v == 0 {
		for ; width > 0; width-- {
			p.Byte('0')
		}
		return
	}
	p.Str("0x")
	p.HexDigits(v, width-2)
}

package tracetool

import "unsafe"

// Controls of Video for Linux, and numbers that are written in a way of their
// own (linux/videodev2.h, linux/v4l2-controls.h).

var (
	sV4l2Ctrl     = []field{{"id", fCid, 0}, {"value", fD32, 0}}
	sV4l2Ctrls    = []field{{"ctrl_class", fV32, xV4l2Class}, {"count", fU32, 0}}
	sV4l2Query    = []field{{"", fAt, 4}, {"type", fV32, xV4l2CtrlType}, {"name", fStr, 32}, {"", fAbbrev, 0}}
	sV4l2QueryEnd = []field{{"", fAt, 40}, {"minimum", fD32, 0}, {"maximum", fD32, 0}, {"step", fD32, 0}, {"default_value", fD32, 0},
		{"flags", fF32, xV4l2CtrlFlag}, {"", fNonzero, 0}, {"", fTimes, 2}, {"reserved", fX32, 0}}
	sV4l2Query64 = []field{{"", fAt, 40}, {"minimum", fD64, 0}, {"maximum", fD64, 0}, {"step", fU64, 0}, {"default_value", fD64, 0},
		{"flags", fF32, xV4l2CtrlFlag}, {"elem_size", fU32, 0}, {"elems", fU32, 0}, {"nr_of_dims", fU32, 0}}
	sV4l2Query64End = []field{{"", fAt, 104}, {"", fNonzero, 0}, {"", fTimes, 32}, {"reserved", fX32, 0}}
)

// v4l2Queried prints the rest of struct v4l2_queryctrl or v4l2_query_ext_ctrl.
//
//go:noinline
func (p *printer) v4l2Queried(v uint64, ext bool) {
	const size, extSize, dims, maxDims = 68, 232, 88, 4
	w := window{addr: v, end: size}
	if ext {
		w.end = extSize
	}
	if id := w.num(0, 4); id != p.saved[0] {
		p.Str(" => ")
		p.queryCid(id)
	}
	p.fieldsIn(&w, sV4l2Query, false)
	switch {
	case !p.full():
	case ext:
		p.fieldsIn(&w, sV4l2Query64, false)
		p.upto(&w, "dims", dims, 4, w.num(84, 4), maxDims)
		p.fieldsIn(&w, sV4l2Query64End, false)
	default:
		p.fieldsIn(&w, sV4l2QueryEnd, false)
	}
}

// v4l2Controls prints delim and the array of the struct v4l2_ext_controls at
// v. It says whether all of it could be read.
func (p *printer) v4l2Controls(v uint64, delim string) bool {
	const size, count, array = 20, 4, 24
	var n uint32
	var addr uint64
	if !peek(unsafe.Pointer(&n), 4, v+count) || !peek(unsafe.Pointer(&addr), 8, v+array) {
		return false
	}
	p.Str(delim)
	p.Str("controls=")
	var c [size / 4]uint32 // struct v4l2_ext_control, packed
	i := uint64(0)
	for ; p.each(unsafe.Pointer(&c), size, addr, i, uint64(n)); i++ {
		u := uint64(c[4])<<32 | uint64(c[3])
		p.first("id")
		p.val(xV4l2Cid, uint64(c[0]))
		p.fieldUint("size", uint64(c[1]))
		if c[1] > 0 {
			p.field("string")
			p.buf(u, uint64(c[1]))
		} else {
			p.fieldInt("value", int64(int32(u)))
			p.fieldInt("value64", int64(u))
		}
		p.Byte('}')
	}
	return i == uint64(n) || p.shortened(addr+i*size, size, i)
}

// v4l2ControlsDone prints the array and, if the call failed, which of them was
// at fault.
func (p *printer) v4l2ControlsDone(v uint64, delim string) {
	const errorIdx = 8
	p.v4l2Controls(v, delim)
	var n uint32
	if p.failed() && peek(unsafe.Pointer(&n), 4, v+errorIdx) {
		p.fieldUint("error_idx", uint64(n))
	}
}

// video prints what is more than a number in structures of video.
//
//go:noinline
func (p *printer) video(w *window, f *field, off uint64) {
	switch f.k {
	case fFourcc:
		p.fourcc(f.x, w.num(off, 4))
	case fCid:
		p.cid(w.num(off, 4))
	case fFraction:
		p.Uint(w.num(off, 4))
		p.Byte('/')
		p.Uint(w.num(off+4, 4))
	case fRect:
		p.rect(uint32(w.num(off, 4)), uint32(w.num(off+4, 4)), uint32(w.num(off+8, 4)), uint32(w.num(off+12, 4)))
	}
}

// cid prints a control's id. One without a name is an offset in its class.
func (p *printer) cid(v uint64) {
	const inClass = 0xffff
	s := name(xV4l2Cid, v)
	class := name(xV4l2Class, v&^inClass)
	if s != "" || class == "" {
		p.constant(v, s, xtabs[xV4l2Cid].dflt, hexBase)
		return
	}
	if p.named(v, hexBase) {
		p.Str(class)
		p.Byte('+')
		p.hex(v & inClass)
		p.endNamed()
	}
}

// queryCid prints an id that may ask for the next one.
func (p *printer) queryCid(v uint64) {
	const next = 0xc0000000
	if opt.xlat == xlatRaw {
		p.hex(v)
		return
	}
	if v&next != 0 {
		p.flags(xV4l2CtrlNext, v&next)
		p.Byte('|')
	}
	p.cid(v &^ next)
}

// fourcc prints a four-character code, with its name in table id.
func (p *printer) fourcc(id kind, v uint64) {
	if opt.xlat == xlatRaw {
		p.hex(v)
		return
	}
	p.Str("v4l2_fourcc(")
	for i := 0; i < 4; i++ {
		if i > 0 {
			p.comma()
		}
		c := byte(v >> (8 * i))
		p.Byte('\'')
		switch {
		case c == '\'' || c == '\\':
			p.Byte('\\')
			p.Byte(c)
		case printable(c):
			p.Byte(c)
		default:
			p.Str("\\x")
			p.HexDigits(uint64(c), 2)
		}
		p.Byte('\'')
	}
	p.Byte(')')
	p.comment(name(id, v))
}

// rect prints struct v4l2_rect.
func (p *printer) rect(left, top, width, height uint32) {
	p.first("left")
	p.Int(int64(int32(left)))
	p.fieldInt("top", int64(int32(top)))
	p.fieldUint("width", uint64(width))
	p.fieldUint("height", uint64(height))
	p.Byte('}')
}

package tracetool

import "unsafe"

// Controls of Video for Linux, and numbers that are written in a way of their
// own (linux/videodev2.h, linux/v4l2-controls.h).

var (
	sV4l2Ctrl     = []field{{"id", fClassed, xV4l2Cid}, {"value", fD32, 0}}
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

// queryCid prints an id that may ask for the next one.
func (p *printer) queryCid(v uint64) {
	const next = 0xc0000000
	if look.xlat == xlatRaw {
		p.hex(v)
		return
	}
	if v&next != 0 {
		p.flags(xV4l2CtrlNext, v&next)
		p.Byte('|')
	}
	p.classed(xV4l2Cid, v&^next)
}

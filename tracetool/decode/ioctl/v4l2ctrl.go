package ioctl

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Controls of Video for Linux, and numbers that are written in a way of their
// own (linux/videodev2.h, linux/v4l2-controls.h).

var (
	sV4l2Ctrl     = []text.Field{{Name: "id", Kind: text.Classed, Arg: names.V4l2Cid}, {Name: "value", Kind: text.D32}}
	sV4l2Ctrls    = []text.Field{{Name: "ctrl_class", Kind: text.V32, Arg: names.V4l2Class}, {Name: "count", Kind: text.U32}}
	sV4l2Query    = []text.Field{{Kind: text.At, Arg: 4}, {Name: "type", Kind: text.V32, Arg: names.V4l2CtrlType}, {Name: "name", Kind: text.Str, Arg: 32}, {Kind: text.Abbrev}}
	sV4l2QueryEnd = []text.Field{{Kind: text.At, Arg: 40}, {Name: "minimum", Kind: text.D32}, {Name: "maximum", Kind: text.D32}, {Name: "step", Kind: text.D32}, {Name: "default_value", Kind: text.D32},
		{Name: "flags", Kind: text.F32, Arg: names.V4l2CtrlFlag}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 2}, {Name: "reserved", Kind: text.X32}}
	sV4l2Query64 = []text.Field{{Kind: text.At, Arg: 40}, {Name: "minimum", Kind: text.D64}, {Name: "maximum", Kind: text.D64}, {Name: "step", Kind: text.U64}, {Name: "default_value", Kind: text.D64},
		{Name: "flags", Kind: text.F32, Arg: names.V4l2CtrlFlag}, {Name: "elem_size", Kind: text.U32}, {Name: "elems", Kind: text.U32}, {Name: "nr_of_dims", Kind: text.U32}}
	sV4l2Query64End = []text.Field{{Kind: text.At, Arg: 104}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 32}, {Name: "reserved", Kind: text.X32}}
)

// v4l2Queried prints the rest of struct v4l2_queryctrl or v4l2_query_ext_ctrl.
//
//go:noinline
func v4l2Queried(p *text.Printer, v uint64, ext bool) {
	const size, extSize, dims, maxDims = 68, 232, 88, 4
	w := text.Window{Addr: v, End: size}
	if ext {
		w.End = extSize
	}
	if id := w.Num(0, 4); id != p.Saved[0] {
		p.Str(" => ")
		queryCid(p, id)
	}
	p.FieldsIn(&w, sV4l2Query, false)
	switch {
	case !p.Full():
	case ext:
		p.FieldsIn(&w, sV4l2Query64, false)
		upto(p, &w, "dims", dims, 4, w.Num(84, 4), maxDims)
		p.FieldsIn(&w, sV4l2Query64End, false)
	default:
		p.FieldsIn(&w, sV4l2QueryEnd, false)
	}
}

// v4l2Controls prints delim and the array of the struct v4l2_ext_controls at
// v. It says whether all of it could be read.
func v4l2Controls(p *text.Printer, v uint64, delim string) bool {
	const size, count, array = 20, 4, 24
	var n uint32
	var addr uint64
	if !text.Peek(unsafe.Pointer(&n), 4, v+count) || !text.Peek(unsafe.Pointer(&addr), 8, v+array) {
		return false
	}
	p.Str(delim)
	p.Str("controls=")
	var c [size / 4]uint32 // struct v4l2_ext_control, packed
	i := uint64(0)
	for ; p.Each(unsafe.Pointer(&c), size, addr, i, uint64(n)); i++ {
		u := uint64(c[4])<<32 | uint64(c[3])
		p.First("id")
		p.Val(names.V4l2Cid, uint64(c[0]))
		p.FieldUint("size", uint64(c[1]))
		if c[1] > 0 {
			p.Field("string")
			p.Buf(u, uint64(c[1]))
		} else {
			p.FieldInt("value", int64(int32(u)))
			p.FieldInt("value64", int64(u))
		}
		p.Byte('}')
	}
	return i == uint64(n) || p.Shortened(addr+i*size, size, i)
}

// v4l2ControlsDone prints the array and, if the call failed, which of them was
// at fault.
func v4l2ControlsDone(p *text.Printer, v uint64, delim string) {
	const errorIdx = 8
	v4l2Controls(p, v, delim)
	var n uint32
	if p.Failed() && text.Peek(unsafe.Pointer(&n), 4, v+errorIdx) {
		p.FieldUint("error_idx", uint64(n))
	}
}

// queryCid prints an id that may ask for the next one.
func queryCid(p *text.Printer, v uint64) {
	const next = 0xc0000000
	if text.Opt.Style == text.StyleRaw {
		p.AltHex(v)
		return
	}
	if v&next != 0 {
		p.Flags(names.V4l2CtrlNext, v&next)
		p.Byte('|')
	}
	p.Classed(names.V4l2Cid, v&^next)
}

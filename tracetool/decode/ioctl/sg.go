package ioctl

// SG_IO, whose structure is struct sg_io_hdr (scsi/sg.h) or struct sg_io_v4
// (linux/bsg.h), as its first number says.

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

const (
	sgHdrSize = 88
	sgV4Size  = 160
)

var (
	sSgIn = []text.Field{{Kind: text.At, Arg: 4}, {Name: "dxfer_direction", Kind: text.V32, Arg: names.SgDirection}, {Name: "cmd_len", Kind: text.U8}, {Kind: text.At, Arg: 24}, {Name: "cmdp", Kind: text.RandomOf8, Arg: 8}, {Kind: text.At, Arg: 9}, {Name: "mx_sb_len", Kind: text.U8},
		{Name: "iovec_count", Kind: text.U16}, {Name: "dxfer_len", Kind: text.U32}, {Kind: text.At, Arg: 40}, {Name: "timeout", Kind: text.U32}, {Name: "flags", Kind: text.F32, Arg: names.SgFlag}}
	sSgOut = []text.Field{{Kind: text.At, Arg: 64}, {Name: "status", Kind: text.X8}, {Name: "masked_status", Kind: text.X8}, {Name: "msg_status", Kind: text.X8}, {Name: "sb_len_wr", Kind: text.U8}, {Kind: text.At, Arg: 32}, {Name: "sbp", Kind: text.RandomOf8, Arg: 67},
		{Kind: text.At, Arg: 68}, {Name: "host_status", Kind: text.X16}, {Name: "driver_status", Kind: text.X16}, {Name: "resid", Kind: text.D32}, {Name: "duration", Kind: text.U32}, {Name: "info", Kind: text.F32, Arg: names.SgInfo}}
	sBsgIn = []text.Field{{Kind: text.At, Arg: 4}, {Name: "protocol", Kind: text.V32, Arg: names.BsgProtocol}, {Name: "subprotocol", Kind: text.V32, Arg: names.BsgSub}, {Name: "request_len", Kind: text.U32}, {Name: "request", Kind: text.RandomOf, Arg: 12},
		{Name: "request_tag", Kind: text.X64}, {Name: "request_attr", Kind: text.U32}, {Name: "request_priority", Kind: text.U32}, {Name: "request_extra", Kind: text.U32}, {Name: "max_response_len", Kind: text.U32},
		{Kind: text.At, Arg: 56}, {Name: "dout_iovec_count", Kind: text.U32}, {Name: "dout_xfer_len", Kind: text.U32}, {Name: "din_iovec_count", Kind: text.U32}, {Name: "din_xfer_len", Kind: text.U32}}
	sBsgIn2  = []text.Field{{Kind: text.At, Arg: 88}, {Name: "timeout", Kind: text.U32}, {Name: "flags", Kind: text.F32, Arg: names.BsgFlag}, {Name: "usr_ptr", Kind: text.X64}}
	sBsgOut  = []text.Field{{Kind: text.At, Arg: 132}, {Name: "response_len", Kind: text.U32}, {Kind: text.At, Arg: 48}, {Name: "response", Kind: text.RandomOf, Arg: 132}}
	sBsgOut2 = []text.Field{{Kind: text.At, Arg: 108}, {Name: "driver_status", Kind: text.X32}, {Name: "transport_status", Kind: text.X32}, {Name: "device_status", Kind: text.X32}, {Name: "retry_delay", Kind: text.U32},
		{Name: "info", Kind: text.F32, Arg: names.SgInfo}, {Name: "duration", Kind: text.U32}, {Name: "response_len", Kind: text.U32}, {Name: "din_resid", Kind: text.D32}, {Name: "dout_resid", Kind: text.D32}, {Name: "generated_tag", Kind: text.X64}}
)

func sgIO(p *text.Printer, v uint64) text.Step {
	if !p.Cont {
		var id uint32
		p.Comma()
		if !p.Fetch(unsafe.Pointer(&id), 4, v) {
			return text.Last
		}
		size := uint64(sgHdrSize)
		switch id {
		case 'S':
			p.Str("{interface_id='S', ")
		case 'Q':
			p.Str("{guard='Q', ")
			size = sgV4Size
		default:
			p.Byte('[')
			p.Uint(uint64(id))
			p.Byte(']')
			return text.Last
		}
		p.Saved[0] = size
		if !text.Readable(v, size) {
			p.Ptr(v + 4)
			p.Byte('}')
			return text.Last
		}
		sgEnter(p, v, size)
		if !p.Exit {
			return text.Wait
		}
	}
	sgExit(p, v, p.Saved[0])
	p.Byte('}')
	return text.Last
}

func sgEnter(p *text.Printer, v, size uint64) {
	w := text.Window{Addr: v, End: size}
	if size == sgV4Size {
		p.FieldsIn(&w, sBsgIn, true)
		sgData(p, &w, "dout_xferp", 72, w.Num(56, 4), w.Num(60, 4))
		p.FieldsIn(&w, sBsgIn2, false)
		return
	}
	p.FieldsIn(&w, sSgIn, true)
	if toDev, _ := sgDirection(&w); toDev {
		sgData(p, &w, "dxferp", 16, w.Num(10, 2), w.Num(12, 4))
	}
}

func sgExit(p *text.Printer, v, size uint64) {
	w := text.Window{Addr: v, End: size}
	if size == sgV4Size {
		p.FieldsIn(&w, sBsgOut, false)
		sgData(p, &w, "din_xferp", 80, w.Num(64, 4), sgMoved(w.Num(68, 4), w.Num(136, 4)))
		p.FieldsIn(&w, sBsgOut2, false)
		return
	}
	toDev, fromDev := sgDirection(&w)
	n := sgMoved(w.Num(12, 4), w.Num(72, 4))
	switch {
	case fromDev && !toDev:
		sgData(p, &w, "dxferp", 16, w.Num(10, 2), n)
	case fromDev && n > 0:
		p.Str(" => dxferp=")
		sgBytes(p, w.Num(16, 8), w.Num(10, 2), n)
	}
	p.FieldsIn(&w, sSgOut, false)
}

// sgDirection says where the data of a struct sg_io_hdr goes.
func sgDirection(w *text.Window) (toDev, fromDev bool) {
	switch int32(w.Num(4, 4)) {
	case -2:
		return true, false
	case -3:
		return false, true
	case -4:
		return true, true
	}
	return false, false
}

// sgMoved returns how much of n bytes came, when resid say that they are
// missing.
func sgMoved(n, resid uint64) uint64 {
	if int32(resid) > 0 && resid <= n {
		return n - resid
	}
	return n
}

// sgData prints the data that the address at offset off points at.
func sgData(p *text.Printer, w *text.Window, field string, off, vectors, n uint64) {
	p.Field(field)
	sgBytes(p, w.Num(off, 8), vectors, n)
}

func sgBytes(p *text.Printer, addr, vectors, n uint64) {
	if vectors == 0 {
		p.Random(addr, n)
		return
	}
	var e [2]uint64
	for i := uint64(0); p.Each(unsafe.Pointer(&e), 16, addr, i, vectors); i++ {
		k := min(n, e[1])
		n -= k
		p.First("iov_base")
		p.Buf(e[0], k)
		p.FieldUint("iov_len", e[1])
		p.Byte('}')
	}
}

package tracetool

// SG_IO, whose structure is struct sg_io_hdr (scsi/sg.h) or struct sg_io_v4
// (linux/bsg.h), as its first number says.

import "unsafe"

const (
	sgHdrSize = 88
	sgV4Size  = 160
)

var (
	sSgIn = []field{{"", fAt, 4}, {"dxfer_direction", fV32, xSgDirection}, {"cmd_len", fU8, 0}, {"", fAt, 24}, {"cmdp", fRandomOf8, 8}, {"", fAt, 9}, {"mx_sb_len", fU8, 0},
		{"iovec_count", fU16, 0}, {"dxfer_len", fU32, 0}, {"", fAt, 40}, {"timeout", fU32, 0}, {"flags", fF32, xSgFlag}}
	sSgOut = []field{{"", fAt, 64}, {"status", fX8, 0}, {"masked_status", fX8, 0}, {"msg_status", fX8, 0}, {"sb_len_wr", fU8, 0}, {"", fAt, 32}, {"sbp", fRandomOf8, 67},
		{"", fAt, 68}, {"host_status", fX16, 0}, {"driver_status", fX16, 0}, {"resid", fD32, 0}, {"duration", fU32, 0}, {"info", fF32, xSgInfo}}
	sBsgIn = []field{{"", fAt, 4}, {"protocol", fV32, xBsgProtocol}, {"subprotocol", fV32, xBsgSub}, {"request_len", fU32, 0}, {"request", fRandomOf, 12},
		{"request_tag", fX64, 0}, {"request_attr", fU32, 0}, {"request_priority", fU32, 0}, {"request_extra", fU32, 0}, {"max_response_len", fU32, 0},
		{"", fAt, 56}, {"dout_iovec_count", fU32, 0}, {"dout_xfer_len", fU32, 0}, {"din_iovec_count", fU32, 0}, {"din_xfer_len", fU32, 0}}
	sBsgIn2  = []field{{"", fAt, 88}, {"timeout", fU32, 0}, {"flags", fF32, xBsgFlag}, {"usr_ptr", fX64, 0}}
	sBsgOut  = []field{{"", fAt, 132}, {"response_len", fU32, 0}, {"", fAt, 48}, {"response", fRandomOf, 132}}
	sBsgOut2 = []field{{"", fAt, 108}, {"driver_status", fX32, 0}, {"transport_status", fX32, 0}, {"device_status", fX32, 0}, {"retry_delay", fU32, 0},
		{"info", fF32, xSgInfo}, {"duration", fU32, 0}, {"response_len", fU32, 0}, {"din_resid", fD32, 0}, {"dout_resid", fD32, 0}, {"generated_tag", fX64, 0}}
)

func (p *printer) sgIO(v uint64) step {
	if !p.cont {
		var id uint32
		p.comma()
		if !p.fetch(unsafe.Pointer(&id), 4, v) {
			return last
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
			return last
		}
		p.saved[0] = size
		if !readable(v, size) {
			p.ptr(v + 4)
			p.Byte('}')
			return last
		}
		p.sgEnter(v, size)
		if !p.exit {
			return wait
		}
	}
	p.sgExit(v, p.saved[0])
	p.Byte('}')
	return last
}

func (p *printer) sgEnter(v, size uint64) {
	w := window{addr: v, end: size}
	if size == sgV4Size {
		p.fieldsIn(&w, sBsgIn, true)
		p.sgData(&w, "dout_xferp", 72, w.num(56, 4), w.num(60, 4))
		p.fieldsIn(&w, sBsgIn2, false)
		return
	}
	p.fieldsIn(&w, sSgIn, true)
	if toDev, _ := sgDirection(&w); toDev {
		p.sgData(&w, "dxferp", 16, w.num(10, 2), w.num(12, 4))
	}
}

func (p *printer) sgExit(v, size uint64) {
	w := window{addr: v, end: size}
	if size == sgV4Size {
		p.fieldsIn(&w, sBsgOut, false)
		p.sgData(&w, "din_xferp", 80, w.num(64, 4), sgMoved(w.num(68, 4), w.num(136, 4)))
		p.fieldsIn(&w, sBsgOut2, false)
		return
	}
	toDev, fromDev := sgDirection(&w)
	n := sgMoved(w.num(12, 4), w.num(72, 4))
	switch {
	case fromDev && !toDev:
		p.sgData(&w, "dxferp", 16, w.num(10, 2), n)
	case fromDev && n > 0:
		p.Str(" => dxferp=")
		p.sgBytes(w.num(16, 8), w.num(10, 2), n)
	}
	p.fieldsIn(&w, sSgOut, false)
}

// sgDirection says where the data of a struct sg_io_hdr goes.
func sgDirection(w *window) (toDev, fromDev bool) {
	switch int32(w.num(4, 4)) {
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
func (p *printer) sgData(w *window, field string, off, vectors, n uint64) {
	p.field(field)
	p.sgBytes(w.num(off, 8), vectors, n)
}

func (p *printer) sgBytes(addr, vectors, n uint64) {
	if vectors == 0 {
		p.random(addr, n)
		return
	}
	var e [2]uint64
	for i := uint64(0); p.each(unsafe.Pointer(&e), 16, addr, i, vectors); i++ {
		k := min(n, e[1])
		n -= k
		p.first("iov_base")
		p.buf(e[0], k)
		p.fieldUint("iov_len", e[1])
		p.Byte('}')
	}
}

package decode

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/socket"
	"libsystrap/tracetool/text"
)

// Operations of io_uring_register(2) with an argument that is decoded
// (include/uapi/linux/io_uring.h).
const (
	uringBuffers       = 0
	uringFiles         = 2
	uringEventfd       = 4
	UringFilesUpdate   = 6
	uringEventfdAsync  = 7
	UringProbe         = 8
	UringRestrictions  = 11
	uringFiles2        = 13
	uringFilesUpdate2  = 14
	uringBuffers2      = 15
	uringBuffersUpdate = 16
	uringIowqAff       = 17
	UringIowqMax       = 19
	uringRingFds       = 20
	uringUnringFds     = 21
	uringPbufRing      = 22
	uringUnpbufRing    = 23
)

// uringRegister prints the argument of io_uring_register(2).
func uringRegister(p *text.Printer) text.Step {
	addr, op, n := p.C.Args[2], uint32(p.C.Args[1]), uint64(uint32(p.C.Args[3]))
	switch op {
	case UringProbe:
		return uringProbe(p, addr, n)
	case UringIowqMax:
		return uringWorkers(p, addr, n)
	case uringBuffers:
		socket.Iovec(p, addr, n, socket.IovAddr, 0)
	case uringFiles, uringEventfd, uringEventfdAsync:
		fds(p, addr, n)
	case UringFilesUpdate:
		uringFilesUpdate(p, addr, n)
	case UringRestrictions:
		uringRestrictions(p, addr, n)
	case uringFiles2, uringBuffers2:
		uringResource(p, addr, n, op)
	case uringFilesUpdate2, uringBuffersUpdate:
		uringResourceUpdate(p, addr, n, op)
	case uringIowqAff:
		cpuset(p, addr, n, n)
	case uringRingFds, uringUnringFds:
		uringRings(p, addr, n, op)
	case uringPbufRing, uringUnpbufRing:
		uringBufferRing(p, addr)
	default:
		p.Ptr(addr)
	}
	return text.Next
}

// fds prints n descriptors.
func fds(p *text.Printer, addr, n uint64) {
	var fd int32
	for i := uint64(0); p.Each(unsafe.Pointer(&fd), 4, addr, i, n); i++ {
		p.Fd(fd)
	}
}

// updateFds prints n descriptors, -2 standing for those that stay.
func updateFds(p *text.Printer, addr, n uint64) {
	var fd int32
	for i := uint64(0); p.Each(unsafe.Pointer(&fd), 4, addr, i, n); i++ {
		switch {
		case fd == -2:
			p.Constant(^uint64(1), "IORING_REGISTER_FILES_SKIP", "", text.Decimal)
		case fd < -1:
			p.Int(int64(fd))
		default:
			p.Fd(fd)
		}
	}
}

func uringFilesUpdate(p *text.Printer, addr, n uint64) {
	var u struct {
		offset, resv uint32
		fds          uint64
	}
	if !p.Fetch(unsafe.Pointer(&u), 16, addr) {
		return
	}
	p.First("offset")
	p.Uint(uint64(u.offset))
	if u.resv != 0 {
		p.FieldHex("resv", uint64(u.resv))
	}
	p.Field("fds")
	updateFds(p, u.fds, n)
	p.Byte('}')
}

func uringRestrictions(p *text.Printer, addr, n uint64) {
	const registerOp, sqeOp, sqeFlagsAllowed, sqeFlagsRequired = 0, 1, 2, 3
	var r struct {
		opcode   uint16
		op, resv uint8
		resv2    [3]uint32
	}
	for i := uint64(0); p.Each(unsafe.Pointer(&r), 16, addr, i, n); i++ {
		p.First("opcode")
		p.Val(names.UringRestriction, uint64(r.opcode))
		switch r.opcode {
		case registerOp:
			p.Field("register_op")
			p.Val(names.UringReg, uint64(r.op))
		case sqeOp:
			p.Field("sqe_op")
			p.Val(names.UringOp, uint64(r.op))
		case sqeFlagsAllowed, sqeFlagsRequired:
			p.Field("sqe_flags")
			p.Flags(names.UringSqe, uint64(r.op))
		default:
			p.Str(" /* op: ")
			p.AltHex(uint64(r.op))
			p.Str(" */")
		}
		if r.resv != 0 {
			p.FieldHex("resv", uint64(r.resv))
		}
		if r.resv2[0]|r.resv2[1]|r.resv2[2] != 0 {
			p.Field("resv2")
			hexWords(p, r.resv2[:])
		}
		p.Byte('}')
	}
}

// uringResource prints struct io_uring_rsrc_register.
func uringResource(p *text.Printer, addr, size uint64, op uint32) {
	const known = 32
	var r struct {
		nr, flags         uint32
		resv2, data, tags uint64
	}
	if size < known {
		p.Ptr(addr)
		return
	}
	if !p.Fetch(unsafe.Pointer(&r), known, addr) {
		return
	}
	p.First("nr")
	p.Uint(uint64(r.nr))
	p.Field("flags")
	p.Flags(names.UringRsrc, uint64(r.flags))
	if r.resv2 != 0 {
		p.FieldHex("resv2", r.resv2)
	}
	uringData(p, r.data, r.tags, uint64(r.nr), op)
	p.Nonzero(", ", addr, known, size)
	p.Byte('}')
}

// uringResourceUpdate prints struct io_uring_rsrc_update2.
func uringResourceUpdate(p *text.Printer, addr, size uint64, op uint32) {
	const known = 32
	var r struct {
		offset, resv uint32
		data, tags   uint64
		nr, resv2    uint32
	}
	if size < known {
		p.Ptr(addr)
		return
	}
	if !p.Fetch(unsafe.Pointer(&r), known, addr) {
		return
	}
	p.First("offset")
	p.Uint(uint64(r.offset))
	if r.resv != 0 {
		p.FieldHex("resv", uint64(r.resv))
	}
	uringData(p, r.data, r.tags, uint64(r.nr), op)
	p.FieldUint("nr", uint64(r.nr))
	if r.resv2 != 0 {
		p.FieldHex("resv2", uint64(r.resv2))
	}
	p.Nonzero(", ", addr, known, size)
	p.Byte('}')
}

// uringData prints n descriptors or buffers and their tags.
func uringData(p *text.Printer, data, tags, n uint64, op uint32) {
	p.Field("data")
	switch op {
	case uringFiles2:
		fds(p, data, n)
	case uringFilesUpdate2:
		updateFds(p, data, n)
	default:
		socket.Iovec(p, data, n, socket.IovAddr, 0)
	}
	p.Field("tags")
	var t uint64
	for i := uint64(0); p.Each(unsafe.Pointer(&t), 8, tags, i, n); i++ {
		p.AltHex(t)
	}
}

// uringRings prints n struct io_uring_rsrc_update, which register or give back
// descriptors of rings.
func uringRings(p *text.Printer, addr, n uint64, op uint32) {
	var r struct {
		offset, resv uint32
		data         uint64
	}
	for i := uint64(0); p.Each(unsafe.Pointer(&r), 16, addr, i, n); i++ {
		p.First("offset")
		if op == uringRingFds && r.offset == 0xffffffff {
			p.Str("-1")
		} else {
			p.Uint(uint64(r.offset))
		}
		if r.resv != 0 {
			p.FieldHex("resv", uint64(r.resv))
		}
		if op == uringRingFds {
			p.Field("data")
			p.Fd(int32(r.data))
		} else if r.data != 0 {
			p.FieldHex("data", r.data)
		}
		p.Byte('}')
	}
}

// uringBufferRing prints struct io_uring_buf_reg.
func uringBufferRing(p *text.Printer, addr uint64) {
	var r struct {
		addr      uint64
		entries   uint32
		bgid, pad uint16
		resv      [3]uint64
	}
	if !p.Fetch(unsafe.Pointer(&r), 40, addr) {
		return
	}
	p.First("ring_addr")
	p.Ptr(r.addr)
	p.FieldUint("ring_entries", uint64(r.entries))
	p.FieldUint("bgid", uint64(r.bgid))
	if r.pad != 0 {
		p.FieldHex("pad", uint64(r.pad))
	}
	if r.resv[0]|r.resv[1]|r.resv[2] != 0 {
		p.Str(", resv=[")
		p.AltHex(r.resv[0])
		p.Comma()
		p.AltHex(r.resv[1])
		p.Comma()
		p.AltHex(r.resv[2])
		p.Byte(']')
	}
	p.Byte('}')
}

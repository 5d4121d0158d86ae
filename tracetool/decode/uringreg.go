package tracetool

import "unsafe"

// Operations of io_uring_register(2) with an argument that is decoded
// (include/uapi/linux/io_uring.h).
const (
	uringBuffers       = 0
	uringFiles         = 2
	uringEventfd       = 4
	uringFilesUpdate   = 6
	uringEventfdAsync  = 7
	uringProbe         = 8
	uringRestrictions  = 11
	uringFiles2        = 13
	uringFilesUpdate2  = 14
	uringBuffers2      = 15
	uringBuffersUpdate = 16
	uringIowqAff       = 17
	uringIowqMax       = 19
	uringRingFds       = 20
	uringUnringFds     = 21
	uringPbufRing      = 22
	uringUnpbufRing    = 23
)

// uringRegister prints the argument of io_uring_register(2).
func (p *printer) uringRegister() step {
	addr, op, n := p.c.Args[2], uint32(p.c.Args[1]), uint64(uint32(p.c.Args[3]))
	switch op {
	case uringProbe:
		return p.uringProbe(addr, n)
	case uringIowqMax:
		return p.uringWorkers(addr, n)
	case uringBuffers:
		p.iovec(addr, n, iovAddr, 0)
	case uringFiles, uringEventfd, uringEventfdAsync:
		p.fds(addr, n)
	case uringFilesUpdate:
		p.uringFilesUpdate(addr, n)
	case uringRestrictions:
		p.uringRestrictions(addr, n)
	case uringFiles2, uringBuffers2:
		p.uringResource(addr, n, op)
	case uringFilesUpdate2, uringBuffersUpdate:
		p.uringResourceUpdate(addr, n, op)
	case uringIowqAff:
		p.cpuset(addr, n, n)
	case uringRingFds, uringUnringFds:
		p.uringRings(addr, n, op)
	case uringPbufRing, uringUnpbufRing:
		p.uringBufferRing(addr)
	default:
		p.ptr(addr)
	}
	return next
}

// fds prints n descriptors.
func (p *printer) fds(addr, n uint64) {
	var fd int32
	for i := uint64(0); p.each(unsafe.Pointer(&fd), 4, addr, i, n); i++ {
		p.fd(fd)
	}
}

// updateFds prints n descriptors, -2 standing for those that stay.
func (p *printer) updateFds(addr, n uint64) {
	var fd int32
	for i := uint64(0); p.each(unsafe.Pointer(&fd), 4, addr, i, n); i++ {
		switch {
		case fd == -2:
			p.constant(^uint64(1), "IORING_REGISTER_FILES_SKIP", "", decBase)
		case fd < -1:
			p.Int(int64(fd))
		default:
			p.fd(fd)
		}
	}
}

func (p *printer) uringFilesUpdate(addr, n uint64) {
	var u struct {
		offset, resv uint32
		fds          uint64
	}
	if !p.fetch(unsafe.Pointer(&u), 16, addr) {
		return
	}
	p.first("offset")
	p.Uint(uint64(u.offset))
	if u.resv != 0 {
		p.fieldHex("resv", uint64(u.resv))
	}
	p.field("fds")
	p.updateFds(u.fds, n)
	p.Byte('}')
}

func (p *printer) uringRestrictions(addr, n uint64) {
	const registerOp, sqeOp, sqeFlagsAllowed, sqeFlagsRequired = 0, 1, 2, 3
	var r struct {
		opcode   uint16
		op, resv uint8
		resv2    [3]uint32
	}
	for i := uint64(0); p.each(unsafe.Pointer(&r), 16, addr, i, n); i++ {
		p.first("opcode")
		p.val(xUringRestriction, uint64(r.opcode))
		switch r.opcode {
		case registerOp:
			p.field("register_op")
			p.val(xUringReg, uint64(r.op))
		case sqeOp:
			p.field("sqe_op")
			p.val(xUringOp, uint64(r.op))
		case sqeFlagsAllowed, sqeFlagsRequired:
			p.field("sqe_flags")
			p.flags(xUringSqe, uint64(r.op))
		default:
			p.Str(" /* op: ")
			p.hex(uint64(r.op))
			p.Str(" */")
		}
		if r.resv != 0 {
			p.fieldHex("resv", uint64(r.resv))
		}
		if r.resv2[0]|r.resv2[1]|r.resv2[2] != 0 {
			p.field("resv2")
			p.hexWords(r.resv2[:])
		}
		p.Byte('}')
	}
}

// uringResource prints struct io_uring_rsrc_register.
func (p *printer) uringResource(addr, size uint64, op uint32) {
	const known = 32
	var r struct {
		nr, flags         uint32
		resv2, data, tags uint64
	}
	if size < known {
		p.ptr(addr)
		return
	}
	if !p.fetch(unsafe.Pointer(&r), known, addr) {
		return
	}
	p.first("nr")
	p.Uint(uint64(r.nr))
	p.field("flags")
	p.flags(xUringRsrc, uint64(r.flags))
	if r.resv2 != 0 {
		p.fieldHex("resv2", r.resv2)
	}
	p.uringData(r.data, r.tags, uint64(r.nr), op)
	p.nonzero(", ", addr, known, size)
	p.Byte('}')
}

// uringResourceUpdate prints struct io_uring_rsrc_update2.
func (p *printer) uringResourceUpdate(addr, size uint64, op uint32) {
	const known = 32
	var r struct {
		offset, resv uint32
		data, tags   uint64
		nr, resv2    uint32
	}
	if size < known {
		p.ptr(addr)
		return
	}
	if !p.fetch(unsafe.Pointer(&r), known, addr) {
		return
	}
	p.first("offset")
	p.Uint(uint64(r.offset))
	if r.resv != 0 {
		p.fieldHex("resv", uint64(r.resv))
	}
	p.uringData(r.data, r.tags, uint64(r.nr), op)
	p.fieldUint("nr", uint64(r.nr))
	if r.resv2 != 0 {
		p.fieldHex("resv2", uint64(r.resv2))
	}
	p.nonzero(", ", addr, known, size)
	p.Byte('}')
}

// uringData prints n descriptors or buffers and their tags.
func (p *printer) uringData(data, tags, n uint64, op uint32) {
	p.field("data")
	switch op {
	case uringFiles2:
		p.fds(data, n)
	case uringFilesUpdate2:
		p.updateFds(data, n)
	default:
		p.iovec(data, n, iovAddr, 0)
	}
	p.field("tags")
	var t uint64
	for i := uint64(0); p.each(unsafe.Pointer(&t), 8, tags, i, n); i++ {
		p.hex(t)
	}
}

// uringRings prints n struct io_uring_rsrc_update, which register or give back
// descriptors of rings.
func (p *printer) uringRings(addr, n uint64, op uint32) {
	var r struct {
		offset, resv uint32
		data         uint64
	}
	for i := uint64(0); p.each(unsafe.Pointer(&r), 16, addr, i, n); i++ {
		p.first("offset")
		if op == uringRingFds && r.offset == 0xffffffff {
			p.Str("-1")
		} else {
			p.Uint(uint64(r.offset))
		}
		if r.resv != 0 {
			p.fieldHex("resv", uint64(r.resv))
		}
		if op == uringRingFds {
			p.field("data")
			p.fd(int32(r.data))
		} else if r.data != 0 {
			p.fieldHex("data", r.data)
		}
		p.Byte('}')
	}
}

// uringBufferRing prints struct io_uring_buf_reg.
func (p *printer) uringBufferRing(addr uint64) {
	var r struct {
		addr      uint64
		entries   uint32
		bgid, pad uint16
		resv      [3]uint64
	}
	if !p.fetch(unsafe.Pointer(&r), 40, addr) {
		return
	}
	p.first("ring_addr")
	p.ptr(r.addr)
	p.fieldUint("ring_entries", uint64(r.entries))
	p.fieldUint("bgid", uint64(r.bgid))
	if r.pad != 0 {
		p.fieldHex("pad", uint64(r.pad))
	}
	if r.resv[0]|r.resv[1]|r.resv[2] != 0 {
		p.Str(", resv=[")
		p.hex(r.resv[0])
		p.comma()
		p.hex(r.resv[1])
		p.comma()
		p.hex(r.resv[2])
		p.Byte(']')
	}
	p.Byte('}')
}

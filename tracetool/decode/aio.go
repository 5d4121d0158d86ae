package tracetool

import "unsafe"

// iocb is struct iocb (include/uapi/linux/aio_abi.h).
type iocb struct {
	data         uint64
	key, rwFlags uint32
	opcode       uint16
	reqprio      int16
	fildes       uint32
	buf, nbytes  uint64
	offset       int64
	_            uint64
	flags, resfd uint32
}

// Operations of struct iocb whose further members are known.
const (
	iocbPread, iocbPwrite, iocbPoll = 0, 1, 5
	iocbPreadv, iocbPwritev         = 7, 8
)

const (
	iocbResfd  = 1 // IOCB_FLAG_RESFD
	iocbIoprio = 2 // IOCB_FLAG_IOPRIO
)

// iocbs prints the n blocks of io_submit(2), which the program points to.
func (p *printer) iocbs(addr uint64, n int64) {
	var at uint64
	if n < 0 {
		p.ptr(addr)
		return
	}
	for i := uint64(0); p.each(unsafe.Pointer(&at), 8, addr, i, uint64(n)); i++ {
		p.iocb(at)
	}
}

// iocb prints one block with its request.
func (p *printer) iocb(addr uint64) {
	var c iocb
	if !p.fetch(unsafe.Pointer(&c), int(unsafe.Sizeof(c)), addr) {
		return
	}
	p.iocbHead(&c)
	valid := int64(c.nbytes) >= 0
	switch c.opcode {
	case iocbPread, iocbPwrite:
		p.field("aio_buf")
		if c.opcode == iocbPwrite && valid {
			p.buf(c.buf, c.nbytes)
		} else {
			p.hex(c.buf)
		}
		p.fieldUint("aio_nbytes", c.nbytes)
		p.fieldInt("aio_offset", c.offset)
		p.iocbFlags(&c)
	case iocbPreadv, iocbPwritev:
		p.field("aio_buf")
		switch {
		case !valid:
			p.hex(c.buf)
			p.fieldUint("aio_nbytes", c.nbytes)
		case c.opcode == iocbPwritev:
			p.iovec(c.buf, c.nbytes, iovData, 0)
		default:
			p.iovec(c.buf, c.nbytes, iovAddr, 0)
		}
		p.fieldInt("aio_offset", c.offset)
		p.iocbFlags(&c)
	case iocbPoll:
		p.field("aio_buf")
		p.flags(xPoll, c.buf)
		p.iocbFlags(&c)
	}
	p.Byte('}')
}

// iocbCancel prints the block of io_cancel(2), of which only the head counts.
func (p *printer) iocbCancel(addr uint64) {
	var c iocb
	if p.fetch(unsafe.Pointer(&c), int(unsafe.Sizeof(c)), addr) {
		p.iocbHead(&c)
		p.Byte('}')
	}
}

func (p *printer) iocbHead(c *iocb) {
	p.first("aio_data")
	p.hex(c.data)
	if c.key != 0 {
		p.fieldUint("aio_key", uint64(c.key))
	}
	if c.rwFlags != 0 {
		p.field("aio_rw_flags")
		p.flags(xRwf, uint64(c.rwFlags))
	}
	p.field("aio_lio_opcode")
	p.valUint(xIocb, uint64(c.opcode))
	if c.flags&iocbIoprio != 0 {
		p.field("aio_reqprio")
		p.ioprio(uint32(uint16(c.reqprio)))
	} else if c.reqprio != 0 {
		p.fieldInt("aio_reqprio", int64(c.reqprio))
	}
	p.field("aio_fildes")
	p.fd(int32(c.fildes))
}

func (p *printer) iocbFlags(c *iocb) {
	if c.flags != 0 {
		p.field("aio_flags")
		p.flags(xIocbFlag, uint64(c.flags))
	}
	if c.flags&iocbResfd != 0 {
		p.field("aio_resfd")
		p.fd(int32(c.resfd))
	} else if c.resfd != 0 {
		p.fieldHex("aio_resfd", uint64(c.resfd))
	}
}

// ioEvents prints the n events of io_getevents(2).
func (p *printer) ioEvents(addr, n uint64) {
	var e [4]uint64
	if p.failed() {
		p.ptr(addr)
		return
	}
	for i := uint64(0); p.each(unsafe.Pointer(&e), 32, addr, i, n); i++ {
		p.ioEvent(&e)
	}
}

// ioEventOut prints the event that io_cancel(2) fills.
func (p *printer) ioEventOut(addr uint64) {
	var e [4]uint64
	if p.out(addr) && p.fetch(unsafe.Pointer(&e), 32, addr) {
		p.ioEvent(&e)
	}
}

func (p *printer) ioEvent(e *[4]uint64) {
	p.first("data")
	p.hex(e[0])
	p.fieldHex("obj", e[1])
	p.fieldInt("res", int64(e[2]))
	p.fieldInt("res2", int64(e[3]))
	p.Byte('}')
}

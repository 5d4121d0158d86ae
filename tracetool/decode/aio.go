package decode

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/socket"
	"libsystrap/tracetool/text"
)

// Iocb is struct iocb (include/uapi/linux/aio_abi.h).
type Iocb struct {
	Data         uint64
	Key, RwFlags uint32
	Opcode       uint16
	Reqprio      int16
	Fildes       uint32
	Buf, Nbytes  uint64
	Offset       int64
	_            uint64
	Flags, Resfd uint32
}

// Operations of struct iocb whose further members are known.
const (
	IocbPread, IocbPwrite, iocbPoll = 0, 1, 5
	iocbPreadv, iocbPwritev         = 7, 8
)

const (
	IocbResfd  = 1 // IOCB_FLAG_RESFD
	iocbIoprio = 2 // IOCB_FLAG_IOPRIO
)

// iocbs prints the n blocks of io_submit(2), which the program points to.
func iocbs(p *text.Printer, addr uint64, n int64) {
	var at uint64
	if n < 0 {
		p.Ptr(addr)
		return
	}
	for i := uint64(0); p.Each(unsafe.Pointer(&at), 8, addr, i, uint64(n)); i++ {
		iocb(p, at)
	}
}

// iocb prints one block with its request.
func iocb(p *text.Printer, addr uint64) {
	var c Iocb
	if !p.Fetch(unsafe.Pointer(&c), int(unsafe.Sizeof(c)), addr) {
		return
	}
	iocbHead(p, &c)
	valid := int64(c.Nbytes) >= 0
	switch c.Opcode {
	case IocbPread, IocbPwrite:
		p.Field("aio_buf")
		if c.Opcode == IocbPwrite && valid {
			p.Buf(c.Buf, c.Nbytes)
		} else {
			p.AltHex(c.Buf)
		}
		p.FieldUint("aio_nbytes", c.Nbytes)
		p.FieldInt("aio_offset", c.Offset)
		iocbFlags(p, &c)
	case iocbPreadv, iocbPwritev:
		p.Field("aio_buf")
		switch {
		case !valid:
			p.AltHex(c.Buf)
			p.FieldUint("aio_nbytes", c.Nbytes)
		case c.Opcode == iocbPwritev:
			socket.Iovec(p, c.Buf, c.Nbytes, socket.IovData, 0)
		default:
			socket.Iovec(p, c.Buf, c.Nbytes, socket.IovAddr, 0)
		}
		p.FieldInt("aio_offset", c.Offset)
		iocbFlags(p, &c)
	case iocbPoll:
		p.Field("aio_buf")
		p.Flags(names.Poll, c.Buf)
		iocbFlags(p, &c)
	}
	p.Byte('}')
}

// iocbCancel prints the block of io_cancel(2), of which only the head counts.
func iocbCancel(p *text.Printer, addr uint64) {
	var c Iocb
	if p.Fetch(unsafe.Pointer(&c), int(unsafe.Sizeof(c)), addr) {
		iocbHead(p, &c)
		p.Byte('}')
	}
}

func iocbHead(p *text.Printer, c *Iocb) {
	p.First("aio_data")
	p.AltHex(c.Data)
	if c.Key != 0 {
		p.FieldUint("aio_key", uint64(c.Key))
	}
	if c.RwFlags != 0 {
		p.Field("aio_rw_flags")
		p.Flags(names.Rwf, uint64(c.RwFlags))
	}
	p.Field("aio_lio_opcode")
	p.ValUint(names.Iocb, uint64(c.Opcode))
	if c.Flags&iocbIoprio != 0 {
		p.Field("aio_reqprio")
		ioprio(p, uint32(uint16(c.Reqprio)))
	} else if c.Reqprio != 0 {
		p.FieldInt("aio_reqprio", int64(c.Reqprio))
	}
	p.Field("aio_fildes")
	p.Fd(int32(c.Fildes))
}

func iocbFlags(p *text.Printer, c *Iocb) {
	if c.Flags != 0 {
		p.Field("aio_flags")
		p.Flags(names.IocbFlag, uint64(c.Flags))
	}
	if c.Flags&IocbResfd != 0 {
		p.Field("aio_resfd")
		p.Fd(int32(c.Resfd))
	} else if c.Resfd != 0 {
		p.FieldHex("aio_resfd", uint64(c.Resfd))
	}
}

// ioEvents prints the n events of io_getevents(2).
func ioEvents(p *text.Printer, addr, n uint64) {
	var e [4]uint64
	if p.Failed() {
		p.Ptr(addr)
		return
	}
	for i := uint64(0); p.Each(unsafe.Pointer(&e), 32, addr, i, n); i++ {
		ioEvent(p, &e)
	}
}

// ioEventOut prints the event that io_cancel(2) fills.
func ioEventOut(p *text.Printer, addr uint64) {
	var e [4]uint64
	if p.Out(addr) && p.Fetch(unsafe.Pointer(&e), 32, addr) {
		ioEvent(p, &e)
	}
}

func ioEvent(p *text.Printer, e *[4]uint64) {
	p.First("data")
	p.AltHex(e[0])
	p.FieldHex("obj", e[1])
	p.FieldInt("res", int64(e[2]))
	p.FieldInt("res2", int64(e[3]))
	p.Byte('}')
}

package footprint

import "libsystrap/systrap"

// Linux' own asynchronous I/O: io_submit(2) and its kin, fs/aio.c, include/uapi/linux/aio_abi.h.

// iocb is what a struct iocb has.
const (
	iocbSize   = 64
	iocbKey    = 8
	iocbOpcode = 16
	iocbBuf    = 24
	iocbBytes  = 32
)

// submitted adds the next of the requests that io_submit(2) is given: the kernel reads it, writes its key,
// and works on its buffer when the call has returned.
func (it *Iterator) submitted(addr uint64) (more bool) {
	n := min(it.count(1), pageSize)
	if it.when == succeeded {
		n = min(n, uint64(max(it.call.Result, 0)))
	}
	if it.when == failed || n == 0 {
		return false
	}
	if it.pos == 0 {
		it.reads(addr, it.count(1)*8, 0, "")
	}
	at, ok := systrap.ReadUint64(addr + uint64(it.pos)*8)
	if !ok {
		return false
	}
	it.index[0] = int32(it.pos)
	it.flags |= MayChange
	it.reads(at, iocbSize, 0, "[#]")
	it.writes(at+iocbKey, 4, 0, "[#].aio_key")
	var b [iocbSize]byte
	if systrap.Read(b[:], at) == len(b) {
		buf, bytes := le64(b[iocbBuf:]), le64(b[iocbBytes:])
		switch le32(b[iocbOpcode:]) & 0xffff {
		case 0: // IOCB_CMD_PREAD
			it.later(WritesLater, buf, min(bytes, maxCount), Bound, "[#].aio_buf")
		case 1: // IOCB_CMD_PWRITE
			it.later(ReadsLater, buf, min(bytes, maxCount), Bound, "[#].aio_buf")
		case 7: // IOCB_CMD_PREADV
			it.vector(WritesLater, buf, bytes, "[#].aio_buf[#].iov_base", 1)
		case 8: // IOCB_CMD_PWRITEV
			it.vector(ReadsLater, buf, bytes, "[#].aio_buf[#].iov_base", 1)
		}
	}
	it.pos++
	return uint64(it.pos) < n
}

// aioRing adds the ring of a context, which the kernel has mapped in the program's memory and moves the events through:
// struct aio_ring in fs/aio.c.
func (it *Iterator) aioRing(addr uint64) {
	const magicAt, magic, header, event = 16, 0xa10a10a1, 32, 32
	n, f := uint64(pageSize), AtLeast|MayChange
	if read32(addr+magicAt) == magic {
		n, f = header+uint64(read32(addr+4))*event, MayChange
	}
	it.flags |= f
	it.writesAnyway(addr, n, Bound, "ring")
	it.later(WritesLater, addr, n, 0, "ring")
}

package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/text"
)

// dump prints the data that a call has read or written, as -e read= and -e
// write= want it, behind the call's line.
func dump(p *text.Printer) {
	c := p.C
	a := &c.Args
	fd := int32(a[0])
	if fd < 0 {
		return
	}
	if opt.write.has(fd) {
		switch c.Sysno {
		case unix.SYS_WRITE, unix.SYS_PWRITE64, unix.SYS_SENDTO, unix.SYS_MQ_TIMEDSEND:
			dumpBytes(p, a[1], a[2])
		case unix.SYS_WRITEV, unix.SYS_PWRITEV, unix.SYS_PWRITEV2, unix.SYS_VMSPLICE:
			dumpIovec(p, a[1], uint64(uint32(a[2])), ^uint64(0))
		case unix.SYS_SENDMSG:
			dumpMessage(p, a[1], ^uint64(0))
		case unix.SYS_SENDMMSG:
			dumpMessages(p, a[1])
		}
	}
	if c.Failed() || !opt.read.has(fd) {
		return
	}
	switch n := uint64(c.Result); c.Sysno {
	case unix.SYS_READ, unix.SYS_PREAD64, unix.SYS_RECVFROM, unix.SYS_MQ_TIMEDRECEIVE:
		dumpBytes(p, a[1], n)
	case unix.SYS_READV, unix.SYS_PREADV, unix.SYS_PREADV2:
		dumpIovec(p, a[1], uint64(uint32(a[2])), n)
	case unix.SYS_RECVMSG:
		dumpMessage(p, a[1], n)
	case unix.SYS_RECVMMSG:
		dumpMessages(p, a[1])
	}
}

// dumpRow is how many bytes stand in one line.
const dumpRow = 16

// dumpPart is how much is read at a time.
const dumpPart = 1 << 16

// dumpBytes prints n bytes in hexadecimal and as text.
func dumpBytes(p *text.Printer, addr, n uint64) {
	if addr+n < addr || n > n+dumpRow {
		return
	}
	width := 5
	if n > 1<<20 {
		width = 0
		for v := n - 1; v > 0; v >>= 4 {
			width++
		}
	}
	var b [256]byte
	for i := uint64(0); i < n; i += dumpRow {
		if i%dumpPart == 0 {
			// A part of it is shown if all of that can be read.
			part := min(n-i, dumpPart)
			for j := uint64(0); j < part; j += uint64(len(b)) {
				k := min(part-j, uint64(len(b)))
				if systrap.Read(b[:k], addr+i+j) != int(k) {
					cannotFetch(p, addr+i, part, i > 0)
					return
				}
			}
		}
		k := int(min(n-i, dumpRow))
		if systrap.Read(b[:k], addr+i) != k {
			return
		}
		spill(p, 128)
		p.Str(" | ")
		p.HexDigits(i, width)
		p.Str("  ")
		for j := 0; j < dumpRow; j++ {
			if j < k {
				p.HexDigits(uint64(b[j]), 2)
			} else {
				p.Str("  ")
			}
			p.Byte(' ')
			if j%8 == 7 {
				p.Byte(' ')
			}
		}
		for j := 0; j < dumpRow; j++ {
			switch {
			case j >= k:
				p.Byte(' ')
			case text.Printable(b[j]):
				p.Byte(b[j])
			default:
				p.Byte('.')
			}
		}
		p.Str(" |\n")
	}
}

// cannotFetch says what is missing of a dump that has been begun.
func cannotFetch(p *text.Printer, addr, n uint64, begun bool) {
	if !begun {
		return
	}
	spill(p, 128)
	p.Str(" | <Cannot fetch ")
	p.Uint(n)
	p.Str(" byte")
	if n != 1 {
		p.Byte('s')
	}
	p.Str(" from pid ")
	p.Uint(uint64(p.Tid))
	p.Str(" @")
	p.Hex(addr)
	p.Str(">\n")
}

// dumpIovec prints n buffers, with size bytes of data in all.
func dumpIovec(p *text.Printer, addr, n, size uint64) {
	var v [2]uint64
	if n > 1024 || n > 0 && !text.Peek(unsafe.Pointer(&v), 16, addr+16*(n-1)) {
		return
	}
	for i := uint64(0); i < n; i++ {
		if !text.Peek(unsafe.Pointer(&v), 16, addr+16*i) {
			return
		}
		k := min(v[1], size)
		if k == 0 {
			return
		}
		size -= k
		spill(p, 128)
		p.Str(" * ")
		p.Uint(k)
		p.Str(" bytes in buffer ")
		p.Uint(i)
		p.Byte('\n')
		dumpBytes(p, v[0], k)
	}
}

// dumpMessage prints the buffers of a struct msghdr (recvmsg(2)).
func dumpMessage(p *text.Printer, addr, size uint64) {
	var m unix.Msghdr
	if text.Peek(unsafe.Pointer(&m), int(unsafe.Sizeof(m)), addr) {
		dumpIovec(p, uint64(uintptr(unsafe.Pointer(m.Iov))), m.Iovlen, size)
	}
}

// dumpMessages prints those of as many struct mmsghdr (recvmmsg(2)) as the
// call has handled.
func dumpMessages(p *text.Printer, addr uint64) {
	if p.C.Failed() {
		return
	}
	const size = 64 // of struct mmsghdr: a msghdr, and msg_len behind it
	for i := uint64(0); i < uint64(p.C.Result); i++ {
		var m unix.Msghdr
		var n uint32
		if !text.Peek(unsafe.Pointer(&m), int(unsafe.Sizeof(m)), addr+i*size) || !text.PeekUint32(&n, addr+i*size+56) {
			return
		}
		spill(p, 128)
		p.Str(" = ")
		p.Uint(m.Iovlen)
		p.Str(" buffers in vector ")
		p.Uint(i)
		p.Byte('\n')
		dumpIovec(p, uint64(uintptr(unsafe.Pointer(m.Iov))), m.Iovlen, uint64(n))
	}
}

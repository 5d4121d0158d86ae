package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	mmsgSize = 64        // sizeof(struct mmsghdr)
	msgLen   = 56        // offset of its msg_len
	mmsgMax  = 1024      // IOV_MAX: no call takes more
	noLen    = 1<<32 - 1 // a length that is not remembered
)

// mmsg prints n struct mmsghdr, of which the call has sent or received done.
func (p *printer) mmsg(addr, n, done uint64, in bool) {
	var h [mmsgSize]byte
	for i := uint64(0); p.each(unsafe.Pointer(&h), mmsgSize, addr, i, n); i++ {
		if i >= mmsgMax {
			p.Str("...]")
			return
		}
		at := addr + mmsgSize*i
		size := uint64(*(*uint32)(unsafe.Pointer(&h[msgLen])))
		p.Str("{msg_hdr=")
		if k := p.keptOr(int(i), noLen); in && k != noLen {
			p.msghdr(at, true, int64(int32(k)), size)
		} else if in {
			p.msghdr(at, false, 0, size)
		} else {
			p.msghdr(at, false, 0, ^uint64(0))
		}
		if i < done {
			p.fieldUint("msg_len", size)
		}
		p.Byte('}')
	}
}

// mmsgOut prints what recvmmsg(2) received.
func (p *printer) mmsgOut(addr uint64) {
	if p.failed() {
		p.ptr(addr)
		return
	}
	n := uint64(p.c.Result)
	p.mmsg(addr, n, n, true)
}

// presaveMmsg keeps the timeout of recvmmsg(2), which it overwrites with what
// is left of it, and the lengths of the buffers for names.
func (p *printer) presaveMmsg() {
	a := &p.c.Args
	var t [2]uint64
	if peek(unsafe.Pointer(&t), 16, a[4]) {
		p.saved[0], p.saved[1] = t[0], t[1]
	}
	for i := uint64(0); i < mmsgMax && i < uint64(uint32(a[2])); i++ {
		n := uint32(noLen)
		known := peekU32(&n, a[1]+mmsgSize*i+8)
		p.keep(int(i), n)
		if !known {
			break
		}
	}
}

// timeoutSaved prints the timeout that was given.
func (p *printer) timeoutSaved(addr uint64) {
	if addr == 0 || !readable(addr, 16) {
		p.ptr(addr)
		return
	}
	t := unix.Timespec{Sec: int64(p.saved[0]), Nsec: int64(p.saved[1])}
	p.tspec(&t)
}

// recvmmsgResult prints what is left of the timeout.
func (p *printer) recvmmsgResult() {
	p.Int(p.c.Result)
	switch {
	case p.c.Result == 0:
		p.Str(" (Timeout)")
	case p.c.Args[4] != 0 && look.verb.has(p.c.Sysno):
		p.Str(" (left ")
		p.timespec(p.c.Args[4])
		p.Byte(')')
	}
}

package socket

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/tracetool/text"
)

const (
	mmsgSize = 64        // sizeof(struct mmsghdr)
	msgLen   = 56        // offset of its msg_len
	mmsgMax  = 1024      // IOV_MAX: no call takes more
	noLen    = 1<<32 - 1 // a length that is not remembered
)

// Mmsg prints n struct mmsghdr, of which the call has sent or received done.
func Mmsg(p *text.Printer, addr, n, done uint64, in bool) {
	var h [mmsgSize]byte
	for i := uint64(0); p.Each(unsafe.Pointer(&h), mmsgSize, addr, i, n); i++ {
		if i >= mmsgMax {
			p.Str("...]")
			return
		}
		at := addr + mmsgSize*i
		size := uint64(*(*uint32)(unsafe.Pointer(&h[msgLen])))
		p.Str("{msg_hdr=")
		if k := p.KeptOr(int(i), noLen); in && k != noLen {
			Msghdr(p, at, true, int64(int32(k)), size)
		} else if in {
			Msghdr(p, at, false, 0, size)
		} else {
			Msghdr(p, at, false, 0, ^uint64(0))
		}
		if i < done {
			p.FieldUint("msg_len", size)
		}
		p.Byte('}')
	}
}

// MmsgOut prints what recvmmsg(2) received.
func MmsgOut(p *text.Printer, addr uint64) {
	if p.Failed() {
		p.Ptr(addr)
		return
	}
	n := uint64(p.C.Result)
	Mmsg(p, addr, n, n, true)
}

// PresaveMmsg keeps the timeout of recvmmsg(2), which it overwrites with what
// is left of it, and the lengths of the buffers for names.
func PresaveMmsg(p *text.Printer) {
	a := &p.C.Args
	var t [2]uint64
	if text.Peek(unsafe.Pointer(&t), 16, a[4]) {
		p.Saved[0], p.Saved[1] = t[0], t[1]
	}
	for i := uint64(0); i < mmsgMax && i < uint64(uint32(a[2])); i++ {
		n := uint32(noLen)
		known := text.PeekUint32(&n, a[1]+mmsgSize*i+8)
		p.Keep(int(i), n)
		if !known {
			break
		}
	}
}

// TimeoutSaved prints the timeout that was given.
func TimeoutSaved(p *text.Printer, addr uint64) {
	if addr == 0 || !text.Readable(addr, 16) {
		p.Ptr(addr)
		return
	}
	t := unix.Timespec{Sec: int64(p.Saved[0]), Nsec: int64(p.Saved[1])}
	p.Tspec(&t)
}

// RecvmmsgResult prints what is left of the timeout.
func RecvmmsgResult(p *text.Printer) {
	p.Int(p.C.Result)
	switch {
	case p.C.Result == 0:
		p.Str(" (Timeout)")
	case p.C.Args[4] != 0 && text.Opt.Verb.Has(p.C.Sysno):
		p.Str(" (left ")
		p.Timespec(p.C.Args[4])
		p.Byte(')')
	}
}

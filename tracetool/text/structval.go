package tracetool

import "golang.org/x/sys/unix"

// bswap returns the n lower bytes of v in reverse order.
func bswap(v uint64, n uint64) uint64 {
	r := uint64(0)
	for ; n > 0; n-- {
		r = r<<8 | v&0xff
		v >>= 8
	}
	return r
}

// signed extends the sign of a number of n bytes.
func signed(v, n uint64) int64 {
	s := 64 - 8*n
	return int64(v<<s) >> s
}

// value prints one element of field f, which lies at offset off.
func (p *printer) value(w *window, f *field, off uint64) {
	if f.k >= fSpecial {
		p.special(w, f, off)
		return
	}
	n := uint64(f.k & 15)
	v := w.num(off, n)
	w.last = v
	switch f.k &^ 15 {
	case fU:
		p.Uint(v)
	case fD:
		p.Int(signed(v, n))
	case fX:
		p.hex(v)
	case fZ:
		p.zhex(v, n)
	case fV:
		p.val(f.x, v)
	case fF:
		p.flags(f.x, v)
	case fP:
		p.ptr(v)
	case fS:
		p.valDec(f.x, signed(v, n))
	default:
		p.network(w, f, off, v, n)
	}
}

// network prints a number in network byte order.
func (p *printer) network(w *window, f *field, off, v, n uint64) {
	raw := w.bytes(off, n)
	if f.k&^15 == fB && !p.rawBytes(raw) {
		return
	}
	if n == 2 {
		p.Str("htons(")
	} else {
		p.Str("htonl(")
	}
	v = bswap(v, n)
	switch f.k &^ 15 {
	case fB:
		p.Uint(v)
	case fW:
		p.val(f.x, v)
	case fL:
		p.hex(v)
	}
	p.Byte(')')
	if f.k&^15 == fB {
		p.endNamed()
	}
}

// special prints what is more than a number.
func (p *printer) special(w *window, f *field, off uint64) {
	switch f.k {
	case fStr:
		p.charArray(w, off, uint64(f.x))
	case fBytes:
		p.hexWin(w, off, uint64(f.x))
	case fPid:
		p.pid(int32(w.num(off, 4)))
	case fMacLen:
		n := uint64(f.x)
		if n > w.last {
			n = w.last
		}
		p.mac(w.bytes(off, n))
	case fMac:
		p.mac(w.bytes(off, uint64(f.x)))
	case fMode:
		p.mode(uint32(w.num(off, 4)))
	case fIn4:
		p.inetAddr(w.bytes(off, 4))
	case fKey:
		p.keySerial(int32(w.num(off, 4)))
	case fIfindex:
		p.ifindex(uint32(w.num(off, 4)))
	case fFd64:
		p.fd(int32(w.num(off, 8)))
	case fErr32:
		p.errnoNeg(signed(w.num(off, 4), 4))
	case fOpenFlags:
		p.openFlags(w.num(off, 4))
	case fCallNr:
		p.callNr(w.num(off, 4), w.num(off+4, 4))
	case fPairs:
		p.pairs(w, off, uint64(f.x))
	case fFd:
		p.fd(int32(w.num(off, 4)))
	case fId:
		p.id(uint32(w.num(off, 4)))
	case fDev32:
		p.dev(w.num(off, 4))
	case fDev64, fDevT:
		p.dev(w.num(off, 8))
	case fClock:
		p.ticks(w.num(off, 8))
	case fKernel:
		p.kernelVersion(w.num(off, 4))
	case fNode:
		p.Uint(w.num(off, 4))
		if w.num(off, 4) == 0xffffffff {
			p.comment("NUMA_NO_NODE")
		}
	case fLog:
		p.zstrn(w.num(off, 8), w.last)
	case fPathAt:
		p.path(w.num(off, 8))
	case fTextAt:
		p.str(w.num(off, 8))
	case fTextOf:
		p.buf(w.num(off, 8), w.num(uint64(f.x), 4))
	case fRandomOf:
		p.randomOf(w, off, uint64(f.x), 4)
	case fRandomOf8:
		p.randomOf(w, off, uint64(f.x), 1)
	case fUuid:
		p.uuid(w, off)
	case fN32:
		p.valUint(f.x, w.num(off, 4))
	case fN64:
		p.valUint(f.x, w.num(off, 8))
	case fBool:
		p.Uint(w.num(off, 1))
	case fBigX32:
		p.Str("htonl(")
		p.hex(bswap(w.num(off, 4), 4))
		p.Byte(')')
	case fBytesLen:
		n := uint64(f.x)
		if n > w.last {
			n = w.last
		}
		p.hexWin(w, off, n)
	case fMcast:
		p.Byte('[')
		p.index(xBrMcastDir, 0)
		p.Uint(w.num(off, 8))
		p.comma()
		p.index(xBrMcastDir, 1)
		p.Uint(w.num(off+8, 8))
		p.Byte(']')
	case fVerbose16:
		p.valNoted(f.x, w.num(off, 2))
	case fFlagsNoted:
		p.flagsNoted(f.x, w.num(off, 4))
	case fVerbose:
		p.valNoted(f.x, w.num(off, 4))
	case fPackedX64:
		p.hex(w.num(off, 8))
	case fSigned:
		p.Int(int64(w.num(off, 8)))
	case fWas:
		p.was(w, off, int(f.x))
	case fBit32:
		p.Uint(w.num(off, 4) & 1)
	case fFourcc:
		p.fourcc(f.x, w.num(off, 4))
	case fClassed:
		p.classed(f.x, w.num(off, 4))
	case fFraction:
		p.Uint(w.num(off, 4))
		p.Byte('/')
		p.Uint(w.num(off+4, 4))
	case fRect:
		p.rect(uint32(w.num(off, 4)), uint32(w.num(off+4, 4)), uint32(w.num(off+8, 4)), uint32(w.num(off+12, 4)))
	}
}

// randomOf prints what the address at off points at, as many bytes as the
// number of n bytes at size says.
//
//go:noinline
func (p *printer) randomOf(w *window, off, size, n uint64) { p.random(w.num(off, 8), w.num(size, n)) }

// uuid prints the 16 bytes at off as uuid_unparse(3) does.
//
//go:noinline
func (p *printer) uuid(w *window, off uint64) {
	for i := uint64(0); i < 16; i++ {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			p.Byte('-')
		}
		p.HexDigits(w.num(off+i, 1), 2)
	}
}

// zhex prints a number of n bytes with all its digits (printf's %#0*x, where
// 0x counts as two of them).
func (p *printer) zhex(v, n uint64) {
	w := int(2 * n)
	if v != 0 {
		p.Str("0x")
		w -= 2
	}
	p.HexDigits(v, w)
}

// winText prints the bytes from off to end as a string.
func (p *printer) winText(w *window, off, end uint64) {
	q := quote{hex: look.hexStrings > 1}
	for i := off; i < end && look.hexStrings == 1 && !q.hex; i++ {
		q.hex = hexQuote(w.bytes(i, 1))
	}
	p.Byte('"')
	for i := off; i < end; i++ {
		p.escape(&q, byte(w.num(i, 1)))
	}
	p.endQuote(&q)
}

// charArray prints char [n] as a string; it need not be ended by a NUL.
func (p *printer) charArray(w *window, off, n uint64) {
	end := n
	for i := uint64(0); i < n; i++ {
		if w.num(off+i, 1) == 0 {
			end = i
			break
		}
	}
	if end == n {
		n--
	} else {
		n = end
	}
	p.winText(w, off, off+n)
	if end > n {
		p.Str("...")
	}
}

// hexWin prints n bytes as a string in hexadecimal.
func (p *printer) hexWin(w *window, off, n uint64) {
	p.Byte('"')
	for i := uint64(0); i < n; i++ {
		p.Str("\\x")
		p.HexDigits(w.num(off+i, 1), 2)
	}
	p.Byte('"')
}

// mac prints a hardware address.
func (p *printer) mac(b []byte) {
	if !p.rawBytes(b) {
		return
	}
	for i, c := range b {
		if i > 0 {
			p.Byte(':')
		}
		p.HexDigits(uint64(c), 2)
	}
	p.endNamed()
}

// callNr prints the number of a system call of this machine by the name of its
// constant.
func (p *printer) callNr(nr, arch uint64) {
	r, ok := lookup(int64(nr))
	if !ok || arch != unix.AUDIT_ARCH_X86_64 {
		p.Uint(nr)
		return
	}
	if p.named(nr, unsBase) {
		p.Str("__NR_")
		p.Str(r.name)
		p.endNamed()
	}
}

// kernelVersion prints KERNEL_VERSION() (linux/version.h).
func (p *printer) kernelVersion(v uint64) {
	if !p.named(v, hexBase) {
		return
	}
	p.Str("KERNEL_VERSION(")
	p.Uint(v >> 16)
	p.comma()
	p.Uint(v >> 8 & 0xff)
	p.comma()
	p.Uint(v & 0xff)
	p.Byte(')')
	p.endNamed()
}

func (p *printer) pairs(w *window, off, n uint64) {
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.comma()
		}
		p.Byte('[')
		p.hex(w.num(off+8*i, 4))
		p.comma()
		p.hex(w.num(off+8*i+4, 4))
		p.Byte(']')
	}
	p.Byte(']')
}

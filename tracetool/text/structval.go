package text

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
)

// Bswap returns the n lower bytes of v in reverse order.
func Bswap(v uint64, n uint64) uint64 {
	r := uint64(0)
	for ; n > 0; n-- {
		r = r<<8 | v&0xff
		v >>= 8
	}
	return r
}

// SignExtend extends the sign of a number of n bytes.
func SignExtend(v, n uint64) int64 {
	s := 64 - 8*n
	return int64(v<<s) >> s
}

// value prints one element of field f, which lies at offset off.
func (p *Printer) value(w *Window, f *Field, off uint64) {
	if f.Kind >= fSpecial {
		p.special(w, f, off)
		return
	}
	n := uint64(f.Kind & 15)
	v := w.Num(off, n)
	w.last = v
	switch f.Kind &^ 15 {
	case fU:
		p.Uint(v)
	case fD:
		p.Int(SignExtend(v, n))
	case fX:
		p.AltHex(v)
	case fZ:
		p.Zhex(v, n)
	case fV:
		p.Val(f.Arg, v)
	case fF:
		p.Flags(f.Arg, v)
	case fP:
		p.Ptr(v)
	case fS:
		p.ValDec(f.Arg, SignExtend(v, n))
	default:
		p.network(w, f, off, v, n)
	}
}

// network prints a number in network byte order.
func (p *Printer) network(w *Window, f *Field, off, v, n uint64) {
	raw := w.Bytes(off, n)
	if f.Kind&^15 == fB && !p.RawBytes(raw) {
		return
	}
	if n == 2 {
		p.Str("htons(")
	} else {
		p.Str("htonl(")
	}
	v = Bswap(v, n)
	switch f.Kind &^ 15 {
	case fB:
		p.Uint(v)
	case fW:
		p.Val(f.Arg, v)
	case fL:
		p.AltHex(v)
	}
	p.Byte(')')
	if f.Kind&^15 == fB {
		p.EndNamed()
	}
}

// special prints what is more than a number.
func (p *Printer) special(w *Window, f *Field, off uint64) {
	switch f.Kind {
	case Str:
		p.CharArray(w, off, uint64(f.Arg))
	case Bytes:
		p.hexWin(w, off, uint64(f.Arg))
	case Pid:
		p.Pid(int32(w.Num(off, 4)))
	case MacLen:
		n := uint64(f.Arg)
		if n > w.last {
			n = w.last
		}
		p.Mac(w.Bytes(off, n))
	case Mac:
		p.Mac(w.Bytes(off, uint64(f.Arg)))
	case Mode:
		p.Mode(uint32(w.Num(off, 4)))
	case In4:
		p.InetAddr(w.Bytes(off, 4))
	case Key:
		p.KeySerial(int32(w.Num(off, 4)))
	case Ifindex:
		p.Ifindex(uint32(w.Num(off, 4)))
	case Fd64:
		p.Fd(int32(w.Num(off, 8)))
	case Err32:
		p.ErrnoNeg(SignExtend(w.Num(off, 4), 4))
	case OpenFlags:
		p.OpenFlags(w.Num(off, 4))
	case CallNr:
		p.callNr(w.Num(off, 4), w.Num(off+4, 4))
	case Pairs:
		p.pairs(w, off, uint64(f.Arg))
	case Fd:
		p.Fd(int32(w.Num(off, 4)))
	case Id:
		p.ID(uint32(w.Num(off, 4)))
	case Dev32:
		p.Dev(w.Num(off, 4))
	case Dev64, DevT:
		p.Dev(w.Num(off, 8))
	case Clock:
		p.Ticks(w.Num(off, 8))
	case Kernel:
		p.kernelVersion(w.Num(off, 4))
	case Node:
		p.Uint(w.Num(off, 4))
		if w.Num(off, 4) == 0xffffffff {
			p.Comment("NUMA_NO_NODE")
		}
	case Log:
		p.Zstrn(w.Num(off, 8), w.last)
	case PathAt:
		p.Path(w.Num(off, 8))
	case TextAt:
		p.StrAt(w.Num(off, 8))
	case TextOf:
		p.Buf(w.Num(off, 8), w.Num(uint64(f.Arg), 4))
	case RandomOf:
		p.randomOf(w, off, uint64(f.Arg), 4)
	case RandomOf8:
		p.randomOf(w, off, uint64(f.Arg), 1)
	case Uuid:
		p.Uuid(w, off)
	case N32:
		p.ValUint(f.Arg, w.Num(off, 4))
	case N64:
		p.ValUint(f.Arg, w.Num(off, 8))
	case Bool:
		p.Uint(w.Num(off, 1))
	case BigX32:
		p.Str("htonl(")
		p.AltHex(Bswap(w.Num(off, 4), 4))
		p.Byte(')')
	case BytesLen:
		n := uint64(f.Arg)
		if n > w.last {
			n = w.last
		}
		p.hexWin(w, off, n)
	case Mcast:
		p.Byte('[')
		p.Index(names.BrMcastDir, 0)
		p.Uint(w.Num(off, 8))
		p.Comma()
		p.Index(names.BrMcastDir, 1)
		p.Uint(w.Num(off+8, 8))
		p.Byte(']')
	case Verbose16:
		p.ValNoted(f.Arg, w.Num(off, 2))
	case FlagsNoted:
		p.FlagsNoted(f.Arg, w.Num(off, 4))
	case Verbose:
		p.ValNoted(f.Arg, w.Num(off, 4))
	case PackedX64:
		p.AltHex(w.Num(off, 8))
	case Signed:
		p.Int(int64(w.Num(off, 8)))
	case Was:
		p.was(w, off, int(f.Arg))
	case Bit32:
		p.Uint(w.Num(off, 4) & 1)
	case Fourcc:
		p.fourcc(f.Arg, w.Num(off, 4))
	case Classed:
		p.Classed(f.Arg, w.Num(off, 4))
	case Fraction:
		p.Uint(w.Num(off, 4))
		p.Byte('/')
		p.Uint(w.Num(off+4, 4))
	case Rect:
		p.Rect(uint32(w.Num(off, 4)), uint32(w.Num(off+4, 4)), uint32(w.Num(off+8, 4)), uint32(w.Num(off+12, 4)))
	}
}

// randomOf prints what the address at off points at, as many bytes as the
// number of n bytes at size says.
//
//go:noinline
func (p *Printer) randomOf(w *Window, off, size, n uint64) { p.Random(w.Num(off, 8), w.Num(size, n)) }

// Uuid prints the 16 bytes at off as uuid_unparse(3) does.
//
//go:noinline
func (p *Printer) Uuid(w *Window, off uint64) {
	for i := uint64(0); i < 16; i++ {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			p.Byte('-')
		}
		p.HexDigits(w.Num(off+i, 1), 2)
	}
}

// Zhex prints a number of n bytes with all its digits (printf's %#0*x, where
// 0x counts as two of them).
func (p *Printer) Zhex(v, n uint64) {
	w := int(2 * n)
	if v != 0 {
		p.Str("0x")
		w -= 2
	}
	p.HexDigits(v, w)
}

// WinText prints the bytes from off to end as a string.
func (p *Printer) WinText(w *Window, off, end uint64) {
	q := Quote{hex: Opt.HexStrings > 1}
	for i := off; i < end && Opt.HexStrings == 1 && !q.hex; i++ {
		q.hex = hexQuote(w.Bytes(i, 1))
	}
	p.Byte('"')
	for i := off; i < end; i++ {
		p.Escape(&q, byte(w.Num(i, 1)))
	}
	p.EndQuote(&q)
}

// CharArray prints char [n] as a string; it need not be ended by a NUL.
func (p *Printer) CharArray(w *Window, off, n uint64) {
	end := n
	for i := uint64(0); i < n; i++ {
		if w.Num(off+i, 1) == 0 {
			end = i
			break
		}
	}
	if end == n {
		n--
	} else {
		n = end
	}
	p.WinText(w, off, off+n)
	if end > n {
		p.Str("...")
	}
}

// hexWin prints n bytes as a string in hexadecimal.
func (p *Printer) hexWin(w *Window, off, n uint64) {
	p.Byte('"')
	for i := uint64(0); i < n; i++ {
		p.Str("\\x")
		p.HexDigits(w.Num(off+i, 1), 2)
	}
	p.Byte('"')
}

// Mac prints a hardware address.
func (p *Printer) Mac(b []byte) {
	if !p.RawBytes(b) {
		return
	}
	for i, c := range b {
		if i > 0 {
			p.Byte(':')
		}
		p.HexDigits(uint64(c), 2)
	}
	p.EndNamed()
}

// callNr prints the number of a system call of this machine by the name of its
// constant.
func (p *Printer) callNr(nr, arch uint64) {
	r, ok := abi.Lookup(int64(nr))
	if !ok || arch != unix.AUDIT_ARCH_X86_64 {
		p.Uint(nr)
		return
	}
	if p.Named(nr, Unsigned) {
		p.Str("__NR_")
		p.Str(r.Name)
		p.EndNamed()
	}
}

// kernelVersion prints KERNEL_VERSION() (linux/version.h).
func (p *Printer) kernelVersion(v uint64) {
	if !p.Named(v, Hexadecimal) {
		return
	}
	p.Str("KERNEL_VERSION(")
	p.Uint(v >> 16)
	p.Comma()
	p.Uint(v >> 8 & 0xff)
	p.Comma()
	p.Uint(v & 0xff)
	p.Byte(')')
	p.EndNamed()
}

func (p *Printer) pairs(w *Window, off, n uint64) {
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.Comma()
		}
		p.Byte('[')
		p.AltHex(w.Num(off+8*i, 4))
		p.Comma()
		p.AltHex(w.Num(off+8*i+4, 4))
		p.Byte(']')
	}
	p.Byte(']')
}

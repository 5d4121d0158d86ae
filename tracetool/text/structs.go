package text

import (
	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
)

// A Field is one member of a structure, or a rule for the members after it. A
// structure is the list of its fields: each lies where C puts it, at the next
// offset that its size divides.
type Field struct {
	Name string
	Kind FieldKind
	Arg  names.ID // a table of names, or a number: x below
}

// FieldKind is the kind of a field. Those below Pad are numbers, with their size in
// bytes in the lower four bits.
type FieldKind uint8

const (
	fU FieldKind = 0x10 * iota // unsigned decimal
	fD                         // signed decimal
	fX                         // hexadecimal, 0 without 0x
	fZ                         // hexadecimal with all digits
	fV                         // a name of table x
	fF                         // flags of table x
	fB                         // big-endian, unsigned decimal in htons() or htonl()
	fW                         // big-endian, a name of table x in htons()
	fP                         // an address
	fS                         // a name of table x, or signed decimal
	fL                         // big-endian, hexadecimal in htons() or htonl()
	fSpecial
)

const (
	U8, U16, U32, U64 = fU + 1, fU + 2, fU + 4, fU + 8
	D8, D16, D32, D64 = fD + 1, fD + 2, fD + 4, fD + 8
	X8, X16, X32, X64 = fX + 1, fX + 2, fX + 4, fX + 8
	Z8, Z16, Z32, Z64 = fZ + 1, fZ + 2, fZ + 4, fZ + 8
	V8, V16, V32, V64 = fV + 1, fV + 2, fV + 4, fV + 8
	F8, F16, F32, F64 = fF + 1, fF + 2, fF + 4, fF + 8
	S8, S16, S32, S64 = fS + 1, fS + 2, fS + 4, fS + 8
	B16, B32, W16     = fB + 2, fB + 4, fW + 2
	L16, L32          = fL + 2, fL + 4
	Ptr               = fP + 8
)

const (
	Pad        FieldKind = fSpecial + iota // x bytes that are not shown
	At                                     // go to offset x
	Times                                  // the next field is an array of x elements
	Nonzero                                // the next field is left out if it is zero
	Abbrev                                 // what follows is "..." without -v
	Limit                                  // what follows is shown if the structure is that long
	Part                                   // what follows may end early: a cut member is shown as bytes
	Grow                                   // what follows is shown if it begins in the structure; what is behind its end counts as 0
	With                                   // what follows is shown if what is before it is
	Open                                   // a structure within: its fields come next
	Close                                  // its end
	Elems                                  // x structures: the fields up to Close are those of one
	Str                                    // char [x], ended by NUL
	Bytes                                  // x bytes as a string in hexadecimal
	Mac                                    // x bytes of a hardware address
	Mode                                   // 32 bits of a file's mode
	In4                                    // struct in_addr
	In6                                    // struct in6_addr
	Inet                                   // an address of the structure's family, in x bytes
	Key                                    // a key's serial number
	Ifindex                                // an interface's index
	Kernel                                 // KERNEL_VERSION()
	Node                                   // a node of memory
	Log                                    // address of a string, as long as the number before says
	PathAt                                 // address of a path
	Pid                                    // a process
	Fd64                                   // a descriptor in 64 bits
	Err32                                  // an errno, negative
	OpenFlags                              // flags of open(2)
	CallNr                                 // a system call's number
	Pairs                                  // x arrays of two numbers in hexadecimal
	MacLen                                 // like Mac, but as many bytes as the number before says
	Fd                                     // a descriptor
	Id                                     // a user or group
	Dev32                                  // a device number
	Dev64                                  // a device number
	DevT                                   // a device number as old and new encoding agree
	Clock                                  // 64 bits of a time in ticks
	TextAt                                 // address of a string
	TextOf                                 // address of as many bytes as the number at offset x says
	RandomOf                               // likewise, in hexadecimal
	RandomOf8                              // likewise, the number being a byte
	Uuid                                   // a UUID of 16 bytes
	N32                                    // a name of table x, or unsigned decimal
	N64                                    // likewise, of 64 bits
	Bool                                   // a byte, 0 or 1
	BigX32                                 // htonl(hexadecimal)
	Signed                                 // signed long
	PackedX64                              // 64 bits in hexadecimal, not aligned
	Mcast                                  // two counters, in and out
	BytesLen                               // like Bytes, but as many as the number before says
	Verbose16                              // 16 bits likewise
	FlagsNoted                             // 32 bits of flags, with the number beside them
	Was                                    // 32 bits that the kernel may have changed; Arg says which of Printer.Kept it was
	Bit32                                  // the lowest of 32 bits
	Verbose                                // 32 bits, with their name in table x as a comment
	Fourcc                                 // a four-character code, its name in table x
	Classed                                // a name of table x, or an offset in its class, which table x-1 names
	Fraction                               // two numbers of 32 bits as a fraction
	Rect                                   // left, top, width and height, in 32 bits each
)

// Window is the part of a structure that has been read.
type Window struct {
	Addr uint64 // of the structure
	from uint64 // offset of the first byte in b
	n    uint64 // bytes in b
	End  uint64 // size of the structure
	last uint64 // the last number that was printed
	b    [64]byte
}

// Bytes makes n bytes at offset off, at most 64, present and returns them.
func (w *Window) Bytes(off, n uint64) []byte {
	if off < w.from || off+n > w.from+w.n {
		w.from = off
		w.n = w.End - off
		if off > w.End {
			w.n = 0
		}
		if w.n > uint64(len(w.b)) {
			w.n = uint64(len(w.b))
		}
		got := systrap.Read(w.b[:w.n], w.Addr+off)
		for i := uint64(got); i < uint64(len(w.b)); i++ {
			w.b[i] = 0
		}
	}
	i := off - w.from
	if i+n > uint64(len(w.b)) {
		n = uint64(len(w.b)) - i
	}
	return w.b[i : i+n]
}

// Num returns the little-endian number of n bytes at off.
func (w *Window) Num(off, n uint64) uint64 {
	b := w.Bytes(off, n)
	v := uint64(0)
	for i := len(b) - 1; i >= 0; i-- {
		v = v<<8 | uint64(b[i])
	}
	return v
}

// layout returns the size and the alignment of a field's element.
func (f *Field) layout() (size, align uint64) {
	if f.Kind < fSpecial {
		s := uint64(f.Kind & 15)
		return s, s
	}
	switch f.Kind {
	case Pad, Str, Bytes, BytesLen, Mac, MacLen:
		return uint64(f.Arg), 1
	case Inet:
		return uint64(f.Arg), 4
	case Mode, In4, Ifindex, Key, Kernel, Node, Pid, Fd, Err32, OpenFlags, CallNr, Id, Dev32, BigX32, N32, Verbose, FlagsNoted, Fourcc, Classed, Was, Bit32:
		return 4, 4
	case In6, Rect:
		return 16, 4
	case Fraction:
		return 8, 4
	case Uuid:
		return 16, 1
	case Mcast:
		return 16, 8
	case Pairs:
		return 8 * uint64(f.Arg), 4
	case Fd64, Dev64, DevT, Clock, N64, TextAt, TextOf, RandomOf, RandomOf8, Log, PathAt, Signed:
		return 8, 8
	case PackedX64:
		return 8, 1
	case Verbose16:
		return 2, 2
	case Bool:
		return 1, 1
	}
	return 0, 1
}

// SizeOf returns the size of a structure up to the end of its last field.
func SizeOf(s []Field) uint64 {
	off, times, group := uint64(0), uint64(1), uint64(0)
	count, end := uint64(0), uint64(0)
	for i := range s {
		f := &s[i]
		if off > end {
			end = off
		}
		switch f.Kind {
		case At:
			off = uint64(f.Arg)
			continue
		case Times:
			times = uint64(f.Arg)
			continue
		case Elems:
			group, count = off, uint64(f.Arg)
			continue
		case Close:
			if count > 0 {
				off = group + (off-group)*count
				count = 0
			}
			continue
		}
		size, align := f.layout()
		off = (off + align - 1) &^ (align - 1)
		off += size * times
		if f.Kind != Nonzero {
			times = 1
		}
	}
	if off > end {
		end = off
	}
	return end
}

// StructAt prints the structure at addr; if it cannot be read, its address.
func (p *Printer) StructAt(addr uint64, s []Field) bool {
	return p.StructPart(addr, s, SizeOf(s))
}

// StructPart prints the fields that lie in the first n bytes of the structure.
func (p *Printer) StructPart(addr uint64, s []Field, n uint64) bool {
	if !Readable(addr, n) {
		p.Ptr(addr)
		return false
	}
	p.Byte('{')
	p.Fields(addr, s, n, true)
	p.Byte('}')
	return true
}

// Fields prints the fields of a structure without its braces; first says that
// none was printed before.
//
//go:noinline
func (p *Printer) Fields(addr uint64, s []Field, n uint64, first bool) {
	w := Window{Addr: addr, End: n}
	p.FieldsIn(&w, s, first)
}

// FieldsIn is fields in a window that is there already.
func (p *Printer) FieldsIn(w *Window, s []Field, first bool) {
	n := w.End
	off, times := uint64(0), uint64(1)
	limited, nonzero, part, grow := false, false, false, false
	past := false              // the rest is behind the end
	loop, left := 0, uint64(0) // of Elems
	for i := 0; i < len(s); i++ {
		f := &s[i]
		switch f.Kind {
		case At:
			off = uint64(f.Arg)
			continue
		case Times:
			times = uint64(f.Arg)
			continue
		case Nonzero:
			nonzero = true
			continue
		case Limit:
			limited = true
			continue
		case Grow:
			grow = true
			continue
		case With:
			grow = false
			continue
		case Part:
			part = true
			continue
		case Abbrev:
			if !p.Full() {
				if !first {
					p.Comma()
				}
				p.Str("...")
				return
			}
			continue
		case Open:
			p.Sep(&first, f.Name)
			p.Byte('{')
			first = true
			continue
		case Elems:
			p.Sep(&first, f.Name)
			p.Str("[{")
			loop, left, first = i, uint64(f.Arg), true
			continue
		case Close:
			p.Byte('}')
			first = false
			if left > 1 {
				left--
				i = loop
				p.Str(", {")
				first = true
			} else if left == 1 {
				left = 0
				p.Byte(']')
			}
			continue
		}
		size, align := f.layout()
		off = (off + align - 1) &^ (align - 1)
		at := off
		off += size * times
		if limited && off > n {
			return
		}
		if grow && at >= n {
			past = true
		}
		if past {
			times = 1
			continue
		}
		if part && off > n {
			if at < n {
				p.Sep(&first, f.Name)
				p.hexWin(w, at, n-at)
			}
			return
		}
		if f.Kind == Pad {
			times = 1
			continue
		}
		if nonzero {
			nonzero = false
			if w.Zero(at, off) {
				times = 1
				continue
			}
		}
		if f.Kind == In6 || f.Kind == Inet {
			p.inetField(w, f, at, &first)
			continue
		}
		p.Sep(&first, f.Name)
		if grow && f.Kind == Str && off > n {
			p.CharArray(w, at, n-at)
			continue
		}
		if times > 1 {
			p.Byte('[')
		}
		for k := uint64(0); k < times; k++ {
			if k > 0 {
				p.Comma()
			}
			if times > 1 && k >= Opt.StrLen && !p.Full() {
				p.Str("...")
				break
			}
			p.value(w, f, at+k*size)
		}
		if times > 1 {
			p.Byte(']')
		}
		times = 1
	}
}

// Sep prints what stands before a field: ", name=".
func (p *Printer) Sep(first *bool, name string) {
	if !*first {
		p.Comma()
	}
	*first = false
	if name != "" {
		p.Str(name)
		p.Byte('=')
	}
}

// Zero says whether all bytes from off to end are 0.
func (w *Window) Zero(off, end uint64) bool {
	for ; off < end; off++ {
		if w.Num(off, 1) != 0 {
			return false
		}
	}
	return true
}

package tracetool

import "libsystrap/systrap"

// A field is one member of a structure, or a rule for the members after it. A
// structure is the list of its fields: each lies where C puts it, at the next
// offset that its size divides.
type field struct {
	name string
	k    fk
	x    nameID // a table of names, or a number
}

// fk is the kind of a field. Those below fPad are numbers, with their size in
// bytes in the lower four bits.
type fk uint8

const (
	fU fk = 0x10 * iota // unsigned decimal
	fD                  // signed decimal
	fX                  // hexadecimal, 0 without 0x
	fZ                  // hexadecimal with all digits
	fV                  // a name of table x
	fF                  // flags of table x
	fB                  // big-endian, unsigned decimal in htons() or htonl()
	fW                  // big-endian, a name of table x in htons()
	fP                  // an address
	fS                  // a name of table x, or signed decimal
	fL                  // big-endian, hexadecimal in htons() or htonl()
	fSpecial
)

const (
	fU8, fU16, fU32, fU64 = fU + 1, fU + 2, fU + 4, fU + 8
	fD8, fD16, fD32, fD64 = fD + 1, fD + 2, fD + 4, fD + 8
	fX8, fX16, fX32, fX64 = fX + 1, fX + 2, fX + 4, fX + 8
	fZ8, fZ16, fZ32, fZ64 = fZ + 1, fZ + 2, fZ + 4, fZ + 8
	fV8, fV16, fV32, fV64 = fV + 1, fV + 2, fV + 4, fV + 8
	fF8, fF16, fF32, fF64 = fF + 1, fF + 2, fF + 4, fF + 8
	fS8, fS16, fS32, fS64 = fS + 1, fS + 2, fS + 4, fS + 8
	fB16, fB32, fW16      = fB + 2, fB + 4, fW + 2
	fL16, fL32            = fL + 2, fL + 4
	fPtr                  = fP + 8
)

const (
	fPad        fk = fSpecial + iota // x bytes that are not shown
	fAt                              // go to offset x
	fTimes                           // the next field is an array of x elements
	fNonzero                         // the next field is left out if it is zero
	fAbbrev                          // what follows is "..." without -v
	fLimit                           // what follows is shown if the structure is that long
	fPart                            // what follows may end early: a cut member is shown as bytes
	fGrow                            // what follows is shown if it begins in the structure; what is behind its end counts as 0
	fWith                            // what follows is shown if what is before it is
	fOpen                            // a structure within: its fields come next
	fClose                           // its end
	fElems                           // x structures: the fields up to fClose are those of one
	fStr                             // char [x], ended by NUL
	fBytes                           // x bytes as a string in hexadecimal
	fMac                             // x bytes of a hardware address
	fMode                            // 32 bits of a file's mode
	fIn4                             // struct in_addr
	fIn6                             // struct in6_addr
	fInet                            // an address of the structure's family, in x bytes
	fKey                             // a key's serial number
	fIfindex                         // an interface's index
	fKernel                          // KERNEL_VERSION()
	fNode                            // a node of memory
	fLog                             // address of a string, as long as the number before says
	fPathAt                          // address of a path
	fPid                             // a process
	fFd64                            // a descriptor in 64 bits
	fErr32                           // an errno, negative
	fOpenFlags                       // flags of open(2)
	fCallNr                          // a system call's number
	fPairs                           // x arrays of two numbers in hexadecimal
	fMacLen                          // like fMac, but as many bytes as the number before says
	fFd                              // a descriptor
	fId                              // a user or group
	fDev32                           // a device number
	fDev64                           // a device number
	fDevT                            // a device number as old and new encoding agree
	fClock                           // 64 bits of a time in ticks
	fTextAt                          // address of a string
	fTextOf                          // address of as many bytes as the number at offset x says
	fRandomOf                        // likewise, in hexadecimal
	fRandomOf8                       // likewise, the number being a byte
	fUuid                            // a UUID of 16 bytes
	fN32                             // a name of table x, or unsigned decimal
	fN64                             // likewise, of 64 bits
	fBool                            // a byte, 0 or 1
	fBigX32                          // htonl(hexadecimal)
	fSigned                          // signed long
	fPackedX64                       // 64 bits in hexadecimal, not aligned
	fMcast                           // two counters, in and out
	fBytesLen                        // like fBytes, but as many as the number before says
	fVerbose16                       // 16 bits likewise
	fFlagsNoted                      // 32 bits of flags, with the number beside them
	fWas                             // 32 bits that the kernel may have changed; x says which of p.kept it was
	fBit32                           // the lowest of 32 bits
	fVerbose                         // 32 bits, with their name in table x as a comment
	fFourcc                          // a four-character code, its name in table x
	fClassed                         // a name of table x, or an offset in its class, which table x-1 names
	fFraction                        // two numbers of 32 bits as a fraction
	fRect                            // left, top, width and height, in 32 bits each
)

// window is the part of a structure that has been read.
type window struct {
	addr uint64 // of the structure
	from uint64 // offset of the first byte in b
	n    uint64 // bytes in b
	end  uint64 // size of the structure
	last uint64 // the last number that was printed
	b    [64]byte
}

// bytes makes n bytes at offset off, at most 64, present and returns them.
func (w *window) bytes(off, n uint64) []byte {
	if off < w.from || off+n > w.from+w.n {
		w.from = off
		w.n = w.end - off
		if off > w.end {
			w.n = 0
		}
		if w.n > uint64(len(w.b)) {
			w.n = uint64(len(w.b))
		}
		got := systrap.Read(w.b[:w.n], w.addr+off)
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

// num returns the little-endian number of n bytes at off.
func (w *window) num(off, n uint64) uint64 {
	b := w.bytes(off, n)
	v := uint64(0)
	for i := len(b) - 1; i >= 0; i-- {
		v = v<<8 | uint64(b[i])
	}
	return v
}

// layout returns the size and the alignment of a field's element.
func (f *field) layout() (size, align uint64) {
	if f.k < fSpecial {
		s := uint64(f.k & 15)
		return s, s
	}
	switch f.k {
	case fPad, fStr, fBytes, fBytesLen, fMac, fMacLen:
		return uint64(f.x), 1
	case fInet:
		return uint64(f.x), 4
	case fMode, fIn4, fIfindex, fKey, fKernel, fNode, fPid, fFd, fErr32, fOpenFlags, fCallNr, fId, fDev32, fBigX32, fN32, fVerbose, fFlagsNoted, fFourcc, fClassed, fWas, fBit32:
		return 4, 4
	case fIn6, fRect:
		return 16, 4
	case fFraction:
		return 8, 4
	case fUuid:
		return 16, 1
	case fMcast:
		return 16, 8
	case fPairs:
		return 8 * uint64(f.x), 4
	case fFd64, fDev64, fDevT, fClock, fN64, fTextAt, fTextOf, fRandomOf, fRandomOf8, fLog, fPathAt, fSigned:
		return 8, 8
	case fPackedX64:
		return 8, 1
	case fVerbose16:
		return 2, 2
	case fBool:
		return 1, 1
	}
	return 0, 1
}

// sizeOf returns the size of a structure up to the end of its last field.
func sizeOf(s []field) uint64 {
	off, times, group := uint64(0), uint64(1), uint64(0)
	count, end := uint64(0), uint64(0)
	for i := range s {
		f := &s[i]
		if off > end {
			end = off
		}
		switch f.k {
		case fAt:
			off = uint64(f.x)
			continue
		case fTimes:
			times = uint64(f.x)
			continue
		case fElems:
			group, count = off, uint64(f.x)
			continue
		case fClose:
			if count > 0 {
				off = group + (off-group)*count
				count = 0
			}
			continue
		}
		size, align := f.layout()
		off = (off + align - 1) &^ (align - 1)
		off += size * times
		if f.k != fNonzero {
			times = 1
		}
	}
	if off > end {
		end = off
	}
	return end
}

// structAt prints the structure at addr; if it cannot be read, its address.
func (p *printer) structAt(addr uint64, s []field) bool {
	return p.structPart(addr, s, sizeOf(s))
}

// structPart prints the fields that lie in the first n bytes of the structure.
func (p *printer) structPart(addr uint64, s []field, n uint64) bool {
	if !readable(addr, n) {
		p.ptr(addr)
		return false
	}
	p.Byte('{')
	p.fields(addr, s, n, true)
	p.Byte('}')
	return true
}

// fields prints the fields of a structure without its braces; first says that
// none was printed before.
//
//go:noinline
func (p *printer) fields(addr uint64, s []field, n uint64, first bool) {
	w := window{addr: addr, end: n}
	p.fieldsIn(&w, s, first)
}

// fieldsIn is fields in a window that is there already.
func (p *printer) fieldsIn(w *window, s []field, first bool) {
	n := w.end
	off, times := uint64(0), uint64(1)
	limited, nonzero, part, grow := false, false, false, false
	past := false              // the rest is behind the end
	loop, left := 0, uint64(0) // of fElems
	for i := 0; i < len(s); i++ {
		f := &s[i]
		switch f.k {
		case fAt:
			off = uint64(f.x)
			continue
		case fTimes:
			times = uint64(f.x)
			continue
		case fNonzero:
			nonzero = true
			continue
		case fLimit:
			limited = true
			continue
		case fGrow:
			grow = true
			continue
		case fWith:
			grow = false
			continue
		case fPart:
			part = true
			continue
		case fAbbrev:
			if !p.full() {
				if !first {
					p.comma()
				}
				p.Str("...")
				return
			}
			continue
		case fOpen:
			p.sep(&first, f.name)
			p.Byte('{')
			first = true
			continue
		case fElems:
			p.sep(&first, f.name)
			p.Str("[{")
			loop, left, first = i, uint64(f.x), true
			continue
		case fClose:
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
				p.sep(&first, f.name)
				p.hexWin(w, at, n-at)
			}
			return
		}
		if f.k == fPad {
			times = 1
			continue
		}
		if nonzero {
			nonzero = false
			if w.zero(at, off) {
				times = 1
				continue
			}
		}
		if f.k == fIn6 || f.k == fInet {
			p.inetField(w, f, at, &first)
			continue
		}
		p.sep(&first, f.name)
		if grow && f.k == fStr && off > n {
			p.charArray(w, at, n-at)
			continue
		}
		if times > 1 {
			p.Byte('[')
		}
		for k := uint64(0); k < times; k++ {
			if k > 0 {
				p.comma()
			}
			if times > 1 && k >= look.strLen && !p.full() {
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

// sep prints what stands before a field: ", name=".
func (p *printer) sep(first *bool, name string) {
	if !*first {
		p.comma()
	}
	*first = false
	if name != "" {
		p.Str(name)
		p.Byte('=')
	}
}

// zero says whether all bytes from off to end are 0.
func (w *window) zero(off, end uint64) bool {
	for ; off < end; off++ {
		if w.num(off, 1) != 0 {
			return false
		}
	}
	return true
}

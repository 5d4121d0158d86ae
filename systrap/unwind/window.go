package unwind

import "libsystrap/systrap"

// window reads a table in the program's memory from front to back, through a
// small buffer. After a read that fails, bad is set and all values are 0.
type window struct {
	base     uint64 // address of buf[0]
	end      uint64 // address behind the last byte that may be read
	at, fill int
	bad      bool
	buf      [64]byte
}

// open makes the window begin at addr; bytes from end on are not the table's.
func (w *window) open(addr, end uint64) {
	w.base, w.end = addr, end
	w.at, w.fill = 0, 0
	w.bad = addr > end
}

// pos is the address of the next byte.
func (w *window) pos() uint64 { return w.base + uint64(w.at) }

// more says whether there is a next byte.
func (w *window) more() bool { return !w.bad && w.pos() < w.end }

// skip leaves out n bytes.
func (w *window) skip(n uint64) {
	if n > w.end-w.pos() {
		w.bad = true
		return
	}
	w.moveTo(w.pos() + n)
}

// moveTo makes the byte at addr the next one.
func (w *window) moveTo(addr uint64) {
	if addr-w.base <= uint64(w.fill) {
		w.at = int(addr - w.base)
		return
	}
	w.base, w.at, w.fill = addr, 0, 0
}

func (w *window) u8() uint8 {
	if w.at == w.fill && !w.refill() {
		return 0
	}
	b := w.buf[w.at&(len(w.buf)-1)]
	w.at++
	return b
}

func (w *window) refill() bool {
	addr := w.pos()
	n := len(w.buf)
	if !w.bad && w.end-addr < uint64(n) {
		n = int(w.end - addr)
	}
	w.base, w.at, w.fill = addr, 0, 0
	if w.bad || n == 0 {
		w.bad = true
		return false
	}
	w.fill = systrap.Read(w.buf[:n], addr)
	w.bad = w.fill == 0
	return !w.bad
}

// uint reads n bytes, little endian.
func (w *window) uint(n int) (v uint64) {
	for i := 0; i < n; i++ {
		v |= uint64(w.u8()) << (8 * uint(i))
	}
	return v
}

// uleb and sleb read a number of variable length (DWARF 5, 7.6).
func (w *window) uleb() uint64 {
	v, _ := w.leb()
	return v
}

func (w *window) sleb() int64 {
	v, bits := w.leb()
	if bits < 64 {
		return int64(v<<(64-bits)) >> (64 - bits)
	}
	return int64(v)
}

// leb returns a number and how many bits of it were given.
func (w *window) leb() (v uint64, bits uint) {
	for {
		b := w.u8()
		if bits < 64 {
			v |= uint64(b&0x7f) << bits
		}
		bits += 7
		if b < 0x80 || bits > 140 {
			return v, bits
		}
	}
}

// Encodings of pointers (LSB core, generic part, 10.5.1).
const (
	peOmit     = 0xff
	peIndirect = 0x80
	peFormat   = 0x0f
	peRelative = 0x70
	pePCRel    = 0x10
	peDataRel  = 0x30
)

// pointer reads an encoded pointer; data is what DW_EH_PE_datarel refers to.
func (w *window) pointer(enc uint8, data uint64) uint64 {
	at := w.pos()
	var v uint64
	switch enc & peFormat {
	case 0, 4, 12:
		v = w.uint(8)
	case 1:
		v = w.uleb()
	case 9:
		v = uint64(w.sleb())
	case 2:
		v = w.uint(2)
	case 10:
		v = uint64(int64(int16(w.uint(2))))
	case 3:
		v = w.uint(4)
	case 11:
		v = uint64(int64(int32(w.uint(4))))
	default:
		w.bad = true
	}
	if v == 0 {
		return 0
	}
	switch enc & peRelative {
	case 0:
	case pePCRel:
		v += at
	case peDataRel:
		v += data
	default:
		w.bad = true
	}
	if enc&peIndirect != 0 {
		p, ok := systrap.ReadUint64(v)
		if !ok {
			w.bad = true
		}
		return p
	}
	return v
}

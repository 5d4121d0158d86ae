package core

import (
	"unsafe"

	"libsystrap/internal/sys"
)

// placeTable is the address of a table that the converter makes
// (internal/freestanding/placetable.go): which source line each instruction of ours
// comes from, and where our text is.
var placeTable uintptr = noTable

// placeHeader is its beginning; text is relative to the table, rows is in bytes
// from its start.
type placeHeader struct {
	text          int32
	size          uint32
	rows, rowsLen uint32
}

// place is where in the source an instruction comes from.
type place struct {
	file, name []byte
	line       int
}

// findOwnText sets ownText before the mappings have been listed.
func findOwnText() {
	if placeTable != noTable {
		h := (*placeHeader)(sys.Ptr(placeTable))
		ownText = textRange{uint64(placeTable + uintptr(h.text)), uint64(h.size)}
	}
}

// placeOf returns the place of the instruction at pc, which is in our text.
func placeOf(pc uint64) place {
	p := place{file: unknownPlace[:], name: unknownPlace[:]}
	if placeTable == noTable {
		return p
	}
	h := (*placeHeader)(sys.Ptr(placeTable))
	rows := unsafe.Slice((*byte)(sys.Ptr(placeTable+uintptr(h.rows))), int(h.rowsLen))
	at := uint64(placeTable + uintptr(h.text))
	for len(rows) > 0 {
		d, n := uvarint(rows)
		at += d
		if at > pc {
			break
		}
		rows = rows[n:]
		change, n := uvarint(rows)
		rows = rows[n:]
		if change != 0 {
			change--
			p.line += int(change>>1) ^ -int(change&1)
			continue
		}
		var v [5]uint64
		for i := range v {
			v[i], n = uvarint(rows)
			rows = rows[n:]
		}
		p.file = unsafe.Slice((*byte)(sys.Ptr(placeTable+uintptr(v[0]))), int(v[1]))
		p.name = unsafe.Slice((*byte)(sys.Ptr(placeTable+uintptr(v[2]))), int(v[3]))
		p.line = int(v[4])
	}
	return p
}

// uvarint reads a number as encoding/binary.Uvarint does, and says of how many bytes
// it is.
func uvarint(b []byte) (v uint64, n int) {
	for shift := uint(0); n < len(b); shift += 7 {
		c := b[n]
		n++
		v |= uint64(c&0x7f) << (shift & 63)
		if c < 0x80 {
			break
		}
	}
	return v, n
}

package freestanding

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// placeVariable is the name, in the package of the fatal stub, of the variable of type uintptr that
// holds the address of the place table at run time: which source line each instruction comes from, for
// faults that the processor reports. A package without it gets no table.
//
// The table is read-only and position independent; numbers of fixed size are little-endian:
//
//	offset 0   int32    start of the text's segment, minus the table's address
//	offset 4   uint32   size of that segment in bytes
//	offset 8   uint32   offset of the rows from the table's start
//	offset 12  uint32   length of the rows in bytes
//	then       the texts: file names and link names of functions
//	then       the rows, by ascending address: each holds for the addresses from its own to the next one's
//
// A row is a uvarint, its address minus that of the row before (the first: minus the segment's start);
// then a uvarint: 1 and above is the change of the line number, zigzag encoded, plus 1; 0 is followed by
// five uvarints: offset and length of the file's name, of the function's, and the line number.
const placeVariable = "placeTable"

const placeHeaderSize = 16

// place is one row of the table.
type place struct {
	addr       uint64
	file, name string
	line       int
}

// places lists the lines of all code that was reached, by address.
func (w *walker) places() []place {
	order := slices.SortedFunc(slices.Values(w.order), func(a, b *function) int { return cmp.Compare(a.addr, b.addr) })
	var list []place
	for _, f := range order {
		i, _ := slices.BinarySearchFunc(w.lines.rows, f.addr, func(r lineRow, addr uint64) int { return cmp.Compare(r.addr, addr) })
		for ; i < len(w.lines.rows) && w.lines.rows[i].addr < f.addr+f.size; i++ {
			r := w.lines.rows[i]
			p := place{r.addr, shortPos(r.file), f.name, r.line}
			n := len(list)
			switch {
			case r.file == "":
			case n > 0 && list[n-1].addr == p.addr:
				list[n-1] = p
			case n > 0 && list[n-1].file == p.file && list[n-1].name == p.name && list[n-1].line == p.line:
			default:
				list = append(list, p)
			}
		}
	}
	return list
}

// encodePlaces returns the table for a given address of its own. Its length is the same for all.
func encodePlaces(list []place, text *segment, table uint64) []byte {
	var texts, rows []byte
	known := map[string]int{}
	name := func(s string) {
		at, ok := known[s]
		if !ok {
			at = placeHeaderSize + len(texts)
			known[s] = at
			texts = append(texts, s...)
		}
		rows = binary.AppendUvarint(rows, uint64(at))
		rows = binary.AppendUvarint(rows, uint64(len(s)))
	}
	last := place{addr: text.vaddr}
	for _, p := range list {
		rows = binary.AppendUvarint(rows, p.addr-last.addr)
		if p.file == last.file && p.name == last.name {
			d := int64(p.line - last.line)
			rows = binary.AppendUvarint(rows, uint64(d<<1^d>>63)+1)
		} else {
			rows = append(rows, 0)
			name(p.file)
			name(p.name)
			rows = binary.AppendUvarint(rows, uint64(p.line))
		}
		last = p
	}
	var out bytes.Buffer
	put(&out, int32(int64(text.vaddr)-int64(table)))
	put(&out, [3]uint32{uint32(text.memsz), uint32(placeHeaderSize + len(texts)), uint32(len(rows))})
	return append(append(out.Bytes(), texts...), rows...)
}

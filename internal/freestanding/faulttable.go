package freestanding

import (
	"bytes"
	"slices"
)

// faultVariable is the name, in the package of the fatal stub, of the variable of type uintptr that
// holds the address of the fault table at run time. A package without it gets no table.
//
// The table is read-only and position independent; all numbers are little-endian:
//
//	offset 0   uint32   n, the number of records
//	offset 4   n times, sorted by the first number as signed:
//	           int32    return address of the redirected call, minus the table's address
//	           uint32   offset of the text from the table's start
//	           uint32   length of the text in bytes
//	then       the texts, such as "line/line.go:12: index out of range in libsystrap/systrap/line.put"
//
// The return address is what the fatal stub finds on top of its stack.
const faultVariable = "faultTable"

const (
	faultHeaderSize = 4
	faultRecordSize = 12
)

// faultRecord is one redirected call.
type faultRecord struct {
	next uint64 // return address
	text string
}

// faultRecords describes the redirected calls of the walk, sorted by address.
func (w *walker) faultRecords(bounds *boundsTable) []faultRecord {
	var list []faultRecord
	for _, s := range w.faults {
		what, _ := faultOf(s.name)
		pos := w.lines.pos(s.at)
		switch s.name {
		case "runtime.panicBounds":
			if kind := bounds.kind(s.next - 1); kind != "" {
				what = kind
			}
		case "runtime.morestack.abi0", "runtime.morestack_noctxt.abi0":
			pos = w.lines.decl(s.in.addr)
		}
		list = append(list, faultRecord{s.next, shortPos(pos) + ": " + what + " in " + s.in.name})
	}
	slices.SortFunc(list, func(a, b faultRecord) int { return int(int64(a.next) - int64(b.next)) })
	return list
}

// encodeFaults returns the table for a given address of its own. Its length is the same for all.
func encodeFaults(list []faultRecord, table uint64) []byte {
	var head, text bytes.Buffer
	put(&head, uint32(len(list)))
	base := faultHeaderSize + faultRecordSize*len(list)
	known := map[string]int{}
	for _, r := range list {
		at, ok := known[r.text]
		if !ok {
			at = base + text.Len()
			known[r.text] = at
			text.WriteString(r.text)
		}
		put(&head, int32(int64(r.next)-int64(table)))
		put(&head, [2]uint32{uint32(at), uint32(len(r.text))})
	}
	return append(head.Bytes(), text.Bytes()...)
}

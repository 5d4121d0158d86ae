package freestanding

import (
	"encoding/binary"
	"sort"
)

// boundsTable reads the kind of each failed bounds check from the runtime's function table, where
// the compiler keeps it as pcdata (internal/abi.PCDATA_PanicBounds). The layout is that of
// runtime/symtab.go; a table that looks different yields no kinds.
type boundsTable struct {
	pcln, funcs []byte
	text        uint64
	pctab       []byte
	n           int
}

const (
	pclntabMagic      = 0xfffffff1 // internal/abi.Go120PCLnTabMagic
	pcdataPanicBounds = 4
	funcHeaderSize    = 44 // of runtime._func
)

// boundsKinds are the texts of internal/abi.BoundsErrorCode.
var boundsKinds = []string{
	"index out of range", "slice bounds out of range (length)", "slice bounds out of range (capacity)",
	"slice bounds out of range (low above high)", "slice bounds out of range (length)", "slice bounds out of range (capacity)",
	"slice bounds out of range (high above max)", "slice bounds out of range (low above high)", "slice too short for the array",
}

// readBounds finds the tables in the executable.
func (im *image) readBounds() *boundsTable {
	t := &boundsTable{}
	s, text := im.section(".gopclntab"), im.section(".text")
	if s == nil || text == nil {
		return t
	}
	b := im.bytes(s.hdr.Addr, s.hdr.Size)
	const headerSize = 72
	if len(b) < headerSize || le32(b) != pclntabMagic || b[7] != wordSize {
		return t
	}
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(b[8+wordSize*i:]) }
	n, pctab, funcs := word(0), word(6), word(7)
	if pctab > uint64(len(b)) || funcs > uint64(len(b)) || n > uint64(len(b)) {
		return t
	}
	t.n, t.pctab, t.funcs, t.text = int(n), b[pctab:], b[funcs:], text.hdr.Addr
	return t
}

// kind returns what the bounds check whose call stands at addr checks, "" if that is not known.
func (t *boundsTable) kind(addr uint64) string {
	off := uint32(addr - t.text)
	entry := func(i int) uint32 { return le32(t.funcs[8*i:]) }
	i := sort.Search(t.n, func(i int) bool { return entry(i) > off }) - 1
	if i < 0 {
		return ""
	}
	at := uint64(le32(t.funcs[8*i+4:]))
	if at+funcHeaderSize > uint64(len(t.funcs)) {
		return ""
	}
	fn := t.funcs[at:]
	npcdata := le32(fn[28:])
	if npcdata <= pcdataPanicBounds || funcHeaderSize+4*uint64(npcdata) > uint64(len(fn)) {
		return ""
	}
	table := le32(fn[funcHeaderSize+4*pcdataPanicBounds:])
	if table == 0 || uint64(table) >= uint64(len(t.pctab)) {
		return ""
	}
	code, ok := pcValue(t.pctab[table:], off-le32(fn))
	if !ok || code < 0 {
		return ""
	}
	return boundsKinds[int(code)%len(boundsKinds)]
}

// pcValue decodes a pc-value table: pairs of a zig-zag value delta and a pc delta, both varints.
func pcValue(table []byte, off uint32) (int32, bool) {
	value, pc := int32(-1), uint32(0)
	for first := true; ; first = false {
		delta, n := binary.Uvarint(table)
		if n <= 0 || delta == 0 && !first {
			return 0, false
		}
		table = table[n:]
		value += int32(delta>>1) ^ -int32(delta&1)
		step, n := binary.Uvarint(table)
		if n <= 0 {
			return 0, false
		}
		table = table[n:]
		if pc += uint32(step); off < pc {
			return value, true
		}
	}
}

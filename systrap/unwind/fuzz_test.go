package unwind

import "testing"

// FuzzFrame reads an FDE, and the CIE before it, from arbitrary bytes and runs its
// instructions: it must come to an end, whatever they are.
func FuzzFrame(f *testing.F) {
	f.Add([]byte{
		0x14, 0, 0, 0, 0, 0, 0, 0, 1, 'z', 'R', 0, 1, 0x78, 16, 1, 0x1b, // CIE: cf=1 df=-8 ra=16, pcrel sdata4
		0x0c, 7, 8, 0x90, 1, 0, 0, // DW_CFA_def_cfa rsp+8; DW_CFA_offset ra c-8
		0x1c, 0, 0, 0, 0x1c, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, // FDE of 0x40 bytes
		0x41, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6, 0x0a, 0x5a, 0x0c, 7, 8, 0x0b, 0, // a frame pointer's
	}, uint16(24), uint64(0x20))
	f.Fuzz(func(t *testing.T, table []byte, offset uint16, distance uint64) {
		if int(offset) >= len(table) {
			return
		}
		m := new(machine)
		if !readFDE(&m.w, at(table)+uint64(offset), &m.info) || !m.rowAt(m.info.start+distance) {
			return
		}
		e := new(spot)
		e.take(&m.row)
		w := new(Walk)
		w.stepRow(&m.row)
	})
}

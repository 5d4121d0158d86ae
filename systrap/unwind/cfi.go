package unwind

// Call frame information: for each address of a function, where its caller's
// registers are (DWARF 5, 6.4; LSB core, generic part, 10.6).

// DWARF numbers of registers (System V psABI for AMD64, figure 3.36).
const (
	regRBX = 3
	regRBP = 6
	regRSP = 7
	regR12 = 12
	regR15 = 15
	regRIP = 16
	// numRegs counts the general registers and the return address.
	numRegs = 17
)

// How a register of the caller is found.
const (
	same       = iota // it is as it is
	undefined         // it is lost; of the return address: there is no caller
	atOffset          // in memory, v bytes from the CFA
	isOffset          // it is the CFA plus v
	inRegister        // in register v
	atExpr            // in memory, at the value of the expression at address v
	isExpr            // it is the value of that expression
)

// row is the rules for one address.
type row struct {
	// The CFA is register cfaReg plus cfa, or with cfaExpr the value of the
	// expression at address cfa.
	cfaReg  uint8
	cfaExpr bool
	// kind and v say how each register is found.
	kind [numRegs]uint8
	v    [numRegs]int64
	cfa  int64
}

// frameInfo is what an FDE and its CIE say.
type frameInfo struct {
	start, size uint64 // of the function
	codeAlign   uint64
	dataAlign   int64
	enc         uint8
	augmented   bool
	signal      bool // the frame of a signal handler's caller
	initial     program
	body        program
}

// program is a run of call frame instructions.
type program struct{ start, end uint64 }

// findFrame finds the FDE of the function at pc by the search table of the
// .eh_frame_hdr at hdr (LSB core, generic part, 10.6.2).
func findFrame(w *window, hdr, pc uint64, f *frameInfo) bool {
	w.open(hdr, hdr+1<<32)
	version, frameEnc, countEnc, tableEnc := w.u8(), w.u8(), w.u8(), w.u8()
	const sdata4 = peDataRel | 11
	if version != 1 || countEnc == peOmit || tableEnc != sdata4 {
		return false // no linker makes another table
	}
	w.pointer(frameEnc, hdr)
	n := w.pointer(countEnc, hdr)
	table := w.pos()
	lo, hi := uint64(0), n // entries below lo start at or before pc
	for lo < hi && !w.bad {
		mid := (lo + hi) / 2
		w.moveTo(table + mid*8)
		if w.pointer(tableEnc, hdr) <= pc {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 || w.bad {
		return false
	}
	w.moveTo(table + (lo-1)*8 + 4)
	at := w.pointer(tableEnc, hdr)
	return !w.bad && readFDE(w, at, f) && pc-f.start < f.size
}

// maxRecord bounds what is read of a CIE or FDE, in bytes, if its length is not to
// be trusted. The longest on a Debian system has some thousands.
const maxRecord = 1 << 20

// record opens the CIE or FDE at addr and returns where it ends.
func record(w *window, addr uint64) (end uint64) {
	w.open(addr, addr+12)
	n := w.uint(4)
	if n == 0xffffffff {
		n = w.uint(8)
	}
	if n == 0 || n > maxRecord {
		w.bad = true
	}
	start := w.pos()
	if w.bad {
		return 0
	}
	w.open(start, start+n)
	return start + n
}

func readFDE(w *window, addr uint64, f *frameInfo) bool {
	end := record(w, addr)
	at := w.pos()
	cie := at - w.uint(4)
	body := w.pos()
	if w.bad || cie == at || !readCIE(w, cie, f) {
		return false
	}
	w.open(body, end)
	f.start = w.pointer(f.enc, 0)
	f.size = w.pointer(f.enc&peFormat, 0)
	if f.augmented {
		w.skip(w.uleb())
	}
	f.body = program{w.pos(), end}
	return !w.bad
}

func readCIE(w *window, addr uint64, f *frameInfo) bool {
	end := record(w, addr)
	if w.uint(4) != 0 {
		return false
	}
	version := w.u8()
	var aug [8]byte
	n := 0
	for n < len(aug) {
		aug[n] = w.u8()
		if aug[n] == 0 {
			break
		}
		n++
	}
	if n == len(aug) || n > 0 && aug[0] != 'z' {
		return false
	}
	f.codeAlign = w.uleb()
	f.dataAlign = w.sleb()
	ra := uint64(0)
	if version == 1 {
		ra = uint64(w.u8())
	} else {
		ra = w.uleb()
	}
	f.enc, f.signal, f.augmented = 0, false, n > 0
	if n > 0 {
		size := w.uleb()
		after := w.pos() + size
		for i := 1; i < n; i++ {
			switch aug[i&7] {
			case 'R':
				f.enc = w.u8()
			case 'P':
				w.pointer(w.u8()&^peIndirect, 0)
			case 'L':
				w.u8()
			case 'S':
				f.signal = true
			}
		}
		w.moveTo(after)
	}
	f.initial = program{w.pos(), end}
	return !w.bad && version <= 4 && ra == regRIP
}

// maxRemembered bounds the rows that DW_CFA_remember_state keeps. Compilers nest
// none.
const maxRemembered = 4

// machine runs call frame instructions.
type machine struct {
	w          window
	info       frameInfo
	row, first row // the row so far, and that of the CIE
	kept       [maxRemembered]row
	numKept    int
}

// rowAt makes m.row the rules at pc, which is in the function of m.info.
func (m *machine) rowAt(pc uint64) bool {
	m.row = row{}
	m.numKept = 0
	if !m.run(m.info.initial, ^uint64(0)) {
		return false
	}
	m.first = m.row
	return m.run(m.info.body, pc)
}

// run executes instructions until the next row would begin behind pc.
func (m *machine) run(p program, pc uint64) bool {
	w := &m.w
	w.open(p.start, p.end)
	loc := m.info.start
	for w.more() {
		op := w.u8()
		low := op & 0x3f
		delta := uint64(0)
		switch op &^ 0x3f {
		case 0x40: // DW_CFA_advance_loc
			delta = uint64(low)
		case 0x80: // DW_CFA_offset
			m.set(uint64(low), atOffset, int64(w.uleb())*m.info.dataAlign)
		case 0xc0: // DW_CFA_restore
			m.restore(uint64(low))
		default:
			switch low {
			case 0x01: // DW_CFA_set_loc
				to := w.pointer(m.info.enc, 0)
				if to > pc {
					return !w.bad
				}
				loc = to
			case 0x02, 0x03, 0x04: // DW_CFA_advance_loc1, 2, 4
				delta = w.uint(1 << (low - 2))
			default:
				m.other(low)
			}
		}
		if delta != 0 {
			loc += delta * m.info.codeAlign
			if loc > pc {
				return !w.bad
			}
		}
	}
	return !w.bad
}

// other executes the instructions that take registers and move nothing.
func (m *machine) other(op uint8) {
	w := &m.w
	switch op {
	case 0x00: // DW_CFA_nop
	case 0x05: // DW_CFA_offset_extended
		r := w.uleb()
		m.set(r, atOffset, int64(w.uleb())*m.info.dataAlign)
	case 0x06: // DW_CFA_restore_extended
		m.restore(w.uleb())
	case 0x07: // DW_CFA_undefined
		m.set(w.uleb(), undefined, 0)
	case 0x08: // DW_CFA_same_value
		m.set(w.uleb(), same, 0)
	case 0x09: // DW_CFA_register
		r := w.uleb()
		m.set(r, inRegister, int64(w.uleb()))
	case 0x0a: // DW_CFA_remember_state
		if m.numKept == maxRemembered {
			w.bad = true
			return
		}
		m.kept[m.numKept&(maxRemembered-1)] = m.row
		m.numKept++
	case 0x0b: // DW_CFA_restore_state
		if m.numKept == 0 {
			w.bad = true
			return
		}
		m.numKept--
		m.row = m.kept[m.numKept&(maxRemembered-1)]
	case 0x0c: // DW_CFA_def_cfa
		r := w.uleb()
		m.setCFA(r, int64(w.uleb()))
	case 0x0d: // DW_CFA_def_cfa_register
		m.setCFA(w.uleb(), m.row.cfa)
	case 0x0e: // DW_CFA_def_cfa_offset
		m.row.cfa = int64(w.uleb())
	case 0x0f: // DW_CFA_def_cfa_expression
		m.row.cfa, m.row.cfaExpr = m.block(), true
	case 0x10: // DW_CFA_expression
		r := w.uleb()
		m.set(r, atExpr, m.block())
	case 0x11: // DW_CFA_offset_extended_sf
		r := w.uleb()
		m.set(r, atOffset, w.sleb()*m.info.dataAlign)
	case 0x12: // DW_CFA_def_cfa_sf
		r := w.uleb()
		m.setCFA(r, w.sleb()*m.info.dataAlign)
	case 0x13: // DW_CFA_def_cfa_offset_sf
		m.row.cfa = w.sleb() * m.info.dataAlign
	case 0x14: // DW_CFA_val_offset
		r := w.uleb()
		m.set(r, isOffset, int64(w.uleb())*m.info.dataAlign)
	case 0x15: // DW_CFA_val_offset_sf
		r := w.uleb()
		m.set(r, isOffset, w.sleb()*m.info.dataAlign)
	case 0x16: // DW_CFA_val_expression
		r := w.uleb()
		m.set(r, isExpr, m.block())
	case 0x2e: // DW_CFA_GNU_args_size
		w.uleb()
	default:
		w.bad = true
	}
}

// set gives register r a rule. Vector registers have none that matter.
func (m *machine) set(r uint64, kind uint8, v int64) {
	if r < numRegs {
		m.row.kind[r], m.row.v[r] = kind, v
	}
}

func (m *machine) restore(r uint64) {
	if r < numRegs {
		m.row.kind[r], m.row.v[r] = m.first.kind[r], m.first.v[r]
	}
}

func (m *machine) setCFA(r uint64, off int64) {
	if r >= numRegs {
		m.w.bad = true
		return
	}
	m.row.cfaReg, m.row.cfa, m.row.cfaExpr = uint8(r), off, false
}

// block skips an expression and returns the address of its length.
func (m *machine) block() int64 {
	at := m.w.pos()
	m.w.skip(m.w.uleb())
	return int64(at)
}

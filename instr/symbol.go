package instr

import "unsafe"

// symbols is a symbol table: where its entries start in the view, and how many there are.
type symbols struct {
	off uint64
	n   uint64
	// gapLo and gapHi bound addresses that were found to be in no function.
	gapLo, gapHi uint64
}

const (
	symSize   = 24
	shdrSize  = 64
	shtSymtab = 2
	shtDynsym = 11
	dtStrtab  = 5
	dtSymtab  = 6
	sttFunc   = 2
	sttIFunc  = 10
)

// symbolFunc finds the function at v by STT_FUNC and STT_GNU_IFUNC symbols: the one that starts
// last at or before v and whose size covers it. A symbol of size 0, as hand-written
// assembly has, reaches to the next one, if that is in the same segment.
func (im *Image) symbolFunc(v uint64, f *Func) bool {
	f.Source = SourceSymtab
	if im.searchSymbols(&im.symtab, v, f) {
		return true
	}
	f.Source = SourceDynsym
	return im.searchSymbols(&im.dynsym, v, f)
}

// searchSymbols is symbolFunc for one table.
func (im *Image) searchSymbols(t *symbols, v uint64, f *Func) bool {
	if t.n == 0 {
		return false
	}
	if t.gapLo <= v && v < t.gapHi {
		return false
	}
	tab := im.view[t.off : t.off+t.n*symSize]
	reach := uint64(0) // the furthest end of the functions that start at or before v
	f.Start, f.End = 0, 0
	next := ^uint64(0) // start of the first function behind v
	last := uint64(0)  // start of the last function at or before v
	open := false      // the one at last has no size
	for ; len(tab) >= symSize; tab = tab[symSize:] {
		kind := tab[4] & 0xf
		if kind != sttFunc && kind != sttIFunc || le16(tab[6:]) == 0 {
			continue
		}
		start, size := le64(tab[8:]), le64(tab[16:])
		if start > v {
			next = min(next, start)
			continue
		}
		end := start + size
		if end < start {
			end = ^uint64(0)
		}
		reach = max(reach, end)
		if start > last || start == last && size != 0 {
			last, open = start, size == 0
		}
		if v-start < size && start > f.Start {
			f.Start, f.End = start, start+size
		}
	}
	if open {
		f.Start, f.End = last, next
	} else if reach <= v {
		// No function from there to the next one: a table of code without
		// symbols (node's own assembly) is looked through once.
		t.gapLo, t.gapHi = reach, next
	}
	return f.Start != 0 && im.accept(v, f)
}

// sections finds .symtab and .dynsym by the section headers of a file, and .eh_frame where no
// PT_GNU_EH_FRAME leads to it.
func (im *Image) sections() {
	view := im.view
	shoff := le64(view[40:])
	n := uint64(le16(view[60:]))
	if le16(view[58:]) != shdrSize || shoff > uint64(len(view)) ||
		n*shdrSize > uint64(len(view))-shoff {
		return
	}
	table := view[shoff : shoff+n*shdrSize]
	names := im.sectionNames(table)
	for sh := table; len(sh) >= shdrSize; sh = sh[shdrSize:] {
		if im.frame == 0 && isFrame(names, le32(sh)) {
			im.frame, im.frameSize = le64(sh[16:]), le64(sh[32:])
		}
		off, size := le64(sh[24:]), le64(sh[32:])
		if off > uint64(len(view)) || size > uint64(len(view))-off {
			continue
		}
		switch le32(sh[4:]) {
		case shtSymtab:
			im.symtab = symbols{off: off, n: size / symSize}
		case shtDynsym:
			im.dynsym = symbols{off: off, n: size / symSize}
		}
	}
}

// sectionNames returns the string table of section names.
func (im *Image) sectionNames(table []byte) []byte {
	i := uint64(le16(im.view[62:])) * shdrSize
	if i >= uint64(len(table)) {
		return nil
	}
	off, size := le64(table[i+24:]), le64(table[i+32:])
	if off > uint64(len(im.view)) || size > uint64(len(im.view))-off {
		return nil
	}
	return im.view[off : off+size]
}

// isFrame reports whether the name at offset i is .eh_frame.
func isFrame(names []byte, i uint32) bool {
	const size = 10 // with the NUL
	return uint64(i)+size <= uint64(len(names)) && le64(names[i:]) == 0x6d_61_72_66_5f_68_65_2e &&
		le16(names[i+8:]) == 'e'
}

// dynamicSymbols finds .dynsym by the dynamic section of a mapped image. The loader may have
// relocated its addresses or not.
func (im *Image) dynamicSymbols() {
	var symtab, strtab uint64
	for d := im.at(im.dynamic, im.dynSize); len(d) >= 16 && le64(d) != 0; d = d[16:] {
		switch le64(d) {
		case dtStrtab:
			strtab = im.unrelocate(le64(d[8:]))
		case dtSymtab:
			symtab = im.unrelocate(le64(d[8:]))
		}
	}
	// No tag holds the number of symbols. Every linker puts .dynstr behind .dynsym, perhaps with
	// version tables between: those then read as symbols that lead nowhere or are not functions.
	if symtab == 0 || strtab <= symtab {
		return
	}
	b := im.at(symtab, strtab-symtab)
	if len(b) < symSize {
		return
	}
	off := uint64(uintptr(unsafe.Pointer(&b[0])) - uintptr(unsafe.Pointer(&im.view[0])))
	im.dynsym = symbols{off: off, n: uint64(len(b)) / symSize}
}

// unrelocate turns the address in a dynamic entry into a p_vaddr.
func (im *Image) unrelocate(v uint64) uint64 {
	if len(im.at(v, 1)) == 0 {
		return v - im.bias
	}
	return v
}

package freestanding

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"slices"
)

// makeLibrary changes program headers and the dynamic section from those of an executable to those
// of a shared library: no interpreter, no thread-local storage, DT_INIT instead of DT_DEBUG, and
// the tables of the dynamic linker rebuilt at the start of what was .gopclntab. The plan's tables
// go behind them, as does the unwind information; their address is returned.
// e_entry, which nobody looks at in a library, is where other libraries of ours find the variable
// presence of the plan (internal/core/presence.go), or 0.
func (im *image) makeLibrary(p *plan, soname string, unwind *unwindInfo) (uint64, error) {
	im.header.Entry = p.presence
	if p.arrive != 0 {
		binary.LittleEndian.PutUint64(im.bytes(p.arriveAt, wordSize), p.arrive)
	}
	for i := range im.progs {
		switch elf.ProgType(im.progs[i].Type) {
		case elf.PT_INTERP:
			// Filled in below, when the table has its address.
			im.progs[i] = elf.Prog64{Type: uint32(elf.PT_GNU_EH_FRAME), Flags: uint32(elf.PF_R), Align: wordSize}
		case elf.PT_TLS:
			im.progs[i] = elf.Prog64{Type: uint32(elf.PT_NULL)}
		}
	}
	if tls := im.section(".tbss"); tls != nil {
		tls.hdr = elf.Section64{Type: uint32(elf.SHT_NULL)}
	}
	pcln := im.section(".gopclntab")
	if pcln == nil {
		return 0, fmt.Errorf("%w: no .gopclntab section", errToolchain)
	}
	im.dropSymbols(pcln)
	w := newTableWriter(im.segmentAt(pcln.hdr.Addr), pcln.hdr.Addr)
	names, symbols, hash := im.dynamicSymbols(p.exports, soname)
	// In the linker's output only the dynamic linker's tables follow the runtime's tables.
	for _, s := range im.sections {
		if s == pcln || s.hdr.Addr < pcln.hdr.Addr || s.hdr.Addr >= w.oldEnd {
			continue
		}
		data := slices.Clone(im.bytes(s.hdr.Addr, s.hdr.Size))
		switch s.name {
		case ".rela":
			data = im.encodeRelocs()
			im.setDyn(elf.DT_RELASZ, uint64(len(data)))
		case ".dynstr":
			data = names
			im.setDyn(elf.DT_STRSZ, uint64(len(data)))
		}
		if len(p.exports) > 0 && s.name == ".dynsym" {
			data = symbols
		} else if len(p.exports) > 0 && s.name == ".hash" {
			data = hash
		}
		w.add(s, data)
		if tag, ok := tableTags[s.name]; ok {
			im.setDyn(tag, s.hdr.Addr)
		}
	}
	// The section of the runtime's tables becomes ours.
	pcln.name = faultSection
	addr := w.add(pcln, p.encodeTables(0))
	im.addUnwind(w, unwind)
	w.finish()
	return addr, im.rewriteDynamic(p.init)
}

// tableTags are the dynamic tags that hold the address of a section.
var tableTags = map[string]elf.DynTag{
	".hash": elf.DT_HASH, ".dynsym": elf.DT_SYMTAB, ".dynstr": elf.DT_STRTAB, ".rela": elf.DT_RELA,
}

// rewriteDynamic replaces the entries that only an executable needs and stores the table. Go's
// linker leaves no spare entry, so those it does not need either make room.
func (im *image) rewriteDynamic(init uint64) error {
	const flags1 = uint64(elf.DF_1_INITFIRST | elf.DF_1_NODELETE)
	im.replaceDyn(elf.DT_DEBUG, elf.DT_INIT, init)
	im.replaceDyn(elf.DT_PLTGOT, elf.DT_RELACOUNT, uint64(len(im.relocs)))
	im.setDyn(elf.DT_FLAGS_1, flags1)
	for _, tag := range []elf.DynTag{elf.DT_INIT, elf.DT_RELACOUNT, elf.DT_FLAGS_1} {
		if !slices.ContainsFunc(im.dynamic, func(d elf.Dyn64) bool { return elf.DynTag(d.Tag) == tag }) {
			return fmt.Errorf("%w: no room for %v in the dynamic section", errToolchain, tag)
		}
	}
	// DT_SONAME goes where the terminator stood; the terminator moves into the type links behind
	// the section, which only the runtime would read.
	s, spare := im.section(".dynamic"), im.section(".data.rel.ro.typelink")
	size := s.hdr.Size
	if spare != nil && spare.hdr.Addr == s.hdr.Addr+size && spare.hdr.Size >= dynSize {
		im.dynamic = slices.Insert(im.dynamic, 0, elf.Dyn64{Tag: int64(elf.DT_SONAME), Val: 1})
		clear(im.bytes(spare.hdr.Addr, spare.hdr.Size))
		size += dynSize
		s.hdr.Size = size
		spare.hdr.Addr += dynSize
		spare.hdr.Size -= dynSize
		for i := range im.progs {
			if elf.ProgType(im.progs[i].Type) == elf.PT_DYNAMIC {
				im.progs[i].Filesz, im.progs[i].Memsz = size, size
			}
		}
	}
	var out bytes.Buffer
	for _, d := range im.dynamic {
		put(&out, d)
	}
	copy(im.bytes(s.hdr.Addr, size), out.Bytes())
	return nil
}

// encodeRelocs returns the relocation table, sorted by address.
func (im *image) encodeRelocs() []byte {
	var out bytes.Buffer
	for _, where := range im.slots {
		put(&out, elf.Rela64{Off: where, Info: uint64(elf.R_X86_64_RELATIVE), Addend: int64(im.relocs[where])})
	}
	return out.Bytes()
}

// addReloc makes the loader store target at where.
func (im *image) addReloc(where, target uint64) {
	if _, ok := im.relocs[where]; !ok {
		i, _ := slices.BinarySearch(im.slots, where)
		im.slots = slices.Insert(im.slots, i, where)
	}
	im.relocs[where] = target
}

// keepRelocs drops every relocation that keep rejects; the word then stays as it is in the file.
func (im *image) keepRelocs(keep func(where uint64) bool) {
	im.slots = slices.DeleteFunc(im.slots, func(where uint64) bool {
		if keep(where) {
			return false
		}
		delete(im.relocs, where)
		return true
	})
}

func (im *image) setDyn(tag elf.DynTag, val uint64) { im.replaceDyn(tag, tag, val) }

// replaceDyn changes the first entry of tag old.
func (im *image) replaceDyn(old, tag elf.DynTag, val uint64) {
	for i, d := range im.dynamic {
		if elf.DynTag(d.Tag) == old {
			im.dynamic[i] = elf.Dyn64{Tag: int64(tag), Val: val}
			return
		}
	}
}

// dropSymbols removes the symbols of a section whose contents go away.
func (im *image) dropSymbols(gone *section) {
	tab := im.section(".symtab")
	index := uint16(slices.Index(im.sections, gone))
	var out bytes.Buffer
	for b := tab.data; len(b) >= symSize; b = b[symSize:] {
		if binary.LittleEndian.Uint16(b[6:]) != index {
			out.Write(b[:symSize])
		} else if uint64(out.Len()/symSize) < uint64(tab.hdr.Info) && elf.ST_BIND(b[4]) == elf.STB_LOCAL {
			tab.hdr.Info--
		}
	}
	tab.data = out.Bytes()
}

// tableWriter places tables one behind the other at the end of a read-only segment.
type tableWriter struct {
	seg    *segment
	data   []byte
	oldEnd uint64
}

// newTableWriter cuts seg at start.
func newTableWriter(seg *segment, start uint64) *tableWriter {
	return &tableWriter{seg: seg, data: slices.Clone(seg.data[:start-seg.vaddr]), oldEnd: seg.end()}
}

// add stores data as the contents of s and returns its address.
func (w *tableWriter) add(s *section, data []byte) uint64 {
	for len(w.data)%16 != 0 {
		w.data = append(w.data, 0)
	}
	s.hdr.Addr, s.hdr.Size, s.hdr.Addralign = w.seg.vaddr+uint64(len(w.data)), uint64(len(data)), 16
	w.data = append(w.data, data...)
	return s.hdr.Addr
}

// finish ends the segment behind the last table.
func (w *tableWriter) finish() {
	w.seg.data, w.seg.memsz = w.data, uint64(len(w.data))
}

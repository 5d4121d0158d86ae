package freestanding

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"path/filepath"
)

// Sections that the conversion adds.
const (
	faultSection = ".systrap.faults" // loaded: the fault table and the place table
	metaSection  = ".systrap"        // not loaded: what verify must know, as JSON
)

// trap fills code that nothing may run.
const trap = 0xcc

// plan is what the analysis of an executable decided about its conversion.
type plan struct {
	init     uint64            // address of the library entry
	fatal    uint64            // address of the fatal stub, zero if nothing needs one
	gLoads   []uint64          // addresses of reachable g loads
	redirect []symbol          // reached functions whose calls go to the fatal stub
	keepFunc map[uint64]bool   // addresses of functions whose code stays
	keepSlot func(uint64) bool // whether the relocation at this address stays
	types    piece             // the type descriptors
	keepType map[uint64]bool   // addresses of those that something refers to
	tables   []table
	exports  []export
	presence uint64 // address of the variable that other libraries look for, or zero
	arrive   uint64 // address of the function that an injector has a thread begin at, or zero
	arriveAt uint64 // address of the word that it is stored in
	meta     []byte
}

// table is read-only data that the conversion adds.
type table struct {
	variable uint64              // address of the variable that points to it
	data     func(uint64) []byte // given its own address; the length is independent of it
}

// tableAlign is the alignment of a table in bytes.
const tableAlign = 16

// encodeTables returns all tables, the first at addr.
func (p *plan) encodeTables(addr uint64) []byte {
	var all bytes.Buffer
	for _, t := range p.tables {
		pad(&all, tableAlign, 0)
		all.Write(t.data(addr + uint64(all.Len())))
	}
	return all.Bytes()
}

// convert turns the executable into the library that it plans, named soname.
func (im *image) convert(p *plan, soname string) ([]byte, error) {
	if err := im.patchCode(p); err != nil {
		return nil, err
	}
	im.keepRelocs(p.keepSlot)
	im.emptyTypes(p.types, p.keepType)
	for _, t := range p.tables {
		im.addReloc(t.variable, 0)
	}
	unwind, err := im.unwindInfo(p.keepFunc)
	if err != nil {
		return nil, err
	}
	addr, err := im.makeLibrary(p, soname, unwind)
	if err != nil {
		return nil, err
	}
	if len(p.tables) > 0 {
		tables := p.encodeTables(addr)
		copy(im.bytes(addr, uint64(len(tables))), tables)
		at := addr
		for _, t := range p.tables {
			at = (at + tableAlign - 1) &^ (tableAlign - 1)
			im.relocs[t.variable] = at
			at += uint64(len(t.data(at)))
		}
		copy(im.bytes(im.section(".rela").hdr.Addr, im.section(".rela").hdr.Size), im.encodeRelocs())
	}
	if err := im.prelink(); err != nil {
		return nil, err
	}
	im.sections = append(im.sections, &section{
		name: metaSection, data: p.meta,
		hdr: elf.Section64{Type: uint32(elf.SHT_PROGBITS), Addralign: 1},
	})
	return im.encode(), nil
}

// patchCode makes the g loads no-operations, sends the redirected functions to the fatal stub and
// fills the rest of the text that stays unused with traps.
func (im *image) patchCode(p *plan) error {
	for _, at := range p.gLoads {
		b := im.bytes(at, uint64(len(gLoad)))
		if !bytes.Equal(b, gLoad) {
			return fmt.Errorf("%w: no g load at %#x", errToolchain, at)
		}
		copy(b, gLoadNop)
	}
	text := im.section(".text")
	used := make([]bool, text.hdr.Size)
	for _, f := range im.funcs {
		if p.keepFunc[f.addr] {
			for a := f.addr; a < f.addr+f.size; a++ {
				used[a-text.hdr.Addr] = true
			}
		}
	}
	code := im.bytes(text.hdr.Addr, text.hdr.Size)
	for i := range code {
		if !used[i] {
			code[i] = trap
		}
	}
	if plt := im.section(".plt"); plt != nil {
		for i := range im.bytes(plt.hdr.Addr, plt.hdr.Size) {
			im.bytes(plt.hdr.Addr, plt.hdr.Size)[i] = trap
		}
	}
	for _, f := range p.redirect {
		const jmpSize = 5
		if f.size < jmpSize {
			return fmt.Errorf("%w: %s is too short for a jump", errToolchain, f.name)
		}
		b := im.bytes(f.addr, jmpSize)
		b[0] = 0xe9
		binary.LittleEndian.PutUint32(b[1:], uint32(p.fatal-f.addr-jmpSize))
	}
	return nil
}

// soname is the library's name for the dynamic linker: the base name of the output file.
func soname(output string) string { return filepath.Base(output) }

package freestanding

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"sort"
)

// segment is one PT_LOAD with its bytes, which patches change in place.
type segment struct {
	vaddr uint64
	memsz uint64
	flags elf.ProgFlag
	data  []byte // the part that the file holds
}

func (s *segment) end() uint64 { return s.vaddr + s.memsz }

// section is a section header; data is set for sections that are not loaded.
type section struct {
	name string
	hdr  elf.Section64
	data []byte
}

// symbol is an entry of .symtab of type FUNC or OBJECT.
type symbol struct {
	name string
	addr uint64
	size uint64
}

// image is an ELF file taken apart so that its parts can be changed and laid out anew. All
// addresses are the file's virtual addresses, not those of a process.
type image struct {
	name     string
	header   elf.Header64
	progs    []elf.Prog64
	loads    []*segment
	sections []*section
	funcs    []symbol          // by address; aliases and empty ones included
	objects  []symbol          // by address
	relocs   map[uint64]uint64 // address of a relocated word → address it will hold
	slots    []uint64          // the keys of relocs, sorted
	dynamic  []elf.Dyn64
	file     *elf.File
}

// readImage loads the file at path.
func readImage(path string) (*image, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	im, err := parseImage(path, raw, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return im, nil
}

// parseImage takes raw apart. Foreign and malformed files yield one of the sentinel errors. ours, if
// set, may refuse the file before its relocations are read.
func parseImage(name string, raw []byte, ours func(*image) error) (*image, error) {
	if !bytes.HasPrefix(raw, []byte(elf.ELFMAG)) {
		return nil, ErrNotELF
	}
	file, err := elf.NewFile(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNotELF, err)
	}
	if file.Class != elf.ELFCLASS64 || file.Machine != elf.EM_X86_64 || file.Data != elf.ELFDATA2LSB {
		return nil, ErrClass
	}
	if file.Type != elf.ET_DYN {
		return nil, ErrNotDyn
	}
	im := &image{name: name, file: file, relocs: map[uint64]uint64{}}
	if _, err := binary.Decode(raw, binary.LittleEndian, &im.header); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNotELF, err)
	}
	if err := im.readSegments(raw); err != nil {
		return nil, err
	}
	if err := im.readSections(raw); err != nil {
		return nil, err
	}
	if ours != nil {
		if err := ours(im); err != nil {
			return nil, err
		}
	}
	if err := im.readDynamic(); err != nil {
		return nil, err
	}
	return im, im.readSymbols()
}

func (im *image) readSegments(raw []byte) error {
	for _, p := range im.file.Progs {
		im.progs = append(im.progs, elf.Prog64{
			Type: uint32(p.Type), Flags: uint32(p.Flags), Off: p.Off, Vaddr: p.Vaddr,
			Paddr: p.Paddr, Filesz: p.Filesz, Memsz: p.Memsz, Align: p.Align,
		})
		if p.Type != elf.PT_LOAD {
			continue
		}
		if p.Off+p.Filesz < p.Off || p.Off+p.Filesz > uint64(len(raw)) || p.Filesz > p.Memsz {
			return fmt.Errorf("%w: segment at %#x lies outside the file", ErrNotELF, p.Vaddr)
		}
		im.loads = append(im.loads, &segment{
			vaddr: p.Vaddr, memsz: p.Memsz, flags: p.Flags, data: slices.Clone(raw[p.Off : p.Off+p.Filesz]),
		})
	}
	return nil
}

func (im *image) readSections(raw []byte) error {
	for _, s := range im.file.Sections {
		out := &section{name: s.Name, hdr: elf.Section64{
			Type: uint32(s.Type), Flags: uint64(s.Flags), Addr: s.Addr, Off: s.Offset, Size: s.FileSize,
			Link: s.Link, Info: s.Info, Addralign: s.Addralign, Entsize: s.Entsize,
		}}
		if s.Type != elf.SHT_NULL && s.Type != elf.SHT_NOBITS && s.Flags&elf.SHF_ALLOC == 0 {
			if s.Offset+s.FileSize < s.Offset || s.Offset+s.FileSize > uint64(len(raw)) {
				return fmt.Errorf("%w: section %s lies outside the file", ErrNotELF, s.Name)
			}
			out.data = slices.Clone(raw[s.Offset : s.Offset+s.FileSize])
		}
		im.sections = append(im.sections, out)
	}
	return nil
}

func (im *image) readDynamic() error {
	dyn := im.section(".dynamic")
	if dyn == nil {
		return ErrNotDyn
	}
	b := im.bytes(dyn.hdr.Addr, dyn.hdr.Size)
	for len(b) >= 16 {
		d := elf.Dyn64{Tag: int64(binary.LittleEndian.Uint64(b)), Val: binary.LittleEndian.Uint64(b[8:])}
		im.dynamic = append(im.dynamic, d)
		if elf.DynTag(d.Tag) == elf.DT_NULL {
			break
		}
		b = b[16:]
	}
	addr, size := im.dyn(elf.DT_RELA), im.dyn(elf.DT_RELASZ)
	rela := im.bytes(addr, size)
	if size > 0 && rela == nil {
		return fmt.Errorf("%w: relocation table lies outside the file", ErrNotELF)
	}
	for ; len(rela) >= 24; rela = rela[24:] {
		info := binary.LittleEndian.Uint64(rela[8:])
		if elf.R_TYPE64(info) != uint32(elf.R_X86_64_RELATIVE) {
			return fmt.Errorf("%w: relocation of type %v, want R_X86_64_RELATIVE only", errToolchain, elf.R_X86_64(elf.R_TYPE64(info)))
		}
		where := binary.LittleEndian.Uint64(rela)
		im.relocs[where] = binary.LittleEndian.Uint64(rela[16:])
		im.slots = append(im.slots, where)
	}
	slices.Sort(im.slots)
	return nil
}

// dyn returns the value of a dynamic tag, zero if it is missing.
func (im *image) dyn(tag elf.DynTag) uint64 {
	for _, d := range im.dynamic {
		if elf.DynTag(d.Tag) == tag {
			return d.Val
		}
	}
	return 0
}

func (im *image) readSymbols() error {
	syms, err := im.file.Symbols()
	if err != nil {
		return ErrNoSyms
	}
	for _, s := range syms {
		if s.Section == elf.SHN_UNDEF || s.Section >= elf.SHN_LORESERVE {
			continue
		}
		switch elf.ST_TYPE(s.Info) {
		case elf.STT_FUNC:
			im.funcs = append(im.funcs, symbol{s.Name, s.Value, s.Size})
		case elf.STT_OBJECT:
			im.objects = append(im.objects, symbol{s.Name, s.Value, s.Size})
		}
	}
	for _, list := range [][]symbol{im.funcs, im.objects} {
		sort.SliceStable(list, func(i, j int) bool { return list[i].addr < list[j].addr })
	}
	return nil
}

// section returns the section of that name, or nil.
func (im *image) section(name string) *section {
	for _, s := range im.sections {
		if s.name == name {
			return s
		}
	}
	return nil
}

// segmentAt returns the loaded segment that covers addr, or nil.
func (im *image) segmentAt(addr uint64) *segment {
	for _, s := range im.loads {
		if addr >= s.vaddr && addr < s.end() {
			return s
		}
	}
	return nil
}

// bytes returns the n file-backed bytes at addr, or nil if not all of them are in the file.
func (im *image) bytes(addr, n uint64) []byte {
	s := im.segmentAt(addr)
	if s == nil || addr+n < addr || addr+n > s.vaddr+uint64(len(s.data)) {
		return nil
	}
	return s.data[addr-s.vaddr : addr-s.vaddr+n : addr-s.vaddr+n]
}

// symbolNamed finds a function by link name; the ABI0 version wins, which is the assembly one.
func symbolNamed(list []symbol, name string) (symbol, bool) {
	var plain *symbol
	for i := range list {
		switch list[i].name {
		case name + ".abi0":
			return list[i], true
		case name:
			plain = &list[i]
		}
	}
	if plain == nil {
		return symbol{}, false
	}
	return *plain, true
}

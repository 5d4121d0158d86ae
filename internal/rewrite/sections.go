package rewrite

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// addSections appends the section headers, with those of what was added, if the file has any.
func (w *writer) addSections(out []byte, entrySize uint64) []byte {
	f := w.file
	h := &f.header
	size := uint64(binary.Size(elf.Section64{}))
	if h.Shnum == 0 || h.Shstrndx >= h.Shnum || uint64(h.Shentsize) != size || h.Shoff > uint64(len(f.data)) ||
		uint64(h.Shnum)*size > uint64(len(f.data))-h.Shoff {
		h.Shoff, h.Shnum, h.Shstrndx = 0, 0, 0
		return out
	}
	sections := make([]elf.Section64, h.Shnum)
	binary.Read(bytes.NewReader(f.data[h.Shoff:]), binary.LittleEndian, sections)
	names := &sections[h.Shstrndx]
	if names.Off+names.Size > uint64(len(f.data)) {
		h.Shoff, h.Shnum, h.Shstrndx = 0, 0, 0
		return out
	}
	text := append([]byte(nil), f.data[names.Off:names.Off+names.Size]...)
	add := func(name string, kind elf.SectionType, flags elf.SectionFlag, off, size, align uint64) {
		sections = append(sections, elf.Section64{Name: uint32(len(text)), Type: uint32(kind), Flags: uint64(flags | elf.SHF_ALLOC),
			Addr: off + f.delta, Off: off, Size: size, Addralign: align})
		text = append(append(text, name...), 0)
	}
	add(".systrap.entry", elf.SHT_PROGBITS, elf.SHF_EXECINSTR, w.entryAt, entrySize, 16)
	add(".systrap.head", elf.SHT_PROGBITS, 0, w.headAt, w.noteAt-w.headAt, 8)
	add(".note.systrap", elf.SHT_NOTE, 0, w.noteAt, noteSize, 4)
	add(".systrap.sites", elf.SHT_PROGBITS, 0, w.preparedAt, w.headAt+w.headSize-w.preparedAt, 8)
	for i, p := range w.tool.loads {
		name, flags := ".systrap.rodata", elf.SectionFlag(0)
		switch {
		case p.Flags&uint32(elf.PF_X) != 0:
			name, flags = ".systrap.text", elf.SHF_EXECINSTR
		case p.Flags&uint32(elf.PF_W) != 0 && i == len(w.tool.loads)-1:
			name, flags = ".systrap.data", elf.SHF_WRITE
		case p.Flags&uint32(elf.PF_W) != 0:
			name, flags = ".systrap.relro", elf.SHF_WRITE
		}
		add(name, elf.SHT_PROGBITS, flags, w.toolAt+p.Vaddr, p.Filesz, pageSize)
		if p.Memsz > p.Filesz {
			add(".systrap.bss", elf.SHT_NOBITS, elf.SHF_WRITE, w.toolAt+p.Vaddr+p.Filesz, p.Memsz-p.Filesz, 16)
		}
	}
	names = &sections[h.Shstrndx]
	names.Off, names.Size = uint64(len(out)), uint64(len(text))
	out = append(out, text...)
	for len(out)%8 != 0 {
		out = append(out, 0)
	}
	h.Shoff, h.Shnum = uint64(len(out)), uint16(len(sections))
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, sections)
	return append(out, b.Bytes()...)
}

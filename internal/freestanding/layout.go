package freestanding

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

const (
	pageSize = 0x1000
	ehdrSize = 64
	phdrSize = 56
	relaSize = 24
	dynSize  = 16
	symSize  = 24
	wordSize = 8
)

// encode lays the image out as a file. Virtual addresses stay; file offsets are assigned anew, so a
// segment whose data was cut makes the file smaller.
func (im *image) encode() []byte {
	var out bytes.Buffer
	offsets := make([]uint64, len(im.loads))
	for i, s := range im.loads {
		pad(&out, pageSize, s.vaddr%pageSize)
		offsets[i] = uint64(out.Len())
		out.Write(s.data)
	}
	pad(&out, pageSize, 0) // the rest of the last page is the program's zeroed data
	fileOffset := func(vaddr uint64) uint64 {
		for i, s := range im.loads {
			if vaddr >= s.vaddr && vaddr <= s.end() {
				return offsets[i] + vaddr - s.vaddr
			}
		}
		return 0
	}
	im.nameSections()
	for _, s := range im.sections {
		switch {
		case s.data != nil:
			pad(&out, max(s.hdr.Addralign, 1), 0)
			s.hdr.Off, s.hdr.Size = uint64(out.Len()), uint64(len(s.data))
			out.Write(s.data)
		case s.hdr.Addr != 0:
			s.hdr.Off = fileOffset(s.hdr.Addr)
		}
	}
	pad(&out, wordSize, 0)
	shoff := uint64(out.Len())
	for _, s := range im.sections {
		put(&out, s.hdr)
	}
	file := out.Bytes()
	im.header.Phoff, im.header.Shoff = ehdrSize, shoff
	im.header.Shnum = uint16(len(im.sections))
	im.encodeHeaders(file, offsets, fileOffset)
	return file
}

// encodeHeaders writes the ELF header and the program headers over the start of the file, where the
// linker left the space for them in the first segment.
func (im *image) encodeHeaders(file []byte, offsets []uint64, fileOffset func(uint64) uint64) {
	var head bytes.Buffer
	put(&head, im.header)
	load := 0
	for i := range im.progs {
		p := &im.progs[i]
		switch elf.ProgType(p.Type) {
		case elf.PT_LOAD:
			s := im.loads[load]
			p.Off, p.Filesz, p.Memsz = offsets[load], uint64(len(s.data)), s.memsz
			p.Paddr = PrelinkBase + p.Vaddr
			load++
		case elf.PT_NULL, elf.PT_GNU_STACK:
		default:
			p.Off = fileOffset(p.Vaddr)
		}
		put(&head, *p)
	}
	copy(file, head.Bytes())
}

// nameSections rebuilds the section name table.
func (im *image) nameSections() {
	names := []byte{0}
	for i, s := range im.sections {
		if i == 0 {
			continue
		}
		s.hdr.Name = uint32(len(names))
		names = append(append(names, s.name...), 0)
	}
	if s := im.section(".shstrtab"); s != nil {
		s.data = names
	}
}

// pad appends zeros until the length is congruent to rest modulo align.
func pad(out *bytes.Buffer, align, rest uint64) {
	for uint64(out.Len())%align != rest%align {
		out.WriteByte(0)
	}
}

// put appends the little-endian form of an ELF structure. Writing fixed-size values to a
// bytes.Buffer cannot fail.
func put(out *bytes.Buffer, v any) {
	_ = binary.Write(out, binary.LittleEndian, v)
}

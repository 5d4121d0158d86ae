package rewrite

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"strings"

	"libsystrap/internal/inject"
)

// Sizes of ELF structures in bytes (elf(5)), and of a page.
const (
	ehdrSize = 64
	phdrSize = 56
	relaSize = 24
	dynSize  = 16
	pageSize = 4096
)

// kind is what a file is started as.
type kind uint8

const (
	program kind = iota // by the kernel, or by the dynamic loader, at e_entry
	library             // by the dynamic loader, which relocates it
)

// file is an ELF file that is rewritten.
type file struct {
	data    []byte
	header  elf.Header64
	progs   []elf.Prog64
	dynamic []elf.Dyn64
	dynAt   uint64 // the offset of the dynamic section in the file
	kind    kind
	moves   bool   // its addresses are those of the loader's choice
	delta   uint64 // address minus offset in the first segment
	end     uint64 // of its memory: an address
}

// Errors that say why a file is not rewritten.
var (
	errTool     = errors.New("a tool: it is what --tool wants")
	errAlready  = errors.New("has been rewritten already")
	errCore     = errors.New("a core file")
	errUPX      = errors.New("packed by UPX, which makes its code when it runs: unpack it first (upx -d)")
	errLoader   = errors.New("a dynamic loader: it makes calls before anything of ours can be there")
	errNoLoads  = errors.New("malformed, or a file of debug information: its ELF header is in no segment")
	errHeaders  = errors.New("malformed: its program headers are outside the file")
	errNoSites  = errors.New("has no system call instruction that is proven to be one")
	errNoStart  = errors.New("has no initialiser, and no room for one: nothing would start the tool")
	errTooLarge = errors.New("too large: its memory spans more than a gigabyte")
)

// read takes the bytes of a 64-bit x86 ELF file apart.
func read(data []byte) (*file, error) {
	f := &file{data: data}
	if binary.Read(bytes.NewReader(data), binary.LittleEndian, &f.header) != nil {
		return nil, errHeaders
	}
	h := &f.header
	if elf.Type(h.Type) == elf.ET_CORE {
		return nil, errCore
	}
	if uint64(h.Phentsize) != phdrSize || h.Phoff > uint64(len(data)) || uint64(h.Phnum)*phdrSize > uint64(len(data))-h.Phoff {
		return nil, errHeaders
	}
	f.progs = make([]elf.Prog64, h.Phnum)
	binary.Read(bytes.NewReader(data[h.Phoff:]), binary.LittleEndian, f.progs)
	if err := f.segments(); err != nil {
		return nil, err
	}
	if bytes.Contains(data[:min(len(data), pageSize)], []byte("UPX!")) {
		return nil, errUPX
	}
	return f, f.classify()
}

// segments looks at the program headers.
func (f *file) segments() error {
	first := true
	for _, p := range f.progs {
		if p.Off+p.Filesz < p.Off || p.Off+p.Filesz > uint64(len(f.data)) {
			return errHeaders
		}
		switch elf.ProgType(p.Type) {
		case elf.PT_LOAD:
			if first {
				if p.Off >= pageSize || p.Off > p.Vaddr || p.Filesz < ehdrSize {
					return errNoLoads
				}
				f.delta, first = p.Vaddr-p.Off, false
			}
			f.end = max(f.end, p.Vaddr+p.Memsz)
		case elf.PT_DYNAMIC:
			f.dynAt = p.Off
			f.dynamic = make([]elf.Dyn64, p.Filesz/dynSize)
			binary.Read(bytes.NewReader(f.data[p.Off:]), binary.LittleEndian, f.dynamic)
		case elf.PT_NOTE:
			if bytes.Contains(f.data[p.Off:p.Off+p.Filesz], []byte(inject.NoteName+"\x00")) {
				return errAlready
			}
		}
	}
	if first {
		return errNoLoads
	}
	if f.end-f.delta > 1<<30 || len(f.data) > 1<<30 {
		return errTooLarge
	}
	return nil
}

// classify finds out how the file is started.
func (f *file) classify() error {
	f.moves = elf.Type(f.header.Type) == elf.ET_DYN
	if flags, ok := f.dyn(elf.DT_FLAGS_1); !f.moves || ok && elf.DynFlag1(flags)&elf.DF_1_PIE != 0 {
		return nil
	} else if init, hasInit := f.dyn(elf.DT_INIT); ok && hasInit && init != 0 && elf.DynFlag1(flags) == elf.DF_1_INITFIRST|elf.DF_1_NODELETE {
		return errTool
	}
	name := f.soname()
	if _, debug := f.dyn(elf.DT_DEBUG); name == "" && (debug || f.interpreter()) {
		return nil
	}
	f.kind = library
	if strings.HasPrefix(name, "ld-") || strings.HasPrefix(name, "ld.") || strings.HasPrefix(name, "libc.musl") || name == "libc.so" {
		return errLoader
	}
	return nil
}

func (f *file) interpreter() bool {
	for _, p := range f.progs {
		if elf.ProgType(p.Type) == elf.PT_INTERP {
			return true
		}
	}
	return false
}

// dyn returns the value of the first entry of the dynamic section with a tag.
func (f *file) dyn(tag elf.DynTag) (uint64, bool) {
	for _, d := range f.dynamic {
		switch elf.DynTag(d.Tag) {
		case elf.DT_NULL:
			return 0, false
		case tag:
			return d.Val, true
		}
	}
	return 0, false
}

// setDyn changes an entry of the dynamic section, or makes it of a spare one; it returns false if there is none.
func (f *file) setDyn(tag elf.DynTag, val uint64) bool {
	for i, d := range f.dynamic {
		switch elf.DynTag(d.Tag) {
		case elf.DT_NULL:
			if i+1 == len(f.dynamic) {
				return false // the last one ends it
			}
		case tag:
		default:
			continue
		}
		f.dynamic[i] = elf.Dyn64{Tag: int64(tag), Val: val}
		at := f.data[f.dynAt+uint64(i)*dynSize:]
		binary.LittleEndian.PutUint64(at, uint64(tag))
		binary.LittleEndian.PutUint64(at[8:], val)
		return true
	}
	return false
}

// soname returns DT_SONAME, or "".
func (f *file) soname() string {
	at, ok := f.dyn(elf.DT_SONAME)
	table, has := f.dyn(elf.DT_STRTAB)
	off := f.offset(table + at)
	if !ok || !has || off == 0 {
		return ""
	}
	name, _, _ := bytes.Cut(f.data[off:], []byte{0})
	return string(name)
}

// offset returns where in the file the byte at an address lies, or 0.
func (f *file) offset(addr uint64) uint64 {
	for _, p := range f.progs {
		if elf.ProgType(p.Type) == elf.PT_LOAD && addr >= p.Vaddr && addr-p.Vaddr < p.Filesz {
			return p.Off + addr - p.Vaddr
		}
	}
	return 0
}

// writable says whether a segment's memory may be written to by the program.
func (f *file) writable(addr uint64) bool {
	for _, p := range f.progs {
		if elf.ProgType(p.Type) == elf.PT_LOAD && addr >= p.Vaddr && addr-p.Vaddr < p.Memsz {
			return elf.ProgFlag(p.Flags)&elf.PF_W != 0
		}
	}
	return false
}

func pageUp(n uint64) uint64 { return (n + pageSize - 1) &^ (pageSize - 1) }

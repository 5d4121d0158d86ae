package freestanding

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
)

// Symbols that other libraries, and the program, link with: functions in assembly, which keep the C ABI, and variables. They
// stand in the library's dynamic symbol table, which has nothing else, with the hash table of the System V ABI,
// which every dynamic linker reads.

// exportedVar is a variable and the name that others know it by.
type exportedVar struct {
	Name   string `json:"name"`
	Symbol string `json:"symbol"`
}

// export is one symbol.
type export struct {
	name string
	symbol
	data bool
}

// declaredVar returns the documentation and the name of a declaration of one variable, or nil.
func declaredVar(decl ast.Decl) (*ast.CommentGroup, string) {
	g, ok := decl.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR || len(g.Specs) != 1 {
		return nil, ""
	}
	s := g.Specs[0].(*ast.ValueSpec)
	if len(s.Names) != 1 {
		return nil, ""
	}
	return g.Doc, s.Names[0].Name
}

// exports finds what the directives name. A function must be an entry: that is what its contract is about.
func (w *walker) exports() ([]export, error) {
	var list []export
	for _, f := range w.meta.Functions {
		if f.Export == "" {
			continue
		}
		s, ok := symbolNamed(w.im.funcs, f.Symbol)
		if !ok || !f.Entry {
			return nil, fmt.Errorf("%s (%s) is to be exported as %s: want an entry that the library entry leads to", f.Symbol, f.Pos, f.Export)
		}
		list = append(list, export{f.Export, s, false})
	}
	for _, v := range w.meta.Vars {
		s, ok := symbolNamed(w.im.objects, v.Symbol)
		if !ok {
			return nil, fmt.Errorf("the variable %s is to be exported as %s, and nothing refers to it", v.Symbol, v.Name)
		}
		list = append(list, export{v.Name, s, true})
	}
	slices.SortFunc(list, func(a, b export) int { return bytes.Compare([]byte(a.name), []byte(b.name)) })
	return list, nil
}

// dynamicSymbols returns the string table, the symbol table and the hash table of exports. soname is the first
// string.
func (im *image) dynamicSymbols(exports []export, soname string) (names, symbols, hash []byte) {
	names = append([]byte{0}, soname+"\x00"...)
	var syms bytes.Buffer
	put(&syms, elf.Sym64{})
	n := uint32(len(exports) + 1)
	buckets, chains := make([]uint32, n), make([]uint32, n)
	for i, e := range exports {
		kind := elf.STT_FUNC
		if e.data {
			kind = elf.STT_OBJECT
		}
		put(&syms, elf.Sym64{
			Name: uint32(len(names)), Info: elf.ST_INFO(elf.STB_GLOBAL, kind), Shndx: im.sectionOf(e.addr), Value: e.addr, Size: e.size,
		})
		names = append(append(names, e.name...), 0)
		b := &buckets[hashName(e.name)%n]
		chains[i+1], *b = *b, uint32(i+1)
	}
	var h bytes.Buffer
	put(&h, []uint32{n, n})
	put(&h, buckets)
	put(&h, chains)
	return names, syms.Bytes(), h.Bytes()
}

// sectionOf returns the number of the section that covers addr.
func (im *image) sectionOf(addr uint64) uint16 {
	for i, s := range im.sections {
		size := s.hdr.Size
		if elf.SectionType(s.hdr.Type) == elf.SHT_NOBITS && im.file != nil && i < len(im.file.Sections) {
			size = im.file.Sections[i].Size
		}
		if s.hdr.Addr != 0 && addr >= s.hdr.Addr && addr-s.hdr.Addr < size {
			return uint16(i)
		}
	}
	return uint16(elf.SHN_ABS)
}

// hashName is the hash function of the System V ABI ("Hash Table").
func hashName(name string) (h uint32) {
	for _, c := range []byte(name) {
		h = h<<4 + uint32(c)
		g := h & 0xf0000000
		h ^= g>>24 | g
	}
	return h
}

// checkExports rejects a file whose symbols are not what the directives say: whoever links with it would enter code
// that was verified for something else.
func (w *walker) checkExports() {
	want, err := w.exports()
	if err != nil {
		w.addFile(ReasonHeader, "%v", err)
		return
	}
	tab := w.im.section(".dynsym")
	if tab == nil {
		w.addFile(ReasonHeader, "there is no table of dynamic symbols")
		return
	}
	data := w.im.bytes(tab.hdr.Addr, tab.hdr.Size)
	n := max(len(data)/symSize-1, 0)
	if n != len(want) {
		w.addFile(ReasonHeader, "%d symbols are exported, want %d", n, len(want))
		return
	}
	for i, e := range want {
		var s elf.Sym64
		if _, err := binary.Decode(data[(i+1)*symSize:], binary.LittleEndian, &s); err != nil || s.Value != e.addr {
			w.addFile(ReasonHeader, "the exported %s is at %#x, want %#x", e.name, s.Value, e.addr)
		}
	}
}

// Package dynsym finds symbols in the objects that the dynamic linker has loaded, as it does itself: in their order, by their hash
// tables (System V gABI, "Dynamic Linking"; r_debug of <link.h>). There is no libdl here to ask.
//
// It reads the linker's list as it stands: before the program has threads, or what it finds may go away.
//
//systrap:freestanding
package dynsym

import (
	"debug/elf"

	"libsystrap/internal/ctext"
	"libsystrap/internal/sys"
)

// Object is an entry of the dynamic linker's list (struct link_map of <link.h>).
type Object struct {
	// Base is what the addresses in the file are shifted by, in bytes.
	Base uintptr
	// Name is its path, which is empty for the program.
	Name    *byte
	dynamic uintptr
	next    *Object
	prev    *Object
}

// phdrs is where the kernel said that the program's headers are.
var phdrs, phdrCount uintptr

// SetProgram says where the program's headers lie, and how many there are (AT_PHDR, AT_PHNUM of getauxval(3)).
func SetProgram(at, n uintptr) { phdrs, phdrCount = at, n }

// First returns the first object, which is the program, or nil if no dynamic linker was at work yet.
func First() *Object {
	var bias, dynamic uintptr
	for i := range phdrCount {
		p := (*elf.Prog64)(sys.Ptr(phdrs + i*phdrSize))
		switch elf.ProgType(p.Type) {
		case elf.PT_PHDR:
			bias = phdrs - uintptr(p.Vaddr)
		case elf.PT_DYNAMIC:
			dynamic = uintptr(p.Vaddr)
		}
	}
	if dynamic == 0 {
		return nil
	}
	debug := tag(bias+dynamic, int64(elf.DT_DEBUG))
	if debug == 0 {
		return nil
	}
	return *(**Object)(sys.Ptr(debug + 8)) // r_map of struct r_debug
}

const phdrSize = 56

// Next returns the object behind o, or nil.
func (o *Object) Next() *Object { return o.next }

// Previous returns the object before o in its namespace, or nil.
func (o *Object) Previous() *Object { return o.prev }

// tag returns the value of a dynamic tag, 0 if it is missing.
func tag(dynamic uintptr, want int64) uintptr {
	for d := dynamic; ; d += 16 {
		switch *(*int64)(sys.Ptr(d)) {
		case want:
			return *(*uintptr)(sys.Ptr(d + 8))
		case int64(elf.DT_NULL):
			return 0
		}
	}
}

// table returns the address that a tag has. glibc has added the base to it in place, musl has not.
func (o *Object) table(want elf.DynTag) uintptr {
	v := tag(o.dynamic, int64(want))
	if v != 0 && v < o.Base {
		v += o.Base
	}
	return v
}

// Lookup returns the address of the first definition of a symbol, or 0. Of versions of one it takes the default.
func Lookup(name string) uintptr {
	for o := First(); o != nil; o = o.next {
		if a := o.Lookup(name); a != 0 {
			return a
		}
	}
	return 0
}

// Lookup is the package's, in o alone.
func (o *Object) Lookup(name string) uintptr {
	if o.dynamic == 0 {
		return 0
	}
	symtab, strtab := o.table(elf.DT_SYMTAB), o.table(elf.DT_STRTAB)
	if symtab == 0 || strtab == 0 {
		return 0
	}
	versions := o.table(elf.DT_VERSYM)
	if h := o.table(elf.DT_GNU_HASH); h != 0 {
		return o.lookupGNU(h, symtab, strtab, versions, name)
	}
	if h := o.table(elf.DT_HASH); h != 0 {
		return o.lookupSysV(h, symtab, strtab, versions, name)
	}
	return 0
}

// lookupGNU goes through a DT_GNU_HASH table: four words, a Bloom filter of 64-bit words, buckets, and chains whose
// last hash has bit 0 set.
func (o *Object) lookupGNU(h, symtab, strtab, versions uintptr, name string) uintptr {
	word := func(a uintptr) uint32 { return *(*uint32)(sys.Ptr(a)) }
	buckets, first, bloom := uintptr(word(h)), uintptr(word(h+4)), uintptr(word(h+8))
	if buckets == 0 {
		return 0
	}
	hash := uint32(5381)
	for i := range len(name) {
		hash = hash*33 + uint32(name[i])
	}
	at := h + 16 + bloom*8
	chains := at + buckets*4
	i := uintptr(word(at + uintptr(hash)%buckets*4))
	if i < first {
		return 0
	}
	for ; ; i++ {
		v := word(chains + (i-first)*4)
		if v|1 == hash|1 {
			if a := o.defined(i, symtab, strtab, versions, name); a != 0 {
				return a
			}
		}
		if v&1 != 0 {
			return 0
		}
	}
}

// lookupSysV goes through a DT_HASH table.
func (o *Object) lookupSysV(h, symtab, strtab, versions uintptr, name string) uintptr {
	word := func(a uintptr) uint32 { return *(*uint32)(sys.Ptr(a)) }
	buckets := uintptr(word(h))
	if buckets == 0 {
		return 0
	}
	hash := uint32(0)
	for i := range len(name) {
		hash = hash<<4 + uint32(name[i])
		hash ^= hash >> 24 & 0xf0
		hash &= 0x0fffffff
	}
	for i := uintptr(word(h + 8 + uintptr(hash)%buckets*4)); i != 0; i = uintptr(word(h + 8 + buckets*4 + i*4)) {
		if a := o.defined(i, symtab, strtab, versions, name); a != 0 {
			return a
		}
	}
	return 0
}

// defined returns the address of symbol i if it has the name and a definition there.
func (o *Object) defined(i, symtab, strtab, versions uintptr, name string) uintptr {
	s := (*elf.Sym64)(sys.Ptr(symtab + i*elf.Sym64Size))
	const hidden = 1 << 15 // another version than the default one (LSB core, "Symbol Version Table")
	switch {
	case s.Shndx == uint16(elf.SHN_UNDEF) || s.Info&0xf == byte(elf.STT_TLS) || s.Info&0xf == byte(elf.STT_GNU_IFUNC):
		return 0
	case versions != 0 && *(*uint16)(sys.Ptr(versions + i*2))&hidden != 0:
		return 0
	}
	p := (*byte)(sys.Ptr(strtab + uintptr(s.Name)))
	if !ctext.HasPrefix(p, name) || ctext.CLen(p) != len(name) {
		return 0
	}
	return o.Base + uintptr(s.Value)
}

// Bounds returns where o's segments begin and end. Its program headers must be where its base says, as they are in libraries.
func (o *Object) Bounds() (start, end uintptr) {
	h := (*elf.Header64)(sys.Ptr(o.Base))
	for i := range uintptr(h.Phnum) {
		p := (*elf.Prog64)(sys.Ptr(o.Base + uintptr(h.Phoff) + i*phdrSize))
		if elf.ProgType(p.Type) == elf.PT_LOAD {
			end = max(end, o.Base+uintptr(p.Vaddr+p.Memsz))
		}
	}
	return o.Base, end
}

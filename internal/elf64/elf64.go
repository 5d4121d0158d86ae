// Package elf64 has the headers of ELF files for 64-bit machines as they lie in memory: the names are those of elf(5),
// without the beginning e_ or p_.
package elf64

// Header is Elf64_Ehdr.
type Header struct {
	Ident                      [16]byte
	Type, Machine              uint16
	Version                    uint32
	Entry, Phoff, Shoff        uint64
	Flags                      uint32
	Ehsize, Phentsize, Phnum   uint16
	Shentsize, Shnum, Shstrndx uint16
}

// Program is Elf64_Phdr, a program header.
type Program struct {
	Type, Flags                                uint32
	Offset, Vaddr, Paddr, Filesz, Memsz, Align uint64
}

package rewrite

import (
	"bytes"
	"debug/elf"
	"encoding/binary"

	"libsystrap/internal/inject"
)

// hook has the library started before the file makes a call. A program's entry is ours. In a library the first resolver that the
// dynamic loader calls while it relocates is: of the C library code runs before its initialiser does (__libc_early_init). That is ours
// then, too, for what has to wait until all is relocated. Without a resolver there is an initialiser only.
func (w *writer) hook() error {
	f := w.file
	stub := w.entryAt + f.delta
	if f.kind == program {
		w.start.next = f.header.Entry
		return nil
	}
	flags, _ := f.dyn(elf.DT_FLAGS_1)
	if !f.setDyn(elf.DT_FLAGS_1, flags|uint64(elf.DF_1_NODELETE)) {
		return errNoStart // what is in it cannot go while the program runs
	}
	for _, t := range [...][2]elf.DynTag{{elf.DT_RELA, elf.DT_RELASZ}, {elf.DT_JMPREL, elf.DT_PLTRELSZ}} {
		at, _ := f.dyn(t[0])
		size, _ := f.dyn(t[1])
		off := f.offset(at)
		if off == 0 || off+size > uint64(len(f.data)) {
			continue
		}
		for ; size >= relaSize; off, size = off+relaSize, size-relaSize {
			const info, addend = 8, 16
			w.findStackEnd(f.data[off:])
			if elf.R_X86_64(binary.LittleEndian.Uint32(f.data[off+info:])) == elf.R_X86_64_IRELATIVE {
				w.start.next = binary.LittleEndian.Uint64(f.data[off+addend:])
				binary.LittleEndian.PutUint64(f.data[off+addend:], stub)
				w.start.laterNext, _ = f.dyn(elf.DT_INIT)
				if w.begun = inject.BegunOnly; f.setDyn(elf.DT_INIT, stub+laterOff) {
					w.begun = inject.BegunThenLater
				}
				return nil
			}
		}
	}
	w.start.next, _ = f.dyn(elf.DT_INIT)
	if !f.setDyn(elf.DT_INIT, stub) {
		return errNoStart
	}
	return nil
}

// findStackEnd looks whether a relocation, whose bytes begin b, is that of a word with the address of __libc_stack_end.
func (w *writer) findStackEnd(b []byte) {
	f := w.file
	const info, symSize, nameSize = 8, 24, 4
	if elf.R_X86_64(binary.LittleEndian.Uint32(b[info:])) != elf.R_X86_64_GLOB_DAT {
		return
	}
	symbols, _ := f.dyn(elf.DT_SYMTAB)
	names, _ := f.dyn(elf.DT_STRTAB)
	at := f.offset(symbols + uint64(binary.LittleEndian.Uint32(b[info+4:]))*symSize)
	if at == 0 || at+nameSize > uint64(len(f.data)) {
		return
	}
	name := f.offset(names + uint64(binary.LittleEndian.Uint32(f.data[at:])))
	if name != 0 && bytes.HasPrefix(f.data[name:], []byte("__libc_stack_end\x00")) {
		w.start.stackEnd = binary.LittleEndian.Uint64(b)
	}
}

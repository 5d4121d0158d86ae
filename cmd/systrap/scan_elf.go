package main

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"sort"
)

// readELF returns the bytes of a 64-bit x86 ELF file, or what else the file is.
func readELF(path string) ([]byte, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	if !st.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	const ehdrSize = 64
	switch {
	case bytes.HasPrefix(data, []byte("#!")):
		return nil, errors.New("a script: scan its interpreter")
	case !bytes.HasPrefix(data, []byte(elf.ELFMAG)):
		return nil, errors.New("not an ELF file")
	case len(data) > elf.EI_CLASS && elf.Class(data[elf.EI_CLASS]) == elf.ELFCLASS32:
		return nil, errors.New("a 32-bit ELF file: only x86-64 is traced")
	case len(data) < ehdrSize:
		return nil, errors.New("malformed ELF file: shorter than its header")
	case elf.Data(data[elf.EI_DATA]) != elf.ELFDATA2LSB:
		return nil, errors.New("a big-endian ELF file: only x86-64 is traced")
	}
	if m := elf.Machine(uint16(data[18]) | uint16(data[19])<<8); m != elf.EM_X86_64 {
		return nil, fmt.Errorf("an ELF file for %v: only x86-64 is traced", m)
	}
	if elf.Type(uint16(data[16])|uint16(data[17])<<8) == elf.ET_REL {
		return nil, errors.New("an object file: scan what is linked from it")
	}
	return data, nil
}

// symbolTable is sorted by address.
type symbolTable []elf.Symbol

// functionNames reads the names of functions, those of .symtab before those of
// .dynsym. A file without either, or with malformed ones, has no names.
func functionNames(data []byte) symbolTable {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	var t symbolTable
	for _, read := range []func() ([]elf.Symbol, error){f.Symbols, f.DynamicSymbols} {
		all, _ := read()
		for _, s := range all {
			kind := elf.ST_TYPE(s.Info)
			if (kind == elf.STT_FUNC || kind == sttGNUIfunc) && s.Section != elf.SHN_UNDEF && s.Name != "" {
				t = append(t, s)
			}
		}
		if len(t) > 0 {
			break
		}
	}
	// Of several names of one address the shortest comes last, and is taken.
	sort.SliceStable(t, func(i, j int) bool {
		if t[i].Value != t[j].Value {
			return t[i].Value < t[j].Value
		}
		return len(t[i].Name) > len(t[j].Name)
	})
	return t
}

// sttGNUIfunc is STT_GNU_IFUNC, a function chosen when it is bound
// (elf(5), GNU extension).
const sttGNUIfunc = elf.SymType(10)

// at returns name+offset for addr, or, where no symbol covers it, the function
// start that unwind data gives.
func (t symbolTable) at(addr, start uint64) string {
	i := sort.Search(len(t), func(i int) bool { return t[i].Value > addr }) - 1
	if i >= 0 {
		s := t[i]
		// A symbol without size reaches to the next; one with a size must
		// cover addr, or begin the very function that unwind data knows.
		if addr-s.Value < s.Size || s.Size == 0 || start != 0 && s.Value == start {
			return fmt.Sprintf("%s+%#x", s.Name, addr-s.Value)
		}
	}
	if start != 0 {
		return fmt.Sprintf("func_%x+%#x", start, addr-start)
	}
	return ""
}

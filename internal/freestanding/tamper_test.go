package freestanding

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tampered is a finished library whose bytes a test changes.
type tampered struct {
	t    *testing.T
	im   *image
	file []byte
}

// offset converts an address into an offset of the file.
func (x *tampered) offset(addr uint64) int {
	for _, p := range x.im.progs {
		if elf.ProgType(p.Type) == elf.PT_LOAD && addr >= p.Vaddr && addr < p.Vaddr+p.Filesz {
			return int(addr - p.Vaddr + p.Off)
		}
	}
	x.t.Fatalf("address %#x is not in the file", addr)
	return 0
}

func (x *tampered) poke(addr uint64, b ...byte) { copy(x.file[x.offset(addr):], b) }

func (x *tampered) poke64(addr, v uint64) {
	binary.LittleEndian.PutUint64(x.file[x.offset(addr):], v)
}

// function returns a function by its link name.
func (x *tampered) function(name string) symbol {
	s, ok := symbolNamed(x.im.funcs, name)
	if !ok {
		x.t.Fatalf("no function %s", name)
	}
	return s
}

// nop returns the address of the no-operation in Write that was a g load.
func (x *tampered) nop() uint64 {
	f := x.function("libsystrap/internal/freestanding/testdata/base.Write")
	i := bytes.Index(x.im.bytes(f.addr, f.size), gLoadNop)
	if i < 0 {
		x.t.Fatal("no removed g load")
	}
	return f.addr + uint64(i)
}

// call points the first call of main.main at another function.
func (x *tampered) call(target uint64) {
	f := x.function("main.main")
	list, _ := decodeAll(x.im.bytes(f.addr, f.size), f.addr)
	i := slices.IndexFunc(list, func(i inst) bool { return i.in.Op.String() == "CALL" && i.target != 0 })
	rel := make([]byte, 4)
	binary.LittleEndian.PutUint32(rel, uint32(target-list[i].end()))
	x.poke(list[i].addr+1, rel...)
}

// removed returns a function of an allowed package that was not reached.
func (x *tampered) removed() uint64 {
	for _, f := range x.im.funcs {
		if b := x.im.bytes(f.addr, f.size); slices.Contains(allowedPackages, packageOf(f.name)) && len(b) > 0 && b[0] == trap {
			return f.addr
		}
	}
	x.t.Fatal("no removed function")
	return 0
}

// reloc returns the address of the table entry for the word at where.
func (x *tampered) reloc(where uint64) uint64 {
	i, ok := slices.BinarySearch(x.im.slots, where)
	if !ok {
		x.t.Fatalf("no relocation at %#x", where)
	}
	return x.im.dyn(elf.DT_RELA) + relaSize*uint64(i)
}

// dynEntry returns the address of the value of a dynamic tag.
func (x *tampered) dynEntry(tag elf.DynTag) uint64 {
	i := slices.IndexFunc(x.im.dynamic, func(d elf.Dyn64) bool { return elf.DynTag(d.Tag) == tag })
	return x.im.section(".dynamic").hdr.Addr + dynSize*uint64(i) + wordSize
}

// tamperings are single changes of a finished library, each with the reason that it must yield.
var tamperings = []struct {
	name   string
	want   Reason
	change func(*tampered)
}{
	{"restored g load", ReasonFS, func(x *tampered) { x.poke(x.nop(), gLoad...) }},
	{"fs access", ReasonFS, func(x *tampered) { x.poke(x.nop(), 0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x66, 0x90) }},
	{"system call", ReasonSyscall, func(x *tampered) {
		x.poke(x.function("main.main").addr, 0x0f, 0x05, 0x66, 0x90)
	}},
	{"undecodable", ReasonDecode, func(x *tampered) { x.poke(x.nop(), 0x06) }},
	{"R14", ReasonGLoad, func(x *tampered) { x.poke(x.nop(), 0x49, 0x89, 0xc6, 0x66, 0x0f, 0x1f, 0x44, 0, 0, 0x66, 0x90) }},
	{"stack pointer", ReasonSP, func(x *tampered) { x.poke(x.nop(), 0x54, 0x90, 0x90, 0x66, 0x0f, 0x1f, 0x44, 0, 0, 0x66, 0x90) }},
	{"call of removed code", ReasonRemoved, func(x *tampered) { x.call(x.removed()) }},
	{"call of the runtime", ReasonAlloc, func(x *tampered) { x.call(x.function("runtime.mallocgc").addr) }},
	{"call into a function", ReasonBranch, func(x *tampered) { x.call(x.function("main.check").addr + 4) }},
	{"new recursion", ReasonRecursion, func(x *tampered) { x.call(x.function("main.main").addr) }},
	{"redirection", ReasonRedirect, func(x *tampered) { x.poke(x.function("runtime.panicBounds").addr+1, 0xff) }},
	{"stray relocation", ReasonReloc, func(x *tampered) {
		x.poke64(x.reloc(x.im.slots[0]), x.im.section(".noptrbss").hdr.Addr)
	}},
	{"relocation of code", ReasonReloc, func(x *tampered) { x.poke64(x.reloc(x.im.slots[0]), x.function("main.main").addr) }},
	{"relocated word", ReasonReloc, func(x *tampered) { x.poke64(x.im.slots[0], PrelinkBase) }},
	{"other address", ReasonHeader, func(x *tampered) {
		for i, p := range x.im.progs {
			if elf.ProgType(p.Type) == elf.PT_LOAD {
				x.file[ehdrSize+i*phdrSize+24+2]++ // p_paddr
			}
		}
	}},
	{"stub variable", ReasonCalls, func(x *tampered) {
		cell := x.variable("libsystrap/internal/freestanding/testdata/base.mainFn")
		x.poke64(x.reloc(x.im.relocs[cell])+2*wordSize, x.function("main.main").addr)
	}},
	{"jump table", ReasonBranch, func(x *tampered) {
		slots := x.jumpTable("main.main") // classify is inlined there
		x.poke64(x.reloc(slots[0])+2*wordSize, x.function("main.main").addr+1)
	}},
	{"DT_INIT", ReasonHeader, func(x *tampered) { x.poke64(x.dynEntry(elf.DT_INIT), x.function("main.main").addr) }},
	{"DT_FLAGS_1", ReasonHeader, func(x *tampered) { x.poke64(x.dynEntry(elf.DT_FLAGS_1), 0) }},
	{"unverified code", ReasonUnreached, func(x *tampered) { x.poke(x.removed()+1, 0x90) }},
}

// variable returns the address of a variable.
func (x *tampered) variable(name string) uint64 {
	s, ok := symbolNamed(x.im.objects, name)
	if !ok {
		x.t.Fatalf("no variable %s", name)
	}
	return s.addr
}

// jumpTable returns the slots that hold addresses inside the function, its start excluded.
func (x *tampered) jumpTable(name string) []uint64 {
	f := x.function(name)
	var slots []uint64
	for _, s := range x.im.slots {
		if to := x.im.relocs[s]; to > f.addr && to < f.addr+f.size {
			slots = append(slots, s)
		}
	}
	if len(slots) == 0 {
		x.t.Fatalf("%s has no jump table", name)
	}
	return slots
}

func TestTamperingIsFound(t *testing.T) {
	path := good(t, "features")
	original, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range tamperings {
		t.Run(c.name, func(t *testing.T) {
			im, err := parseImage(path, original, nil)
			if err != nil {
				t.Fatal(err)
			}
			x := &tampered{t, im, bytes.Clone(original)}
			c.change(x)
			_, err = verifyBytes("tool.so", x.file)
			if !slices.ContainsFunc(problemsOf(err), func(p *Problem) bool { return p.Reason == c.want }) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// TestForeignFiles gives verify what it was not made for: each must end with one clear line.
func TestForeignFiles(t *testing.T) {
	tool, err := os.ReadFile(good(t, "hello"))
	if err != nil {
		t.Fatal(err)
	}
	header := func(change func(b []byte)) []byte {
		b := bytes.Clone(tool)
		change(b)
		return b
	}
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		file []byte
		want error
	}{
		{"empty", nil, ErrNotELF},
		{"text", []byte("#!/bin/sh\n"), ErrNotELF},
		{"only magic", []byte(elf.ELFMAG), ErrNotELF},
		{"32-bit", []byte(elf.ELFMAG + "\x01\x01\x01" + strings.Repeat("\x00", 9) + "\x03\x00\x03\x00\x01" + strings.Repeat("\x00", 31)), ErrClass},
		{"other machine", header(func(b []byte) { b[18] = byte(elf.EM_AARCH64) }), ErrClass},
		{"object file", header(func(b []byte) { b[16] = byte(elf.ET_REL) }), ErrNotDyn},
		{"static executable", self, ErrNotDyn},
		{"core file", header(func(b []byte) { b[16] = byte(elf.ET_CORE) }), ErrNotDyn},
		{"no metadata", bytes.Replace(tool, []byte("\x00"+metaSection+"\x00"), []byte("\x00.xystrap\x00"), 1), ErrNotOurs},
	}
	if libc, err := os.ReadFile("/lib/x86_64-linux-gnu/libc.so.6"); err == nil {
		cases = append(cases, struct {
			name string
			file []byte
			want error
		}{"libc", libc, ErrNotOurs})
	}
	for _, c := range cases {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, c.file, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Verify(path)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.want)
		} else if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %q is not one line with the file's name", c.name, err)
		}
	}
	if _, err := Verify(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

// TestDamagedFilesDoNotCrashVerify cuts the file at many lengths and overwrites words of it.
func TestDamagedFilesDoNotCrashVerify(t *testing.T) {
	tool, err := os.ReadFile(good(t, "hello"))
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(tool); n += len(tool) / 40 {
		if _, err := verifyBytes("cut.so", tool[:n]); err == nil {
			t.Errorf("cut at %d: no error", n)
		}
	}
	// Damage words all over the headers and the dynamic section. The step is odd in words, so that
	// each field of the tables is hit somewhere.
	im, err := parseImage("tool.so", tool, nil)
	if err != nil {
		t.Fatal(err)
	}
	dynamic := im.section(".dynamic").hdr
	for _, part := range [][2]uint64{{16, ehdrSize + phdrSize*uint64(len(im.progs))}, {dynamic.Off, dynamic.Off + dynamic.Size}, {im.header.Shoff, uint64(len(tool))}} {
		for off := part[0]; off+wordSize <= part[1]; off += 28 {
			b := bytes.Clone(tool)
			for i := range uint64(4) {
				b[off+i] = byte(0xff >> (off % 3))
			}
			_, _ = verifyBytes("damaged.so", b) // must return
		}
	}
}

package freestanding

import (
	"debug/elf"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/arch/x86/x86asm"
)

// The tests of this file state what the package assumes about the Go toolchain, one assumption
// each. When a new release of Go breaks the build of tools, they say why.

// executable is what the linker makes of the fixture features, before conversion.
var executable = sync.OnceValues(func() (*image, error) {
	out := filepath.Join(buildDir, "features.exe")
	if err := goCompile("", "./testdata/features", "libsystrap/internal/freestanding/testdata/base.libraryEntry", out); err != nil {
		return nil, err
	}
	return readImage(out)
})

func contractImage(t *testing.T) *image {
	t.Helper()
	im, err := executable()
	if err != nil {
		t.Fatalf("the linker's output cannot be read with %s: %v", runtime.Version(), err)
	}
	return im
}

// contractFunc decodes one function of the executable.
func contractFunc(t *testing.T, name string) []inst {
	t.Helper()
	im := contractImage(t)
	s, ok := symbolNamed(im.funcs, name)
	if !ok {
		t.Fatalf("%s is not in the symbol table under that name", name)
	}
	list, ok := decodeAll(im.bytes(s.addr, s.size), s.addr)
	if !ok {
		t.Fatalf("%s cannot be decoded", name)
	}
	return list
}

const contractWrite = "libsystrap/internal/freestanding/testdata/base.Write"

func TestContractGLoadAfterAssembly(t *testing.T) {
	list := contractFunc(t, contractWrite)
	n := 0
	for _, i := range list {
		if i.kind == kindGLoad {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%s calls assembly twice and has %d g loads of the form % x, want 2", contractWrite, n, gLoad)
	}
}

func TestContractNoOtherThreadLocalAccess(t *testing.T) {
	im := contractImage(t)
	for _, s := range im.funcs {
		if p := packageOf(s.name); p != "main" && !strings.HasPrefix(p, "libsystrap/") {
			continue
		}
		list, _ := decodeAll(im.bytes(s.addr, s.size), s.addr)
		for _, i := range list {
			for _, a := range i.in.Args {
				if m, ok := a.(x86asm.Mem); ok && m.Segment != 0 {
					t.Errorf("%s: %s: compiled code reaches thread-local storage in another way than the g load", s.name, describe(&i))
				}
			}
		}
	}
}

func TestContractStackGuardAt16OfR14(t *testing.T) {
	first := contractFunc(t, contractWrite)[0]
	if got, want := describe(&first), "CMPQ SP, 0x10(R14)"; got != want {
		t.Errorf("prologues start with %s, want %s: stackguard0 moved, or g is in another register", got, want)
	}
}

func TestContractClosureInDX(t *testing.T) {
	// The literal reads the variable that it captured.
	if !slices.ContainsFunc(contractFunc(t, "main.closures.func1"), func(i inst) bool {
		return slices.ContainsFunc(i.in.Args[:], func(a x86asm.Arg) bool {
			m, ok := a.(x86asm.Mem)
			return ok && m.Base == x86asm.RDX
		})
	}) {
		t.Error("a func literal does not find its variables through RDX")
	}
}

func TestContractX15IsZeroedBeforeG(t *testing.T) {
	list := contractFunc(t, contractWrite)
	k := slices.IndexFunc(list, func(i inst) bool { return i.kind == kindGLoad })
	if k < 1 || !isZeroing(&list[k-1]) || list[k-1].in.Args[0] != x86asm.X15 {
		t.Error("X15 is not cleared after a call of assembly: the zero register changed")
	}
}

func TestContractProgramHeaders(t *testing.T) {
	im := contractImage(t)
	for _, want := range []elf.ProgType{elf.PT_INTERP, elf.PT_TLS, elf.PT_DYNAMIC, elf.PT_PHDR} {
		if !slices.ContainsFunc(im.progs, func(p elf.Prog64) bool { return elf.ProgType(p.Type) == want }) {
			t.Errorf("no %v program header", want)
		}
	}
	if first := im.loads[0]; len(first.data) < ehdrSize+phdrSize*len(im.progs) || im.header.Phoff != ehdrSize {
		t.Error("the first segment does not start with the ELF and program headers")
	}
}

func TestContractDynamicSection(t *testing.T) {
	im := contractImage(t)
	for _, want := range []elf.DynTag{elf.DT_DEBUG, elf.DT_PLTGOT, elf.DT_FLAGS_1, elf.DT_RELA, elf.DT_HASH} {
		if !slices.ContainsFunc(im.dynamic, func(d elf.Dyn64) bool { return elf.DynTag(d.Tag) == want }) {
			t.Errorf("no %v, whose place the conversion uses", want)
		}
	}
	for _, d := range im.dynamic {
		if elf.DynTag(d.Tag) == elf.DT_NEEDED {
			t.Error("DT_NEEDED: the program depends on a library")
		}
	}
	dyn, spare := im.section(".dynamic"), im.section(".data.rel.ro.typelink")
	if spare == nil || spare.hdr.Addr != dyn.hdr.Addr+dyn.hdr.Size || spare.hdr.Size < dynSize {
		t.Error("no type links behind .dynamic, into which DT_SONAME pushes the terminator")
	}
	pcln := im.section(".gopclntab")
	for _, s := range im.sections {
		_, table := tableTags[s.name]
		if s.hdr.Addr > pcln.hdr.Addr && s.hdr.Addr < im.segmentAt(pcln.hdr.Addr).end() && !table && s.hdr.Size > 2 {
			t.Errorf("section %s follows .gopclntab in its segment", s.name)
		}
	}
}

func TestContractCarrierSymbols(t *testing.T) {
	d := newDataMap(contractImage(t))
	if d.types.end <= d.types.start || d.funcs.start != d.types.end {
		t.Errorf("%s at %#x-%#x is not followed by %s at %#x", typeDescriptors, d.types.start, d.types.end, funcDescriptors, d.funcs.start)
	}
	if n := len(d.slots(d.funcs)); n == 0 || uint64(n)*wordSize > d.funcs.end-d.funcs.start {
		t.Errorf("%s has %d relocations in %d bytes", funcDescriptors, n, d.funcs.end-d.funcs.start)
	}
}

func TestContractLinesAndDeclarations(t *testing.T) {
	im := contractImage(t)
	lines, err := im.readLines()
	if err != nil {
		t.Fatalf("DWARF cannot be read: %v", err)
	}
	source, err := os.ReadFile("testdata/features/main.go")
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(source), "func main()")
	want := fmt.Sprintf("features/main.go:%d", 1+strings.Count(before, "\n"))
	s, _ := symbolNamed(im.funcs, "main.main")
	if pos := shortPos(lines.pos(s.addr)); pos != want {
		t.Errorf("main.main starts at %s, want %s", pos, want)
	}
	if pos := shortPos(lines.decls[s.addr]); pos != want {
		t.Errorf("main.main is declared at %s, want %s", pos, want)
	}
	entry, _ := symbolNamed(im.funcs, "libsystrap/internal/freestanding/testdata/base.libraryEntry")
	if !lines.isAssembly(entry.addr) || lines.isAssembly(s.addr) {
		t.Error("assembly cannot be told from Go by its file name")
	}
}

func TestContractBoundsKinds(t *testing.T) {
	im := contractImage(t)
	panicBounds, ok := symbolNamed(im.funcs, "runtime.panicBounds")
	if !ok {
		t.Fatal("failed bounds checks do not call runtime.panicBounds")
	}
	bounds := im.readBounds()
	n := 0
	for _, s := range im.funcs {
		if packageOf(s.name) != "main" {
			continue
		}
		list, _ := decodeAll(im.bytes(s.addr, s.size), s.addr)
		for _, i := range list {
			if i.target == panicBounds.addr {
				n++
				if bounds.kind(i.end()-1) == "" {
					t.Errorf("%s: no kind for the bounds check at %#x: pcdata or the function table changed", s.name, i.addr)
				}
			}
		}
	}
	if n == 0 {
		t.Error("no bounds check in the fixture")
	}
}

// TestContractLeavesAreLeaves checks, in the linked code, that the allowed leaves call and jump to
// each other only, and decode.
func TestContractLeavesAreLeaves(t *testing.T) {
	im := contractImage(t)
	seen := 0
	for _, s := range im.funcs {
		if !isLeaf(s.name) {
			continue
		}
		seen++
		list, ok := decodeAll(im.bytes(s.addr, s.size), s.addr)
		if !ok {
			t.Errorf("%s cannot be decoded", s.name)
		}
		for _, i := range list {
			inside := i.target >= s.addr && i.target < s.addr+s.size
			other := slices.ContainsFunc(im.funcs, func(o symbol) bool { return o.addr == i.target && isLeaf(o.name) })
			if i.target != 0 && !inside && !other || i.kind == kindNormal && i.target == 0 && (i.in.Op == x86asm.CALL || i.in.Op == x86asm.JMP) {
				t.Errorf("%s is no leaf: %s", s.name, describe(&i))
			}
			if i.kind == kindGLoad {
				t.Errorf("%s loads g", s.name)
			}
		}
	}
	if seen < 6 {
		t.Errorf("only %d of the allowed leaves are in the program", seen)
	}
}

// TestContractNames compares the names that the package knows with those of the compiled runtime.
func TestContractNames(t *testing.T) {
	defined := map[string]bool{}
	for _, pkg := range []string{"runtime", "internal/bytealg", "internal/runtime/maps", "internal/cpu"} {
		out, err := runGo("", append(append([]string{"list", "-export", "-f={{.Export}}"}, goFlags()...), "--", pkg)...)
		if err != nil {
			t.Fatal(err)
		}
		nm, err := exec.Command("go", "tool", "nm", strings.TrimSpace(string(out))).Output()
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(defined, definedSymbols(nm))
	}
	for name := range neverTaken {
		if !defined[name] {
			t.Errorf("never taken: the runtime has no %s", name)
		}
	}
	for _, name := range append(slices.Clone(allowedLeaves), "runtime.gcWriteBarrier1") {
		if !defined[name] {
			t.Errorf("there is no leaf %s", name)
		}
	}
	if !defined[writeBarrier] {
		t.Errorf("there is no variable %s", writeBarrier)
	}
	for _, r := range refusals {
		found := false
		for name := range defined {
			found = found || strings.HasPrefix(name, r.prefix)
		}
		if !found {
			t.Errorf("refused: the runtime has no %s…", r.prefix)
		}
	}
}

package instr

import (
	"bytes"
	"debug/elf"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// mapped is an ELF image laid out in memory as a loader does. What is between its segments is not
// accessible.
type mapped []byte

func (m mapped) base() unsafe.Pointer { return unsafe.Pointer(&m[0]) }
func (m mapped) size() uint64         { return uint64(len(m)) }

// mapImage maps the segments of an ELF file, without relocations.
func mapImage(t testing.TB, data []byte) mapped {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	lo, hi := ^uint64(0), uint64(0)
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD {
			lo, hi = min(lo, p.Vaddr&^0xfff), max(hi, (p.Vaddr+p.Memsz+0xfff)&^0xfff)
		}
	}
	m, err := unix.Mmap(-1, 0, int(hi-lo), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(m) })
	for _, p := range f.Progs {
		if p.Type != elf.PT_LOAD {
			continue
		}
		start := p.Vaddr&^0xfff - lo
		pages := m[start : (p.Vaddr+p.Memsz+0xfff)&^0xfff-lo]
		if err := unix.Mprotect(pages, unix.PROT_READ|unix.PROT_WRITE); err != nil {
			t.Fatal(err)
		}
		copy(m[p.Vaddr-lo:], data[p.Off:p.Off+p.Filesz])
	}
	return m
}

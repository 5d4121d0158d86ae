package unwind

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/elf64"
	"libsystrap/internal/sys"
	"libsystrap/systrap"
)

// Symbols are looked up in the file, which is mapped for the moment: .symtab is
// not part of what the program has mapped.

const (
	shtSymtab = 2
	shtDynsym = 11
	sttFunc   = 2
	// maxSymbol is how much of a name is kept, in bytes.
	maxSymbol = 4096
)

// shdr and sym are Elf64_Shdr and Elf64_Sym (gABI, chapter 4).
type shdr struct {
	name, kind                uint32
	flags, addr, offset, size uint64
	link, info                uint32
	align, entsize            uint64
}

type sym struct {
	name        uint32
	info, other uint8
	shndx       uint16
	value, size uint64
}

// nameSpot finds the function symbol at or before e.pc, the nearest, whatever
// its size, as strace's libunwind does: in a stripped library it may be that of
// another function far before.
func (s *snapshot) nameSpot(e *spot, t *text) {
	path := s.name(t.name)
	if t.inode == 0 || len(path) == 0 {
		return
	}
	fd := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(&path[0])), unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOCTTY|unix.O_NONBLOCK, 0, 0, 0, 0)
	if fd < 0 {
		return
	}
	var st unix.Stat_t
	f := file{}
	if systrap.Syscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) == 0 && st.Size > 0 {
		a := systrap.Syscall(unix.SYS_MMAP, sys.Hint(uintptr(st.Size)), uintptr(st.Size), unix.PROT_READ, unix.MAP_PRIVATE, uintptr(fd), 0)
		if a > 0 || a < -4095 {
			f = file{uint64(a), uint64(st.Size)}
		}
	}
	systrap.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
	if f.size == 0 {
		return
	}
	f.nearest(e.pc-t.bias, s, e)
	systrap.Syscall(unix.SYS_MUNMAP, uintptr(f.at), uintptr(f.size), 0, 0, 0, 0)
}

// file is an ELF file that is mapped for reading. It is read with systrap.Read,
// as somebody may cut it meanwhile.
type file struct{ at, size uint64 }

// has says whether n bytes at offset off are within the file.
func (f file) has(off, n uint64) bool { return off <= f.size && n <= f.size-off }

// nearest gives e the name of the symbol nearest to address v of the file.
func (f file) nearest(v uint64, s *snapshot, e *spot) {
	var h elf64.Header
	if !f.has(0, uint64(unsafe.Sizeof(h))) || !peek(unsafe.Pointer(&h), unsafe.Sizeof(h), f.at) ||
		!isELF64(&h) || uintptr(h.Shentsize) != unsafe.Sizeof(shdr{}) {
		return
	}
	best := nearestSymbol{dist: ^uint64(0)}
	for i := uint64(0); i < uint64(h.Shnum); i++ {
		var sh, str shdr
		off := h.Shoff + i*uint64(h.Shentsize)
		if !f.has(off, uint64(unsafe.Sizeof(sh))) || !peek(unsafe.Pointer(&sh), unsafe.Sizeof(sh), f.at+off) {
			return
		}
		if sh.kind != shtSymtab && sh.kind != shtDynsym || !f.has(sh.offset, sh.size) {
			continue
		}
		off = h.Shoff + uint64(sh.link)*uint64(h.Shentsize)
		if !f.has(off, uint64(unsafe.Sizeof(str))) || !peek(unsafe.Pointer(&str), unsafe.Sizeof(str), f.at+off) ||
			!f.has(str.offset, str.size) {
			continue
		}
		if name, ok := best.search(f.at+sh.offset, sh.size, v); ok && uint64(name) < str.size {
			best.name = f.at + str.offset + uint64(name)
			best.nameMax = str.size - uint64(name)
		}
	}
	if best.name == 0 {
		return
	}
	e.dist = best.dist
	n := lengthAt(best.name, min(best.nameMax, maxSymbol))
	e.symbol = s.newName(n)
	systrap.Read(s.name(e.symbol), best.name)
}

// lengthAt returns the length of the string at addr, at most n.
func lengthAt(addr, n uint64) int {
	var w window
	w.open(addr, addr+n)
	for w.more() {
		if w.u8() == 0 {
			return int(w.pos()-addr) - 1
		}
	}
	return int(w.pos() - addr)
}

// nearestSymbol is the best so far.
type nearestSymbol struct {
	dist          uint64
	name, nameMax uint64 // its address, and the most bytes it may have
}

// search looks through a table of size bytes at addr for a function nearer to v
// than the best so far, and returns the offset of its name.
func (b *nearestSymbol) search(addr, size, v uint64) (name uint32, found bool) {
	const chunk = 16
	var syms [chunk]sym
	for size >= uint64(unsafe.Sizeof(sym{})) {
		n := min(size/uint64(unsafe.Sizeof(sym{})), chunk)
		if !peek(unsafe.Pointer(&syms), uintptr(n)*unsafe.Sizeof(sym{}), addr) {
			return name, found
		}
		for i := range syms[:n] {
			y := &syms[i]
			if y.info&0xf == sttFunc && y.shndx != 0 && y.value <= v && v-y.value < b.dist {
				b.dist = v - y.value
				name, found = y.name, true
			}
		}
		addr += n * uint64(unsafe.Sizeof(sym{}))
		size -= n * uint64(unsafe.Sizeof(sym{}))
	}
	return name, found
}

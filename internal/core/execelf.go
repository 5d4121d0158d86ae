package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/elf64"
	"libsystrap/internal/sys"
)

// ELF header fields (gABI, chapter 4), in bytes.
const (
	elfPhoff = 32
	elfPhnum = 56
)

const (
	elfClass     = 4 // the place in ident
	elfClass32   = 1
	elfExec      = 2
	elfDyn       = 3
	elfX86_64    = 62
	elf386       = 3
	elfDynamic   = 2
	elfInterp    = 3
	dtDebug      = 21
	dfPIE        = 0x08000000
	mostHeaders  = 65536        // bytes of program headers (load_elf_phdrs, fs/binfmt_elf.c)
	targetLoader = target(0xff) // ld.so itself, which loads what its arguments name
)

// classifyELF says what the program at fd is, whose first bytes are head, and whether
// the kernel will load it (load_elf_binary, fs/binfmt_elf.c). The file has size bytes: one that was
// cut off, as its section headers, which are at its end, tell, may be refused when the old program is
// gone, and the process dies of that.
func classifyELF(fd int64, head []byte, size int64) (target, outlook) {
	h := (*elf64.Header)(unsafe.Pointer(&head[:1][0]))
	if len(head) < int(unsafe.Sizeof(*h)) || h.Ident[0] != 0x7f || h.Ident[1] != 'E' || h.Ident[2] != 'L' || h.Ident[3] != 'F' {
		return targetForeign, doubtful
	}
	const phentsize32, phdrSize32 = 42, 32 // of Elf32_Ehdr, and Elf32_Phdr
	if h.Machine == elf386 && head[phentsize32] == phdrSize32 && head[phentsize32+1] == 0 {
		return target32, succeeds
	}
	if h.Ident[elfClass] == elfClass32 && h.Machine == elfX86_64 && h.Phentsize != phdrSize {
		return target32, succeeds // x32; the class alone means nothing to the kernel
	}
	if h.Type != elfExec && h.Type != elfDyn || h.Machine != elfX86_64 || h.Phentsize != phdrSize ||
		h.Phnum == 0 || uint64(h.Phnum)*phdrSize > mostHeaders {
		return targetForeign, doubtful
	}
	t, whole := targetStatic, succeeds
	if end := h.Shoff + uint64(h.Shnum)*uint64(h.Shentsize); end > uint64(size) || end < h.Shoff {
		whole = doubtful
	}
	var ph elf64.Program
	for i := uint64(0); i < uint64(h.Phnum); i++ {
		ph = elf64.Program{}
		at := h.Phoff + i*phdrSize
		b := unsafe.Slice((*byte)(unsafe.Pointer(&ph)), phdrSize)
		if at < uint64(len(head)) && uint64(len(head))-at >= phdrSize {
			copy(b, head[at:])
		} else if pread(fd, b, at) != len(b) {
			return targetForeign, doubtful
		}
		switch {
		case ph.Type == elfInterp:
			if l := hasLoader(fd, &ph); l != succeeds {
				return targetFollow, l
			}
			return targetFollow, whole
		case ph.Type == elfDynamic && h.Type == elfDyn && !isProgram(fd, &ph):
			t = targetLoader
		}
	}
	if t == targetStatic && isRewritten(fd, &ph) {
		return targetFollow, whole // by the library that it has
	}
	return t, whole
}

// hasLoader says whether the kernel will find the loader that a program names.
func hasLoader(fd int64, ph *elf64.Program) outlook {
	var path [scriptLine]byte
	if ph.Filesz < 2 || ph.Filesz > unix.PathMax {
		return fails
	}
	if ph.Filesz > uint64(len(path)) {
		return succeeds // it is not one of those that we know
	}
	if pread(fd, path[:ph.Filesz], ph.Offset) != int(ph.Filesz) || path[ph.Filesz-1] != 0 {
		return fails
	}
	e := execCall{fd: unix.AT_FDCWD, path: uint64(uintptr(unsafe.Pointer(&path[0])))}
	if e.access() != 0 {
		return fails
	}
	l := sys.OpenAt(uintptr(e.fd), uintptr(e.path), unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if l < 0 {
		return succeeds
	}
	var h elf64.Header
	b := unsafe.Slice((*byte)(unsafe.Pointer(&h)), unsafe.Sizeof(h))
	n := pread(l, b, 0)
	sys.Close(l)
	if n != len(b) || h.Ident[0] != 0x7f || h.Ident[1] != 'E' || h.Machine != elfX86_64 {
		return fails
	}
	return succeeds
}

// isProgram says whether a file without a loader, whose PT_DYNAMIC is ph, is a program
// that was linked statically to run anywhere, as opposed to a loader: the linker marks it,
// or leaves a place for a debugger.
func isProgram(fd int64, ph *elf64.Program) bool {
	var d [16][2]uint64 // Elf64_Dyn
	for at := uint64(0); at < ph.Filesz && at < sys.PageSize; at += uint64(unsafe.Sizeof(d)) {
		b := unsafe.Slice((*byte)(unsafe.Pointer(&d)), unsafe.Sizeof(d))
		n := pread(fd, b, ph.Offset+at) / int(unsafe.Sizeof(d[0]))
		for i := 0; i < n; i++ {
			switch {
			case d[i][0] == 0:
				return false
			case d[i][0] == dtDebug, d[i][0] == dtFlags1 && d[i][1]&dfPIE != 0:
				return true
			}
		}
		if n < len(d) {
			break
		}
	}
	return false
}

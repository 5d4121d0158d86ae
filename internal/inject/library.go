package inject

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/elf64"
	"libsystrap/rawsys"
)

// Failure says what could not be done, and with which errno (0 if that is not the reason). What is empty where all was
// done.
type Failure struct {
	What  string
	Errno int64
}

// Failed says whether there is one.
func (f Failure) Failed() bool { return f.What != "" }

var done Failure

// Library is what of a library's file must be known to map it; as a Tracee it is no variable of a function's. Addresses but Base are relative to that.
type Library struct {
	Base                    uint64 // where it is mapped: its words are relocated for that
	End                     uint64
	Entry, Presence, Arrive uint64
	loads                   [maxLoads]load
	count                   int
	// What is read of the file.
	header struct {
		elf64.Header
		program [maxHeaders]elf64.Program
	}
	dynamic  [maxDynamic]dyn
	presence Presence
}

type load struct {
	offset, addr, fileSize, memSize uint64
	prot                            uintptr
}

const (
	maxLoads   = 6
	maxHeaders = 16
	maxDynamic = 32
	pageSize   = 4096
)

// dyn is Elf64_Dyn (elf(5)).
type dyn struct{ tag, val uint64 }

const (
	// For each segment there is a mapping, one behind its bytes in the file, and one of the gap before it; and the file is closed.
	_                          = uint(rawsys.MaxSteps - (3*maxLoads + 1))
	ptLoad, ptDynamic, ptRelro = 1, 2, 0x6474e552
	pfX, pfW, pfR              = 1, 2, 4
	dtInit                     = 12
)

// Read describes the library whose file is open at fd.
func (l *Library) Read(fd int64) Failure {
	*l = Library{}
	h := &l.header
	if pread(fd, unsafe.Pointer(h), unsafe.Sizeof(*h), 0) < unsafe.Sizeof(h.Header) || h.Ident[0] != 0x7f || h.Ident[1] != 'E' ||
		h.Phoff != uint64(unsafe.Sizeof(h.Header)) || uintptr(h.Phentsize) != unsafe.Sizeof(elf64.Program{}) || h.Phnum > maxHeaders {
		return Failure{"the library's file is not one", 0}
	}
	l.Presence = h.Entry
	var relro, dynamic *elf64.Program
	for i := range h.Phnum {
		p := &h.program[i]
		switch p.Type {
		case ptRelro:
			relro = p
		case ptDynamic:
			dynamic = p
		case ptLoad:
			if l.count == maxLoads {
				return Failure{"the library's file has too many segments", 0}
			}
			l.loads[l.count] = load{p.Offset, p.Vaddr, p.Filesz, p.Memsz, protection(p.Flags)}
			l.count++
			l.Base = p.Paddr - p.Vaddr
			l.End = ceil(p.Vaddr + p.Memsz)
		}
	}
	for i := range l.count {
		if s := &l.loads[i]; relro != nil && s.addr == relro.Vaddr && relro.Memsz >= s.memSize {
			s.prot = unix.PROT_READ // nothing is left to be relocated
		}
	}
	if dynamic != nil {
		n := pread(fd, unsafe.Pointer(&l.dynamic), min(uintptr(dynamic.Filesz), unsafe.Sizeof(l.dynamic)), dynamic.Offset)
		for i := range n / unsafe.Sizeof(dyn{}) {
			if l.dynamic[i].tag == dtInit {
				l.Entry = l.dynamic[i].val
			}
		}
	}
	p := &l.presence
	at, ok := l.offset(l.Presence)
	if l.Base == 0 || l.Entry == 0 || !ok || pread(fd, unsafe.Pointer(p), unsafe.Sizeof(*p), at) != unsafe.Sizeof(*p) ||
		p.Magic != PresenceMagic || p.Version != Version || p.Arrive == 0 || !l.arrives() {
		return Failure{"the library is of another build: make it again", 0}
	}
	l.Arrive = p.Arrive
	return done
}

// arrives says whether the library's code is where the file's bytes are that begin at its first one.
func (l *Library) arrives() bool {
	s := &l.loads[0]
	return s.addr == 0 && s.offset == 0 && s.prot&unix.PROT_EXEC != 0 && l.presence.Arrive < s.fileSize
}

// offset is where in the file the byte at addr lies.
func (l *Library) offset(addr uint64) (uint64, bool) {
	for i := range l.count {
		if s := &l.loads[i]; addr >= s.addr && addr-s.addr < s.fileSize {
			return s.offset + addr - s.addr, true
		}
	}
	return 0, false
}

func protection(flags uint32) (prot uintptr) {
	if flags&pfR != 0 {
		prot |= unix.PROT_READ
	}
	if flags&pfW != 0 {
		prot |= unix.PROT_WRITE
	}
	if flags&pfX != 0 {
		prot |= unix.PROT_EXEC
	}
	return prot
}

func ceil(n uint64) uint64 { return (n + pageSize - 1) &^ (pageSize - 1) }

// pread returns how many bytes could be read.
func pread(fd int64, p unsafe.Pointer, n uintptr, off uint64) uintptr {
	r := rawsys.Syscall(unix.SYS_PREAD64, uintptr(fd), uintptr(p), n, uintptr(off), 0, 0)
	if r > n {
		return 0
	}
	return r
}

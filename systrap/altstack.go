package systrap

import "unsafe"

// Go programs (those with cgo, which ld.so loads) make system calls on
// goroutine stacks of 2 KiB, where no signal frame has room: their handlers
// must run on the alternate stack that their runtime gives each thread. So
// our signals are taken with SA_ONSTACK in a process that has a Go image, and only
// there: elsewhere a program may have its alternate stack in any state.
var onAltStack bool

// useAltStackFor looks at an ELF image, of which size bytes are readable at
// base, and switches to the alternate stack if it is Go's.
func useAltStackFor(base uintptr, size uint64) {
	if onAltStack || !isGoImage(base, size) {
		return
	}
	onAltStack = true
	for i := range trapInstalled {
		if trapInstalled[i] {
			installTrap(i)
		}
	}
	if catching {
		catch(sigsegv)
		catch(sigbus)
	}
}

// ELF header and note fields (gABI, chapters 4 and 5), in bytes.
const (
	ehdrSize  = 64
	ptNote    = 4
	phdrSize  = 56
	phOffset  = 8
	phFilesz  = 32
	noteName  = 12
	goNoteLen = 4
)

// isGoImage looks for a note with the name "Go": the linker's build id
// (cmd/link/internal/ld/elf.go).
func isGoImage(base uintptr, size uint64) bool {
	if size < ehdrSize || *(*uint32)(ptr(base)) != elfMagic {
		return false
	}
	off := *(*uint64)(ptr(base + elfPhoff))
	num := uint64(*(*uint16)(ptr(base + elfPhnum)))
	if off > size || num*phdrSize > size-off || *(*uint16)(ptr(base + elfPhentsize)) != phdrSize {
		return false
	}
	for i := uint64(0); i < num; i++ {
		ph := base + uintptr(off+i*phdrSize)
		if *(*uint32)(ptr(ph)) != ptNote {
			continue
		}
		o, n := *(*uint64)(ptr(ph + phOffset)), *(*uint64)(ptr(ph + phFilesz))
		if o < size && n <= size-o && hasGoNote(unsafe.Slice((*byte)(ptr(base+uintptr(o))), int(n))) {
			return true
		}
	}
	return false
}

// elfMagic is "\x7fELF", read as a little-endian word.
const elfMagic = 0x464c457f

// hasGoNote walks the notes of a segment: sizes of name and text, type, name
// and text, each padded to 4 bytes.
func hasGoNote(b []byte) bool {
	for len(b) >= noteName {
		namesz := uint64(*(*uint32)(unsafe.Pointer(&b[0])))
		descsz := uint64(*(*uint32)(unsafe.Pointer(&b[4])))
		if namesz == goNoteLen && len(b) >= noteName+goNoteLen &&
			b[noteName] == 'G' && b[noteName+1] == 'o' && b[noteName+2] == 0 {
			return true
		}
		n := noteName + (namesz+3)&^3 + (descsz+3)&^3
		if n > uint64(len(b)) {
			return false
		}
		b = b[n:]
	}
	return false
}

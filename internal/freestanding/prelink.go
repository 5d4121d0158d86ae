package freestanding

import (
	"encoding/binary"
	"fmt"
)

// PrelinkBase is the address that a library is relocated for in its file, so that who maps it there itself
// (internal/inject) has nothing to write: each relocated word holds what ld.so would store. ld.so relocates
// anyway, from the addends in its table, to wherever it has mapped the library. The program headers say the
// address as p_paddr, which nobody else looks at. No mapping that the kernel places comes there: it lies below the lowest
// mmap_base (28 bits of pages below the stack, arch/x86/mm/mmap.c), and above any executable's.
// See docs/decisions/prelinked-library.md.
const PrelinkBase = 0x7ea000000000

// prelink stores each relocated word.
func (im *image) prelink() error {
	for _, where := range im.slots {
		b := im.bytes(where, wordSize)
		if b == nil {
			return fmt.Errorf("%w: the relocated word at %#x is not in the file", errToolchain, where)
		}
		binary.LittleEndian.PutUint64(b, PrelinkBase+im.relocs[where])
	}
	return nil
}

// prelinked says whether the word at where is what prelink stores.
func (im *image) prelinked(where uint64) bool {
	b := im.bytes(where, wordSize)
	return b != nil && binary.LittleEndian.Uint64(b) == PrelinkBase+im.relocs[where]
}

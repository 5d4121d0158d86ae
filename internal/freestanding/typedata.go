package freestanding

import "unsafe"

// What compiled code reads of a type descriptor is its hash, by which a type switch finds its case
// (cmd/compile/internal/walk/switch.go). All else is for the runtime and package reflect, which are not
// reached. It is not only of no use: LeakSanitizer and collectors that look for pointers in the data of
// all libraries find small numbers side by side in it, which together have the value of an address of
// the program's heap (docs/decisions/type-descriptors-emptied.md).

// typeHash is where a type descriptor has its hash (internal/abi.Type).
const (
	typeHash     = unsafe.Offsetof(typeHead{}.hash)
	typeHashSize = unsafe.Sizeof(typeHead{}.hash)
)

// typeHead is the beginning of internal/abi.Type.
type typeHead struct {
	size, ptrBytes uintptr
	hash           uint32
}

// emptyTypes fills the type descriptors with zeros, but the hashes of those at the kept addresses.
func (im *image) emptyTypes(types piece, kept map[uint64]bool) {
	b := im.bytes(types.start, types.end-types.start)
	hashes := map[uint64][typeHashSize]byte{}
	for addr := range kept {
		if at := addr - types.start + uint64(typeHash); at+uint64(typeHashSize) <= uint64(len(b)) {
			hashes[at] = [typeHashSize]byte(b[at:])
		}
	}
	clear(b)
	for at, hash := range hashes {
		copy(b[at:], hash[:])
	}
}

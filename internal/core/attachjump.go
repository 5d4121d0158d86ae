package core

import "unsafe"

// restoreJumps makes the jumps before sites the program's instructions again: they may have bytes in common with the
// sites, which are next. The process runs: each write is one byte, and whoever meets the trap between goes on in the slot
// (jumpTrapAt).
func (n *neighbour) restoreJumps() bool {
	var word [8]byte
	if !n.read(word[:], n.there(unsafe.Pointer(&slotCount))) {
		return false
	}
	for s := range min(le64(word[:]), maxSlots) {
		var state, before [1]byte
		if !n.read(state[:], n.there(unsafe.Pointer(&slotJump[s]))) {
			return false
		}
		if slotState(state[0]) != slotLive {
			continue
		}
		var old [jumpSize]byte
		if !n.read(before[:], n.there(unsafe.Pointer(&slotBefore[s]))) || !n.read(word[:], n.there(unsafe.Pointer(&slotPlace[s]))) ||
			!n.read(old[:], le64(word[:])) || !n.read(word[:], n.there(unsafe.Pointer(&slotSite[s]))) {
			return false
		}
		at := le64(word[:]) - uint64(before[0])
		state[0] = byte(slotUndone)
		n.write(n.there(unsafe.Pointer(&slotJump[s])), state[:])
		var trap = [1]byte{invalidByte}
		n.write(at, trap[:])
		for k := uint64(1); k < min(jumpSize, uint64(before[0])); k++ {
			n.write(at+k, old[k%jumpSize:k%jumpSize+1])
		}
		n.write(at, old[:1])
		state[0] = byte(slotIdle)
		n.write(n.there(unsafe.Pointer(&slotJump[s])), state[:])
	}
	return true
}

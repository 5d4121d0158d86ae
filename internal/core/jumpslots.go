package core

import (
	"unsafe"

	"libsystrap/internal/sys"
)

// A slot is the code that a jump before a site leads to:
//
//	the instruction that the jump has replaced
//	lea site+2(%rip), %r11
//	jmp jumpDoor
//
// In our own text, where the slots are aligned, its last four bytes say where the program goes on, for
// unwinders (internal/freestanding/jumpframe.go). It lies in our own text, if the site is near enough and its jump can lead anywhere, or else in an outpost
// (outposts.go). It stays where it is, as a thread may be in it, or on its way: a site that comes back at the same
// place gets the same one.

const (
	ownSlotCount = 2048
	slotSize     = 32
	maxSlots     = 2 * ownSlotCount
	leaSize      = 7
	jumpSize     = 5
	// farJumpSize is that of jmp *disp32(%rip), by which a slot in an outpost ends.
	farJumpSize = 6
	// slotBehindAt is where a slot of our own text has the distance from it to behind its site, an int32. No instruction is
	// so long that there is no room.
	slotBehindAt = slotSize - 4
)

// slotState is what there is of the jump to a slot.
type slotState uint8

const (
	slotIdle   slotState = iota // none
	slotLive                    // it stands before the site
	slotUndone                  // it is being taken away (undoJump)
	slotGone                    // its outpost is no more: there will be none
)

// What is known of each slot: its site, the length of the instruction before that, which begins it, where it
// lies, and the state of its jump.
var (
	slotSite   [maxSlots]uint64
	slotBefore [maxSlots]uint8
	slotPlace  [maxSlots]uint64
	slotJump   [maxSlots]slotState
	slotCount  int
	// ownSlotOf has the slots that lie in our own text, in order.
	ownSlotOf   [ownSlotCount]uint16
	ownSlotUsed int
	// slotIndex finds the slots of a site: their numbers plus one, by slotHash, 0 at the end of a run.
	slotIndex [2 * maxSlots]uint16
)

func slotHash(pc uint64) uint64 { return pc>>3 ^ pc>>15 }

const noSlot = 1<<16 - 1

//go:noescape
func ownSlots() uintptr

// slotsStart is the address of the slots in our own text.
func slotsStart() uint64 {
	return uint64(ownSlots()+slotsAlign-1) &^ (slotsAlign - 1)
}

// slotsAlign is what they are aligned to in bytes (PCALIGN).
const slotsAlign = 2048

// slotAddr is where slot s is.
func slotAddr(s int) uint64 { return slotPlace[s] }

// slotAt returns the slot that pc is in, or -1.
func slotAt(pc uint64) int {
	if off := pc - slotsStart(); off < uint64(ownSlotUsed)*slotSize {
		return int(ownSlotOf[off/slotSize])
	}
	if !nearOutpost(pc) {
		return -1
	}
	return farSlotAt(pc)
}

// farSlotAt is slotAt for slots outside our text, also those of outposts that are no more.
func farSlotAt(pc uint64) int {
	own := slotsStart()
	gone := -1
	for s := range slotPlace[:slotCount] {
		if p := slotPlace[s]; pc-p < uint64(slotBefore[s])+leaSize+farJumpSize && p-own >= ownSlotCount*slotSize {
			if slotJump[s] != slotGone {
				return s
			}
			gone = s
		}
	}
	return gone
}

// nextSlot returns the first slot of the site pc at entry i of slotIndex or behind, and the entry
// behind it; -1 if there is none.
func nextSlot(pc, i uint64) (s int, next uint64) {
	for ; ; i++ {
		n := slotIndex[i%uint64(len(slotIndex))]
		if n == 0 {
			return -1, i
		}
		if slotSite[n-1] == pc {
			return int(n) - 1, i + 1
		}
	}
}

// liveSlot returns the slot to which the jump before the site pc leads, or -1.
func liveSlot(pc uint64) int {
	for s, i := nextSlot(pc, slotHash(pc)); s >= 0; s, i = nextSlot(pc, i) {
		if slotJump[s] == slotLive {
			return s
		}
	}
	return -1
}

// addSlot enters a slot at place for the site pc and returns its number. There is room for it.
func addSlot(pc, place uint64, before uint8) int {
	s := slotCount
	slotSite[s], slotBefore[s], slotPlace[s], slotJump[s] = pc, before, place, slotIdle
	slotCount++
	i := slotHash(pc)
	for slotIndex[i%uint64(len(slotIndex))] != 0 {
		i++
	}
	slotIndex[i%uint64(len(slotIndex))] = uint16(s) + 1
	return s
}

// formerSlot returns a slot that the site pc has had, if the jump that would be made now can lead there and it
// holds what it would, or -1.
func formerSlot(pc uint64, before uint8) int {
	lo, hi := landing(pc, before)
	for s, i := nextSlot(pc, slotHash(pc)); s >= 0; s, i = nextSlot(pc, i) {
		if slotJump[s] != slotIdle || slotBefore[s] != before || slotPlace[s]-lo >= hi-lo {
			continue
		}
		a := unsafe.Slice((*byte)(sys.Ptr(uintptr(slotPlace[s]))), before)
		b := unsafe.Slice((*byte)(sys.Ptr(uintptr(pc-uint64(before)))), before)
		if string(a) == string(b) {
			return s
		}
	}
	return -1
}

// landing returns the bounds of where the jump before the site pc, in the place of before bytes, can lead to: anywhere
// near, or where the bytes say that it has in common with the site, which stay as they are.
func landing(pc uint64, before uint8) (lo, hi uint64) {
	const reach = 1<<31 - 8192
	next := pc - uint64(before) + jumpSize
	if before >= jumpSize {
		lo = 0
		if next > reach {
			lo = next - reach
		}
		return lo, next + reach
	}
	rel, free := uint32(0), 8*(uint64(before)-1)
	for k := uint64(0); k < jumpSize-uint64(before); k++ {
		b := byte(0)
		if k < siteSize {
			b = siteBytes[k%siteSize]
		} else {
			b = *(*byte)(sys.Ptr(uintptr(pc + k)))
		}
		rel |= uint32(b) << (free + 8*k)
	}
	lo = next + uint64(int64(int32(rel)))
	return lo, lo + 1<<free
}

// emitSlot writes to b, which is 0, the code of a slot at addr for the site pc, which ends by the pointer to jumpDoor at far, or,
// if that is 0, jumps there directly. It returns its length.
func emitSlot(b []byte, addr, pc uint64, before uint8, far uint64) int {
	n := uint64(before)
	copy(b, unsafe.Slice((*byte)(sys.Ptr(uintptr(pc-n))), n))
	tail := b[n : n+leaSize+farJumpSize]
	at := addr + n
	tail[0], tail[1], tail[2] = 0x4c, 0x8d, 0x1d // lea disp32(%rip), %r11
	put32(tail[3:], uint32(pc+siteSize-(at+leaSize)))
	if far == 0 {
		tail[7] = 0xe9 // jmp rel32
		put32(tail[8:], uint32(uint64(jumpDoorAddr())-(at+leaSize+jumpSize)))
		put32(b[slotBehindAt:], uint32(pc+siteSize-addr))
		return slotSize
	}
	tail[7], tail[8] = 0xff, 0x25 // jmp *disp32(%rip)
	put32(tail[9:], uint32(far-(at+leaSize+farJumpSize)))
	return int(before) + leaSize + farJumpSize
}

// emitJump writes to b, which is at addr, the jump to slot s, or what of it has room before the site.
func emitJump(b []byte, addr uint64, s int) {
	var jump [jumpSize]byte
	jump[0] = 0xe9
	put32(jump[1:], uint32(slotAddr(s)-(addr+jumpSize)))
	copy(b, jump[:min(jumpSize, slotBefore[s])])
}

func put32(b []byte, v uint32) {
	b[0], b[1], b[2], b[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
}

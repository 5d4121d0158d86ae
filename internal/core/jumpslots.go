package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/instr"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// A slot is the code that a jump before a site leads to:
//
//	the instruction that the jump has replaced
//	lea site+2(%rip), %r11
//	jmp jumpDoor
//
// It stays where it is for good, as a thread may be in it, or on its way: a site that
// comes back at the same place gets the same one.

const (
	ownSlotCount = 2048
	slotSize     = 32
	maxSlots     = ownSlotCount
	slotTail     = 7 + 5
	jumpSize     = 5
)

// What is known of each slot: its site, and the length of the instruction before that, which
// begins it.
var (
	slotSite   [maxSlots]uint64
	slotBefore [maxSlots]uint8
	// slotLive says whether the jump to it is there.
	slotLive  [maxSlots]bool
	slotCount int
)

//go:noescape
func ownSlots() uintptr

// slotsStart is the address of slot 0.
func slotsStart() uint64 {
	return uint64(ownSlots()+slotsAlign-1) &^ (slotsAlign - 1)
}

// slotsAlign is what the slots are aligned to in bytes (PCALIGN).
const slotsAlign = 2048

// slotAddr is where slot i is.
func slotAddr(i int) uint64 { return slotsStart() + uint64(i)*slotSize }

// slotAt returns the slot that pc is in, or -1.
func slotAt(pc uint64) int {
	if off := pc - slotsStart(); off < uint64(slotCount)*slotSize {
		return int(off / slotSize)
	}
	return -1
}

// freshText is set while text is instrumented that nobody else can run: in a process of one thread, and before mmap
// has returned. Only there jumps are put before sites.
var freshText bool

// pendingBefore has, for each of pending, what beforeOf says; doors the slot of its door, or noSlot.
var (
	pendingBefore [len(pending)]uint8
	doors         [len(pending)]uint16
)

const noSlot = 1<<16 - 1

// slotBytes is where slots are prepared.
var slotBytes [256 * slotSize]byte

// makeSlots gives the sites pcs, which have instructions of before[i] bytes before them (0: no door),
// their slots. Nobody can run the text yet.
func makeSlots(pcs []uint64, before []uint8) {
	first, n := slotCount, 0
	for i, pc := range pcs {
		doors[i] = noSlot
		if before[i] < jumpSize {
			continue
		}
		if s := formerSlot(pc, uint64(before[i])); s >= 0 {
			doors[i] = uint16(s)
			continue
		}
		s := first + n
		if s == maxSlots || !inReach(pc, slotAddr(s)) {
			continue
		}
		emitSlot(slotBytes[n*slotSize:], slotAddr(s), pc, uint64(before[i]))
		slotSite[s], slotBefore[s] = pc, before[i]
		doors[i] = uint16(s)
		n++
		if (n+1)*slotSize > len(slotBytes) {
			n = writeSlots(first, n, i)
			first = slotCount
		}
	}
	writeSlots(first, n, len(pcs)-1)
}

// writeSlots puts the n slots that have been prepared at slot first, for sites up to i of pending. If
// that fails there are none. It returns 0.
func writeSlots(first, n, i int) int {
	if n == 0 {
		return 0
	}
	var w codeWriter
	lo := slotAddr(first)
	w.begin(lo, lo+uint64(n)*slotSize, unix.PROT_READ|unix.PROT_EXEC)
	if w.putBytes(lo, slotBytes[:n*slotSize]) {
		slotCount = first + n
	} else {
		for k := range doors[:i+1] {
			if s := int(doors[k]); s >= first && s != noSlot {
				doors[k] = noSlot
			}
		}
	}
	w.end()
	return 0
}

// formerSlot returns the slot that the site pc has had, if it is as it would be made now, or -1.
func formerSlot(pc, before uint64) int {
	for s := range slotSite[:slotCount] {
		if slotSite[s] != pc || uint64(slotBefore[s]) != before {
			continue
		}
		a := unsafe.Slice((*byte)(sys.Ptr(uintptr(slotAddr(s)))), before)
		b := unsafe.Slice((*byte)(sys.Ptr(uintptr(pc-before))), before)
		if string(a) == string(b) {
			return s
		}
	}
	return -1
}

// inReach says whether jumps with 32 bits of displacement lead from the text at pc to code at to, and back.
func inReach(pc, to uint64) bool {
	const reach = 1<<31 - 4096
	return to-pc+reach < 2*reach
}

// emitSlot writes to b the code of a slot at addr for the site pc.
func emitSlot(b []byte, addr, pc, before uint64) {
	sys.MoveBytes(uintptr(unsafe.Pointer(&b[0])), uintptr(pc-before), uintptr(before))
	tail := b[before : before+slotTail]
	at := addr + before
	tail[0], tail[1], tail[2] = 0x4c, 0x8d, 0x1d // lea disp32(%rip), %r11
	put32(tail[3:], uint32(pc+siteSize-(at+7)))
	tail[7] = 0xe9 // jmp rel32
	put32(tail[8:], uint32(uint64(jumpDoorAddr())-(at+slotTail)))
}

// emitJump writes to b, which is at addr, the jump to slot s.
func emitJump(b []byte, addr uint64, s int) {
	b[0] = 0xe9
	put32(b[1:], uint32(slotAddr(s)-(addr+jumpSize)))
}

func put32(b []byte, v uint32) {
	b[0], b[1], b[2], b[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
}

// beforeOf returns the length of the instruction before candidate c of text if a jump can stand there,
// else 0, and counts.
func beforeOf(text []byte, c *instr.Candidate) uint8 {
	d, n, r := instr.DoorOf(text, c)
	counters.doorRefused[r].Add(1)
	if d != instr.DoorLong || n+slotTail > slotSize || c.PrefixLen != 0 {
		return 0
	}
	return uint8(n)
}

// undoJumps gives the instructions before the sites in [lo, hi) back their bytes, where jumps are: they may
// be read, moved or changed next. The code lock is held.
func undoJumps(w *codeWriter, lo, hi uint64) {
	for s := range slotSite[:slotCount] {
		pc, n := slotSite[s], uint64(slotBefore[s])
		if slotLive[s] && pc+siteSize > lo && pc-n < hi && undoJump(w, pc-n, s) {
			slotLive[s] = false
		}
	}
}

// dropJumps takes in that the text in [lo, hi) is gone, and with it the jumps.
func dropJumps(lo, hi uint64) {
	for s := range slotSite[:slotCount] {
		if pc := slotSite[s]; slotLive[s] && pc+siteSize > lo && pc-uint64(slotBefore[s]) < hi {
			slotLive[s] = false
		}
	}
}

// undoJump gives the bytes at addr back that the jump to slot s has replaced. Other threads may run there: each of them
// finds the jump, or all of the instruction, or a trap (jumpTrapAt), which is a byte.
// See docs/decisions/jump-unpatching.md.
func undoJump(w *codeWriter, addr uint64, s int) bool {
	old := unsafe.Slice((*byte)(sys.Ptr(uintptr(slotAddr(s)))), jumpSize)
	if proc.KnownAlone {
		return w.putBytes(addr, old)
	}
	if !syncCores() || !w.put(addr, invalidByte) {
		return false
	}
	syncCores()
	done := w.putBytes(addr+1, old[1:])
	syncCores()
	return done && w.put(addr, old[0])
}

// invalidByte is an opcode that is none in 64-bit mode: #UD (SDM vol. 2, appendix A).
const invalidByte = 0x06

// jumpTrapAt returns the slot whose jump is being undone at pc, or -1.
func jumpTrapAt(pc uint64) int {
	for s := range slotSite[:slotCount] {
		if slotSite[s]-uint64(slotBefore[s]) == pc {
			return s
		}
	}
	return -1
}

// syncCores makes all threads fetch what has been written (membarrier(2),
// MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE), and says whether it could.
func syncCores() bool {
	const private, register = 1 << 5, 1 << 6
	if !coresRegistered {
		if rawsys.Syscall(unix.SYS_MEMBARRIER, register, 0, 0, 0, 0, 0) != 0 {
			return false
		}
		coresRegistered = true
	}
	return rawsys.Syscall(unix.SYS_MEMBARRIER, private, 0, 0, 0, 0, 0) == 0
}

var coresRegistered bool

// undoJumpsAt is undoJumps for what is moved, whose protection is not known.
func undoJumpsAt(lo, hi uint64) {
	var w codeWriter
	w.begin(lo, hi, unix.PROT_READ|unix.PROT_EXEC)
	undoJumps(&w, lo, hi)
	w.end()
}

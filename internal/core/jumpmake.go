package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/instr"
)

// freshText is set while text is instrumented that nobody else can run: in a process of one thread, and before mmap
// has returned. Only there jumps are put before sites.
var freshText bool

// pendingBefore has, for each of pending, what beforeOf says; doors the slot of its door, or noSlot.
var (
	pendingBefore [len(pending)]uint8
	doors         [len(pending)]uint16
)

// beforeOf returns the length of the instruction before candidate c of text if a jump can stand there,
// else 0, and counts.
func beforeOf(text []byte, c *instr.Candidate) uint8 {
	d, n, r := instr.DoorOf(text, c)
	counters.doorRefused[r].Add(1)
	if d == instr.NoDoor || n+leaSize+farJumpSize > slotSize || c.PrefixLen != 0 {
		return 0
	}
	return uint8(n)
}

// makeSlots gives the sites pcs, which have instructions of before[i] bytes before them (0: no door),
// their slots, by w. Nobody can run the text yet.
func makeSlots(w *codeWriter, pcs []uint64, before []uint8) {
	for i := range pcs {
		doors[i] = noSlot
	}
	run := slotRun{w: w}
	// Slots that can lie anywhere are written together, and so are those of each kind.
	for pass := uint8(jumpSize); pass > 1; pass-- {
		for i, pc := range pcs {
			if n := before[i]; n == pass || n > pass && pass == jumpSize {
				doors[i] = run.make(pcs, before, i, pc)
			}
		}
	}
	if !run.flush() {
		for i := range pcs {
			doors[i] = noSlot
		}
	}
}

// make makes the slot of site i of pcs, or finds the former one.
func (r *slotRun) make(pcs []uint64, before []uint8, i int, pc uint64) uint16 {
	n := before[i]
	if inSuccessor(pcs, i, pc, n) {
		counters.doorCrowded.Add(1)
		return noSlot
	}
	if s := formerSlot(pc, n); s >= 0 {
		return uint16(s)
	}
	if slotCount == maxSlots {
		counters.doorFull.Add(1)
		return noSlot
	}
	lo, hi := landing(pc, n)
	var place, far uint64
	if own := slotsStart() + uint64(ownSlotUsed)*slotSize; n >= jumpSize && ownSlotUsed < ownSlotCount && own-lo < hi-lo {
		place = own
		ownSlotOf[ownSlotUsed] = uint16(slotCount)
		ownSlotUsed++
	} else if place, far = takeCells(r.w, lo, hi, uint64(n)+leaSize+farJumpSize, pc); place == 0 {
		counters.doorTaken.Add(1)
		return noSlot
	}
	cell := uint64(slotSize)
	if far != 0 {
		cell = outpostCell
	}
	var b [2 * slotSize]byte
	size := (uint64(emitSlot(b[:], place, pc, n, far)) + cell - 1) / cell * cell
	r.add(place, b[:size])
	return uint16(addSlot(pc, place, n))
}

// inSuccessor says whether a jump before site i of pcs, in the place of n bytes, would change a byte that another jump has
// in common with it: the first one behind a site, in whose place the jump begins; or whether that of its own is changed.
func inSuccessor(pcs []uint64, i int, pc uint64, n uint8) bool {
	if i > 0 && doors[i-1] != noSlot && slotBefore[doors[i-1]] == 2 && pcs[i-1]+siteSize == pc-uint64(n) {
		return true
	}
	if s := liveSlot(pc - uint64(n) - siteSize); s >= 0 && slotBefore[s] == 2 {
		return true
	}
	if n != 2 {
		return false
	}
	behind := pc + siteSize
	if siteTrap != trapUD2 && (siteAt(behind) || i+1 < len(pcs) && pcs[i+1] == behind) {
		return true
	}
	if i+1 < len(pcs) && doors[i+1] != noSlot && pcs[i+1]-uint64(slotBefore[doors[i+1]]) == behind {
		return true
	}
	for k := uint64(2); k <= maxInstruction; k++ {
		if s := liveSlot(behind + k); s >= 0 && uint64(slotBefore[s]) == k {
			return true
		}
	}
	return false
}

// slotRun writes slots, those that lie in a row at once.
type slotRun struct {
	w      *codeWriter
	start  uint64
	n      uint64
	failed bool
}

// slotBytes is where they are prepared.
var slotBytes [256 * slotSize]byte

// add adds b, which is to lie at addr.
func (r *slotRun) add(addr uint64, b []byte) {
	if addr != r.start+r.n || r.n+uint64(len(b)) > uint64(len(slotBytes)) {
		r.flush()
		r.start, r.n = addr, 0
	}
	copy(slotBytes[r.n:], b)
	r.n += uint64(len(b))
}

// flush writes what was added, and says whether all could be written so far.
func (r *slotRun) flush() bool {
	if r.n > 0 {
		r.w.moveTo(r.start, r.start+r.n, unix.PROT_READ|unix.PROT_EXEC)
		r.failed = !r.w.putBytes(r.start, slotBytes[:r.n]) || r.failed
		r.n = 0
	}
	return !r.failed
}

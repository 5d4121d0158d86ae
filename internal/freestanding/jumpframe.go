package freestanding

import (
	"encoding/binary"
	"fmt"
)

// The code of the jump door (core's jumpdoor_amd64.s and jump_amd64.s) is jumped to, and runs on a stack of its own. Unwinders find the program
// there, as if its function had called the door: a debugger that attaches to a program which waits in a call, a
// profiler, the backtrace in a core.
//
//	CFA = the program's stack pointer: RSP, or what jumpDoor keeps in the thread
//	return address = that behind the site: in R11, swapped by jumpDoor, or where jumpHere has saved that
//	other registers: their own, or in the frame, from where that is whole to its end
//
// In a slot, from where the door is jumped to, the stack pointer is the program's, and the slot says where it goes on.
//
// Where what lies is in an array of core's.
// See docs/decisions/jump-unwinding.md.
const (
	jumpDoorName   = "libsystrap/internal/core.jumpDoor"
	jumpPastName   = "libsystrap/internal/core.jumpDoorPast"
	jumpHereName   = "libsystrap/internal/core.jumpHere"
	jumpUnwindName = "libsystrap/internal/core.jumpUnwind"
	slotsName      = "libsystrap/internal/core.slots"
)

// jumpUnwind is core's array of that name: offsets in bytes, first of places in the code.
type jumpUnwind struct {
	Swapped, Switched, Trap, Restored, Minus uint32 // in jumpDoor
	Longer                                   uint32 // jumpDoorPast behind Swapped
	// Places in jumpHere.
	Pushed, Kept, DirectLast, All, Framed, Whole, Last, NotMade, Pop, Popped, Back, Late, More, Host uint32
	// SP is from the thread to the stack pointer that it keeps. Site is in the frame, Size its size, and the thread behind it.
	SP, Site, Size uint32
	// Slot is the size of a slot, to which it is aligned, SlotBehind where it has the distance to behind its site.
	Slot, SlotBehind uint32
	// HostSP and HostPC are where a HostFrame has the program's stack pointer and its site.
	HostSP, HostPC uint32
	// Regs are where the frame has the general registers, by their numbers in DWARF; RSP's is not used.
	Regs [16]uint32
}

// More of what stubframe.go names.
const (
	dwCFAAdvance4         = 0x04
	dwCFASameValue        = 0x08
	dwCFARegister         = 0x09
	dwCFADefCFAExpression = 0x0f
	dwCFAValExpression    = 0x16
	dwOpDeref             = 0x06
	dwOpDerefSize         = 0x94
	dwOpOr                = 0x21
	dwOpShr               = 0x25
	dwOpLit0              = 0x30
	dwOpConst4u           = 0x0c
	dwOpMinus             = 0x1c
	dwOpPlusUconst        = 0x23
	dwOpXor               = 0x27
	dwRegRCX              = 2
	dwRegR11              = 11
)

// describeJumps replaces the rules for the door's functions, if the library has them.
func (im *image) describeJumps(u *unwindInfo) error {
	doorCode, ok := symbolNamed(im.funcs, jumpDoorName)
	here, found := symbolNamed(im.funcs, jumpHereName)
	if !ok || !found {
		return nil
	}
	var j jumpUnwind
	places, ok := symbolNamed(im.objects, jumpUnwindName)
	if size := binary.Size(&j); !ok || places.size != uint64(size) || len(im.bytes(places.addr, places.size)) != size || u.cie[0] != 1 {
		return fmt.Errorf("%w: %s is not %d bytes", errToolchain, jumpUnwindName, binary.Size(&j))
	}
	if _, err := binary.Decode(im.bytes(places.addr, places.size), binary.LittleEndian, &j); err != nil {
		return err
	}
	past, _ := symbolNamed(im.funcs, jumpPastName)
	slots, _ := symbolNamed(im.funcs, slotsName)
	n := 0
	for i := range u.fdes {
		switch u.fdes[i].start {
		case doorCode.addr:
			u.fdes[i].program = j.doorRules(0, dwRegR11)
		case past.addr:
			u.fdes[i].program = j.doorRules(j.Longer, dwRegRCX)
		case here.addr:
			u.fdes[i].program = j.hereRules()
		case slots.addr:
			u.fdes[i].program = j.slotRules()
		default:
			continue
		}
		n++
	}
	if n != 4 {
		return fmt.Errorf("%w: no unwind information for the jump door", errToolchain)
	}
	return nil
}

// doorRules are those for jumpDoor, and for jumpDoorPast, which is longer by longer bytes. At its end the site is in last.
func (j *jumpUnwind) doorRules(longer uint32, last byte) []byte {
	var r rules
	r.ownStack()
	r.returnIn(dwRegR11)
	r.from(j.Swapped)
	r.returnSwapped()
	r.from(j.Switched + longer)
	r.keptStack(j.SP)
	r.from(j.Trap + longer)
	r.ownStack()
	r.from(j.Restored + longer)
	r.returnIn(dwRegR11)
	r.from(j.Minus + longer)
	r.returnBehind(last)
	return r.program
}

// slotRules are those for all slots: the program goes on at (RIP &^ (Slot-1)) + the int32 at SlotBehind there.
func (j *jumpUnwind) slotRules() []byte {
	var r rules
	r.ownStack()
	expr := append(baseReg(dwRegRIP, 0), dwOpConst2s)
	expr = binary.LittleEndian.AppendUint16(expr, uint16(-j.Slot))
	expr = append(expr, dwOpAnd, dwOpDup, dwOpPlusUconst, byte(j.SlotBehind), dwOpDerefSize, 4)
	for _, op := range []byte{dwOpXor, dwOpMinus} { // its sign
		expr = append(binary.LittleEndian.AppendUint32(append(expr, dwOpConst4u), 1<<31), op)
	}
	r.block([]byte{dwCFAValExpression, dwRegRIP}, append(expr, dwOpPlus))
	return r.program
}

func (j *jumpUnwind) hereRules() []byte {
	var r rules
	const word = 8
	kept := j.Size - j.Site // from the site to the thread
	r.keptStack(j.SP)
	r.returnSwapped()
	r.from(j.Pushed)
	r.keptStack(word + j.SP)
	r.from(j.Kept)
	r.keptStack(kept + j.SP)
	r.returnSaved(0)
	r.from(j.DirectLast)
	r.ownStack()
	r.returnIn(dwRegRCX)
	r.from(j.All)
	r.keptStack(kept + j.SP)
	r.returnSaved(0)
	r.from(j.Framed)
	r.keptStack(j.Size + j.SP)
	r.returnSaved(j.Site)
	r.from(j.Whole)
	r.saved(&j.Regs)
	r.from(j.Last)
	r.ownStack()
	r.returnIn(dwRegRCX)
	r.ownRegisters()
	r.from(j.NotMade)
	r.keptStack(j.Size + j.SP)
	r.returnSaved(j.Site)
	r.saved(&j.Regs)
	r.from(j.Pop)
	r.keptStack(word + j.SP)
	r.returnBehind(dwRegRCX)
	r.ownRegisters()
	r.from(j.Popped)
	r.keptStack(j.SP)
	r.from(j.Back)
	r.ownStack()
	r.from(j.Late)
	r.keptStack(j.Size + j.SP)
	r.returnSaved(j.Site)
	r.saved(&j.Regs)
	r.from(j.More)
	r.keptStack(kept + j.SP)
	r.returnSaved(0)
	r.ownRegisters()
	r.from(j.Host)
	r.keptStack(j.HostSP)
	r.block([]byte{dwCFAValExpression, dwRegRIP}, append(baseReg(dwRegRSP, j.HostPC), dwOpDeref, dwOpPlusUconst, siteSize))
	return r.program
}

// rules are call frame instructions in the making.
type rules struct {
	program []byte
	at      uint32
}

// from says that what follows is from offset on.
func (r *rules) from(offset uint32) {
	r.program = binary.LittleEndian.AppendUint32(append(r.program, dwCFAAdvance4), offset-r.at)
	r.at = offset
}

func (r *rules) block(head []byte, expr []byte) {
	r.program = append(binary.AppendUvarint(append(r.program, head...), uint64(len(expr))), expr...)
}

// ownStack: the stack pointer is the program's.
func (r *rules) ownStack() { r.program = append(r.program, dwCFADefCFA, dwRegRSP, 0) }

// keptStack: that is kept at offset from ours.
func (r *rules) keptStack(offset uint32) {
	r.block([]byte{dwCFADefCFAExpression}, append(baseReg(dwRegRSP, offset), dwOpDeref))
}

// returnIn: the program goes on where reg says.
func (r *rules) returnIn(reg byte) { r.program = append(r.program, dwCFARegister, dwRegRIP, reg) }

// siteSize is the length of a site in bytes.
const siteSize = 2

// returnBehind: it is at the site that reg says.
func (r *rules) returnBehind(reg byte) {
	r.block([]byte{dwCFAValExpression, dwRegRIP}, baseReg(reg, siteSize))
}

// addressBytes is how many bytes of an address count. Swapped they are the upper ones of eight.
const addressBytes = 6

// returnSaved: R11, as jumpDoor has swapped it, is saved at offset from our stack pointer.
func (r *rules) returnSaved(offset uint32) {
	var expr []byte
	for i := uint32(8 - addressBytes); i < 8; i++ {
		expr = append(append(joined(expr, baseReg(dwRegRSP, offset+i)), dwOpDerefSize), 1)
		expr = or(expr, i)
	}
	r.block([]byte{dwCFAValExpression, dwRegRIP}, expr)
}

// returnSwapped: the program goes on where R11 says, swapped.
func (r *rules) returnSwapped() {
	var expr []byte
	for i := uint32(8 - addressBytes); i < 8; i++ {
		expr = joined(expr, baseReg(dwRegR11, 0))
		expr = append(expr, dwOpConst1u, byte(8*i), dwOpShr, dwOpConst1u, 0xff, dwOpAnd)
		expr = or(expr, i)
	}
	r.block([]byte{dwCFAValExpression, dwRegRIP}, expr)
}

// joined is expr with what is there shifted by a byte, and more behind that; or adds that to it.
func joined(expr, more []byte) []byte {
	if len(expr) > 0 {
		expr = append(expr, dwOpLit0+8, dwOpShl)
	}
	return append(expr, more...)
}

func or(expr []byte, i uint32) []byte {
	if i > 8-addressBytes {
		expr = append(expr, dwOpOr)
	}
	return expr
}

// saved: the general registers are in the frame. RCX and R11 are lost, as behind any call.
func (r *rules) saved(offsets *[16]uint32) {
	for reg, at := range offsets {
		if at != 0 {
			r.block([]byte{dwCFAExpression, byte(reg)}, baseReg(dwRegRSP, at))
		}
	}
}

// ownRegisters: they are the program's.
func (r *rules) ownRegisters() {
	for reg := byte(0); reg < 16; reg++ {
		if reg != dwRegRSP {
			r.program = append(r.program, dwCFASameValue, reg)
		}
	}
}

// baseReg is DW_OP_breg of reg with a positive offset.
func baseReg(reg byte, offset uint32) []byte {
	b := []byte{dwOpBreg0 + reg}
	for ; offset >= 0x40; offset >>= 7 { // SLEB128
		b = append(b, byte(offset)|0x80)
	}
	return append(b, byte(offset))
}

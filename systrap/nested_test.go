package systrap

import (
	"testing"
	"unsafe"

	"libsystrap/instr"
)

// TestStubPrologue checks the constant against the code: five instructions, the
// last of which stores RDX at door.uc through R14.
func TestStubPrologue(t *testing.T) {
	code := unsafe.Slice((*byte)(ptr(trapEntryAddr())), 64)
	var in instr.Inst
	at := 0
	for range 5 {
		if s := instr.Decode(code[at:], &in); s != instr.OK {
			t.Fatalf("at %d: %v", at, s)
		}
		at += int(in.Len)
	}
	if at != stubPrologue {
		t.Errorf("the prologue is %d bytes long, stubPrologue says %d", at, stubPrologue)
	}
	want := int32(unsafe.Offsetof(entryFrame{}.door) + unsafe.Offsetof(door{}.uc))
	if last := code[at-int(in.Len) : at]; in.Disp != want || last[0] != 0x49 || last[1] != 0x89 {
		t.Errorf("the fifth instruction is % x, want a store of RDX to %d(R14)", last, want)
	}
}

func TestMaskChangesAreUndoneByTheirHandlersReturn(t *testing.T) {
	var th thread
	th.changeMask(1000, 1) // in main
	th.changeMask(500, 3)  // in a handler whose frame is at 600
	th.changeMask(300, 2)  // in one that interrupted it, frame at 400
	if b := th.undoneBy(400); b != 3 {
		t.Errorf("after the inner handler %b, want 11", b)
	}
	th.ownBlocked = 3
	if b := th.undoneBy(600); b != 1 {
		t.Errorf("after the outer handler %b, want 1", b)
	}
	th.ownBlocked = 1
	if b := th.undoneBy(600); b != 1 {
		t.Errorf("after a handler that changed nothing %b, want 1", b)
	}
	for i := range uint64(2 * maxUndo) {
		th.changeMask(900-i, i)
	}
	if th.undos != maxUndo {
		t.Errorf("%d changes kept", th.undos)
	}
}

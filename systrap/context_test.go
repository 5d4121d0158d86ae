package systrap

import (
	"testing"
	"unsafe"

	"libsystrap/instr"
)

// TestStubPrologue checks the constant against the code: seven instructions, the
// last of which stores RDX at door.uc through R14.
func TestStubPrologue(t *testing.T) {
	code := unsafe.Slice((*byte)(ptr(trapEntryAddr())), 64)
	var in instr.Inst
	at := 0
	for range 7 {
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
		t.Errorf("the seventh instruction is % x, want a store of RDX to %d(R14)", last, want)
	}
}

// TestHandlerEntrySize checks that handlerEntry ends with its second jump to an
// address: the one to trapEntry.
func TestHandlerEntrySize(t *testing.T) {
	code := unsafe.Slice((*byte)(ptr(handlerEntryAddr())), 256)
	var in instr.Inst
	at := 0
	for {
		if s := instr.Decode(code[at:], &in); s != instr.OK {
			t.Fatalf("at %d: %v", at, s)
		}
		b := code[at]
		at += int(in.Len)
		if b == 0xe9 && uintptr(int(handlerEntryAddr())+at+int(in.Rel)) == trapEntryAddr() {
			break
		}
	}
	if at != handlerEntrySize {
		t.Errorf("handlerEntry is %d bytes long, handlerEntrySize says %d", at, handlerEntrySize)
	}
}

// TestDoorIsInTheRedZone: what a stub leaves of its frame below SP must hold the
// door until another signal has been dealt with (x86-64 ABI, 3.2.2: 128 bytes).
func TestDoorIsInTheRedZone(t *testing.T) {
	var f entryFrame
	if unsafe.Offsetof(f.door)+unsafe.Sizeof(f.door) != unsafe.Sizeof(f) {
		t.Error("the door is not the last field of the frame")
	}
	const returnAndBP = 16
	if n := unsafe.Sizeof(f.door) + returnAndBP; n > 128 {
		t.Errorf("the door ends %d bytes below the stack pointer", n)
	}
}

package core

import (
	"testing"
	"unsafe"

	"libsystrap/instr"
	"libsystrap/internal/sys"
)

// TestStubPrologue checks the constant against the code: seven instructions, the
// last of which stores RDX at door.uc through R14.
func TestStubPrologue(t *testing.T) {
	code := unsafe.Slice((*byte)(sys.Ptr(trapHereAddr())), 64)
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

// sizeUpTo returns how long the code at addr is up to its nth jump to the address
// to.
func sizeUpTo(t *testing.T, addr, to uintptr, nth int) int {
	t.Helper()
	code := unsafe.Slice((*byte)(sys.Ptr(addr)), 512)
	var in instr.Inst
	for at := 0; at < 400; {
		if s := instr.Decode(code[at:], &in); s != instr.OK {
			t.Fatalf("at %d: %v", at, s)
		}
		b := code[at]
		at += int(in.Len)
		if b == 0xe9 && uintptr(int(addr)+at+int(in.Rel)) == to {
			if nth--; nth == 0 {
				return at
			}
		}
	}
	t.Fatalf("no such jump in the code at %#x", addr)
	return 0
}

// TestEntrySizes checks the constants against the code: trapEntry ends with its third
// jump to trapHere, handlerEntry with the one to trapEntry.
func TestEntrySizes(t *testing.T) {
	if n := sizeUpTo(t, trapEntryAddr(), trapHereAddr(), 3); n != trapEntrySize {
		t.Errorf("trapEntry is %d bytes long, trapEntrySize says %d", n, trapEntrySize)
	}
	if n := sizeUpTo(t, handlerEntryAddr(), trapEntryAddr(), 1); n != handlerEntrySize {
		t.Errorf("handlerEntry is %d bytes long, handlerEntrySize says %d", n, handlerEntrySize)
	}
	if n := sizeUpTo(t, faultEntryAddr(), handlerEntryAddr(), 1); n != faultEntrySize {
		t.Errorf("faultEntry is %d bytes long, faultEntrySize says %d", n, faultEntrySize)
	}
}

// TestEnterProgram: the second instruction of enterProgram is the jump.
func TestEnterProgram(t *testing.T) {
	code := unsafe.Slice((*byte)(sys.Ptr(enterProgramAddr())), 8)
	if want := [...]byte{0x48, 0x89, 0xdc, 0xff, 0xe1}; [5]byte(code) != want {
		t.Errorf("enterProgram is % x, want mov %%rbx,%%rsp; jmp *%%rcx", code)
	}
}

// TestThreadBlock: the thread is the end of the stack, and the block whole pages.
func TestThreadBlock(t *testing.T) {
	if n := unsafe.Sizeof(threadBlock{}); n != threadBlockSize {
		t.Errorf("a block is %d bytes, want %d", n, threadBlockSize)
	}
	if n := unsafe.Offsetof(threadBlock{}.thread); n != threadStackSize {
		t.Errorf("the thread is at %d, want %d", n, threadStackSize)
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

// TestResumeOffsets checks the constants against the code of resumeCall and resumeAny.
func TestResumeOffsets(t *testing.T) {
	for _, addr := range []uintptr{resumeCallAddr(), resumeAnyAddr()} {
		code := unsafe.Slice((*byte)(sys.Ptr(addr)), 128)
		var in instr.Inst
		popf, at := 0, 0
		for popf == 0 {
			if s := instr.Decode(code[at:], &in); s != instr.OK {
				t.Fatalf("at %d: %v", at, s)
			}
			if at == 0 && int(in.Len) != resumeSwitched {
				t.Errorf("the switch is %d bytes long, resumeSwitched says %d", in.Len, resumeSwitched)
			}
			if code[at] == 0x9d {
				popf = at
			}
			at += int(in.Len)
		}
		if at != resumeLoadSP {
			t.Errorf("the stack pointer is loaded at %d, resumeLoadSP says %d", at, resumeLoadSP)
		}
		instr.Decode(code[at:], &in)
		if at += int(in.Len); at != resumeJump {
			t.Errorf("the jump is at %d, resumeJump says %d", at, resumeJump)
		}
		if code[at] != 0xff {
			t.Errorf("the last instruction is % x, want an indirect jump", code[at:at+2])
		}
	}
}

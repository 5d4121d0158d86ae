package core

import (
	"bytes"
	"encoding/binary"
	"testing"
	"unsafe"

	"libsystrap/instr"
	"libsystrap/internal/sys"
)

// code is the instructions at addr, up to n bytes.
func codeAt(t *testing.T, addr uintptr, n int) (list [][]byte) {
	t.Helper()
	code := unsafe.Slice((*byte)(sys.Ptr(addr)), n+16)
	var in instr.Inst
	for at := 0; at < n; at += int(in.Len) {
		if s := instr.Decode(code[at:], &in); s != instr.OK {
			t.Fatalf("at %d: %v", at, s)
		}
		list = append(list, code[at:at+int(in.Len)])
	}
	return list
}

// TestJumpPlaces checks the offsets in jumpDoor and jumpHere against their code.
func TestJumpPlaces(t *testing.T) {
	type place struct {
		name   string
		offset int
		code   []byte // of the instruction there, or of what it begins with
		before bool   // code is the instruction before
	}
	check := func(name string, addr uintptr, size int, places []place) {
		at := 0
		starts := map[int][]byte{}
		ends := map[int][]byte{}
		for _, in := range codeAt(t, addr, size) {
			starts[at] = in
			at += len(in)
			ends[at] = in
		}
		if at != size {
			t.Errorf("%s: an instruction ends at %d, the size is %d", name, at, size)
		}
		for _, p := range places {
			in := starts[p.offset]
			if p.before {
				in = ends[p.offset]
			}
			if !bytes.HasPrefix(in, p.code) || len(p.code) == 0 {
				t.Errorf("%s: at %s, %d, there is % x, want % x", name, p.name, p.offset, in, p.code)
			}
		}
	}
	check("jumpDoor", jumpDoorAddr(), jumpDoorSize, []place{
		{"jumpSwapped", jumpSwapped, []byte{0x49, 0x0f, 0xcb}, true},   // bswap %r11
		{"jumpSwitched", jumpSwitched, []byte{0x48, 0x8d, 0x21}, true}, // lea (%rcx),%rsp
		{"jumpTrap", jumpTrap, []byte{0xe9}, true},                     // jmp jumpHere
		{"jumpRestored", jumpRestored, []byte{0x49, 0x0f, 0xcb}, true}, // bswap %r11
		{"jumpMinus", jumpMinus, []byte{0x4d, 0x8d, 0x5b, 0xfe}, true}, // lea -2(%r11),%r11
		{"jumpDoorSize", jumpDoorSize, []byte{0x41, 0xff, 0xe3}, true}, // jmp *%r11
	})
	check("jumpDoorPast", jumpDoorPastAddr(), pastSize, []place{
		{"jumpSwapped", jumpSwapped, []byte{0x49, 0x0f, 0xcb}, true},                // bswap %r11
		{"jumpSwitched", jumpSwitched + pastLonger, []byte{0x48, 0x8d, 0x21}, true}, // lea (%rcx),%rsp
		{"jumpRestored", jumpRestored + pastLonger, []byte{0x49, 0x0f, 0xcb}, true}, // bswap %r11
		{"jumpMinus", jumpMinus + pastLonger, []byte{0x49, 0x8d, 0x4b, 0xfe}, true}, // lea -2(%r11),%rcx
		{"pastSize", pastSize, []byte{0x41, 0xff, 0xe3}, true},                      // jmp *%r11
	})
	check("jumpHere", jumpHereAddr(), jumpHereSize, []place{
		{"jumpPushed", jumpPushed, []byte{0x9c}, true},         // pushf
		{"jumpKeptR11", jumpKeptR11, []byte{0x41, 0x53}, true}, // push %r11
		{"directSyscall", directSyscall, []byte{0x0f, 0x05}, false},
		{"directMade", directMade, []byte{0x0f, 0x05}, true},
		{"directStored", directStored, []byte{0x48, 0x89, 0x44, 0x24, 0xf8}, true}, // mov %rax,-8(%rsp)
		{"directLoaded", directLoaded, []byte{0x48, 0x8b, 0x44, 0x24, 0xf8}, true}, // mov -8(%rsp),%rax
		{"directLast", directLast, []byte{0xff, 0xe1}, false},                      // jmp *%rcx
		{"jumpAll", jumpAll, []byte{0xff, 0xe1}, true},                             // jmp *%rcx
		{"jumpFramed", jumpFramed, []byte{0x48, 0x81, 0xec}, true},                 // sub $…,%rsp
		{"jumpWhole", jumpWhole, []byte{0x4c, 0x89, 0xbc, 0x24}, true},             // mov %r15,uc.r15
		{"jumpSaved", jumpSaved, []byte{0x44, 0x0f, 0x11, 0xbc, 0x24}, true},       // movups %xmm15,…
		{"jumpCalled", jumpCalled, []byte{0xff, 0x12}, true},                       // call *(%rdx)
		{"jumpMake", jumpMake, []byte{0x31, 0xc9}, true},                           // xor %ecx,%ecx
		{"jumpSyscall", jumpSyscall, []byte{0x0f, 0x05}, false},
		{"jumpMade", jumpMade, []byte{0x0f, 0x05}, true},
		{"jumpNotMade", jumpNotMade, []byte{0x48, 0xc7, 0xc0, 0xff, 0xfd}, false}, // mov $-513,%rax
		{"jumpUndo", jumpUndo, []byte{0xe9}, true},
		{"jumpLeave", jumpLeave, []byte{0x44, 0x0f, 0x10, 0xbc, 0x24}, true}, // movups …,%xmm15
		{"jumpLast", jumpLast, []byte{0xff, 0xe1}, false},                    // jmp *%rcx
		{"jumpPop", jumpPop, []byte{0x9d}, false},                            // popf
		{"jumpPopped", jumpPopped, []byte{0x9d}, true},                       //
		{"jumpBack", jumpBack, []byte{0x41, 0xff, 0xe3}, false},              // jmp *%r11
		{"jumpLate", jumpLate, []byte{0x0f, 0x0b}, false},                    // ud2
		{"jumpMore", jumpMore, []byte{0x0f, 0x0b}, true},                     // ud2
		{"jumpHost", jumpHost, []byte{0x4c, 0x89, 0xdc}, true},               // mov %r11,%rsp
		{"jumpHereSize", jumpHereSize, []byte{0xff, 0xe1}, true},             // jmp *%rcx
	})
}

// TestJumpFrame: the flags, which are pushed first, are the frame's last word, and no vector lies in two lines of the cache.
func TestJumpFrame(t *testing.T) {
	if jumpBelowFlags != jumpThread-8 || (jumpThread-jumpXMM)%16 != 0 {
		t.Errorf("the frame has %d bytes, the flags are at %d, the vectors at %d", jumpThread, jumpBelowFlags, jumpXMM)
	}
	if n := unsafe.Offsetof(door{}.jump); n-unsafe.Offsetof(door{}.postponed) >= 8 {
		t.Errorf("jump is at %d of the door, not in the eight bytes that trapHere clears", n)
	}
}

// TestSlots: a slot for each length that an instruction can have, written and read back.
func TestSlots(t *testing.T) {
	pc := uint64(uintptr(unsafe.Pointer(&slotText[10])))
	var b [slotSize]byte
	emitSlot(b[:], pc+1000, pc, 10, 0)
	var in instr.Inst
	if instr.Decode(b[:], &in); in.Len != 10 {
		t.Fatalf("% x", b)
	}
	if instr.Decode(b[10:], &in); !in.RIPRelative || pc+1000+10+uint64(in.Len)+uint64(int64(in.Disp)) != pc+2 {
		t.Errorf("% x: leads to %#x, want %#x", b, pc+1000+17+uint64(int64(in.Disp)), pc+2)
	}
	if instr.Decode(b[17:], &in); pc+1000+22+uint64(int64(in.Rel)) != uint64(jumpDoorAddr()) {
		t.Errorf("% x: jumps to %#x, want %#x", b, pc+1000+22+uint64(int64(in.Rel)), jumpDoorAddr())
	}
	if got := pc + 1000 + uint64(int64(int32(binary.LittleEndian.Uint32(b[slotBehindAt:])))); got != pc+2 {
		t.Errorf("% x: unwinders find %#x behind the site, want %#x", b, got, pc+2)
	}
}

var slotText = [...]byte{0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 0x0f, 0x05} // movabs; syscall

// TestSwappedSite is what jumpDoor does to R11.
func TestSwappedSite(t *testing.T) {
	const behind = 0x7f1234567890
	if got := swappedSite(0x9078_5634_127f_abcd); got != behind-2 {
		t.Errorf("%#x", got)
	}
}

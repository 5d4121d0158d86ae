package chost

import (
	"testing"
	"unsafe"

	"libsystrap/internal/core"
)

// TestLeaving compares the places by which a signal is turned (core.HostLeaving) with the instructions.
func TestLeaving(t *testing.T) {
	const (
		movRSP   = "\x4c\x89\xcc" // MOVQ R9, SP
		popfq    = "\x9d"
		loadRSP  = "\x48\x8b\x64\x24" // MOVQ disp8(SP), SP
		clear    = "\x41\xc7\x03\x00\x00\x00\x00"
		behindSP = 5
	)
	for _, at := range []uintptr{atDone, atRedo, atJump, atTell} {
		p := address(at)
		code := unsafe.Slice(*(**byte)(unsafe.Pointer(&p)), 128)
		is := func(off int, want string) {
			if got := string(code[off : off+len(want)]); got != want {
				t.Errorf("function %d: % x at %d, want % x", at, got, off, want)
			}
		}
		is(0, clear)
		is(core.HostLeaving, movRSP)
		is(core.HostLoadSP-1, popfq)
		is(core.HostLoadSP, loadRSP)
		if jump := code[core.HostLoadSP+behindSP]; jump != 0xff && jump != 0xe9 && jump != 0xeb {
			t.Errorf("function %d: %#x behind the load of SP, want a jump", at, jump)
		}
	}
}

// TestSave looks at the size of the vector state.
func TestSave(t *testing.T) {
	for most := range uint32(len(saveNames)) {
		if n := chooseSave(most); n < 512 || n%64 != 0 || saveKind > most || saveKind != saveLegacy && saveMask&3 != 3 {
			t.Errorf("at most %s: %d bytes, kind %d, features %#x", saveNames[most], n, saveKind, saveMask)
		}
	}
	if frameSize%64 != 0 {
		t.Errorf("a frame of %d bytes leaves the vector state unaligned", frameSize)
	}
}

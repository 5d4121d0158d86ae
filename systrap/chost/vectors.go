package chost

import (
	"libsystrap/rawsys"
	"libsystrap/systrap"
)

// See docs/decisions/vector-state-by-moves.md.

// What the vector state is saved with (saveKind), from what every processor has to what is fastest.
const (
	saveLegacy  = iota // FXSAVE64
	saveWhole          // XSAVE64
	saveCompact        // XSAVEC64
	savePlain          // moves, where nothing else is in use (XGETBV with ECX = 1 says what is); else XSAVEC64
)

// saveNames are their names for SYSTRAP_VECTORS, by which tests have another than the fastest.
var saveNames = [...]string{"legacy", "whole", "compact", "plain"}

var (
	saveKind uint32
	saveMask uint64
)

// Features of vector state: bits of XCR0 and of XINUSE (SDM vol. 1, 13.1 and 13.6).
const (
	featureSSE   = 1 << 1
	featureAVX   = 1 << 2
	featureMasks = 1 << 5 // k0 to k7
	featureHi256 = 1 << 6 // the upper halves of zmm0 to zmm15
	featureHi16  = 1 << 7 // zmm16 to zmm31
	featurePKRU  = 1 << 9 // no vector state, and what a function sets stays

	featureAVX512 = featureMasks | featureHi256 | featureHi16
	featureUpper  = featureAVX | featureHi256
	notLow        = 1<<32 - 1 - featureSSE - featureUpper               // VZEROUPPER and moves do not bring them back
	notPlain      = 1<<32 - 1 - featureSSE - featureAVX - featureAVX512 // what cannot be saved by moves
)

// The room for the vector state, in bytes. XSAVE's header is where XSAVE has it; the others are where moves put what they save.
const (
	xsaveHeader = 512
	plainMXCSR  = 24
	plainLow    = xsaveHeader + 64
	plainHigh   = plainLow + 16*64
	plainMasks  = plainHigh + 16*64
	plainSize   = plainMasks + 8*8
)

// maxSave is more than any processor's vector state has, in bytes; AMX tiles are 8 KiB of it.
const maxSave = 64 << 10

// chooseSave sets saveKind, which is most at most, and saveMask, and returns how many bytes it takes, or 0.
func chooseSave(most uint32) uintptr {
	const (
		legacySize = 512
		osxsave    = 1 << 27 // CPUID.1:ECX
		xsavec     = 1 << 1  // CPUID.(0DH,1):EAX
		xinuse     = 1 << 2  // CPUID.(0DH,1):EAX
		avx512bw   = 1 << 30 // CPUID.(07H,0):EBX
	)
	saveKind = saveLegacy
	if _, ecx := rawsys.CPUID(1, 0); ecx&osxsave == 0 || most == saveLegacy {
		return legacySize
	}
	saveMask = rawsys.XCR0() &^ featurePKRU
	has := rawsys.CPUIDEAX(0xd, 1)
	wide := saveMask & featureAVX512
	bw, _ := rawsys.CPUID(7, 0)
	switch {
	case has&xsavec == 0:
		saveKind = saveWhole
	case has&xinuse == 0 || wide != 0 && (wide != featureAVX512 || bw&avx512bw == 0):
		saveKind = saveCompact
	default:
		saveKind = savePlain
	}
	saveKind = min(saveKind, most)
	size, _ := rawsys.CPUID(0xd, 0)
	if size > maxSave {
		return 0
	}
	return (max(uintptr(size), plainSize) + 63) &^ 63
}

// mostSave is the fastest way that may be taken.
func mostSave() uint32 {
	if name, ok := systrap.Getenv("SYSTRAP_VECTORS"); ok {
		for i := range saveNames {
			if name == saveNames[i] {
				return uint32(i)
			}
		}
	}
	return savePlain
}

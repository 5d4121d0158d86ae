package core

import (
	"unsafe"

	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
	"libsystrap/restorer"
)

// A handler of the program runs where the kernel would have it run: on the
// program's stack, or on its alternate stack. The kernel builds the frame of a
// signal there only if it interrupts the program's own code, and SA_ONSTACK is
// not asked for. Else the frame is on our stack, and is copied from there.

// What the kernel leaves in the FXSAVE area of a signal frame (struct
// _fpx_sw_bytes, arch/x86/include/uapi/asm/sigcontext.h), offsets in bytes.
const (
	fpSwReserved   = 464
	fpMagic1       = 0x46505853
	fxsaveSize     = 512
	fpAlign        = 64
	frameAlignment = 16
	// redZone is what the x86-64 ABI (3.2.2) lets a function use below its stack
	// pointer, in bytes.
	redZone = 128
)

// place puts the frame of d, whose context is the program's, where the handler of
// an action with flags shall find it (get_sigframe, arch/x86/kernel/signal.c). It
// returns 0 if the kernel could not have built it there: the program's stack is
// full, or gone.
func (d *door) place(flags uint64) uintptr {
	at, t := d.frameAddr(), d.thread
	if t == nil {
		return at
	}
	uc := d.uc
	// A context that was turned behind a fork may be at a function in C, on another stack than the kernel's frame.
	if !t.onStack(at) && t.onHostStack(uint64(at)) == t.onHostStack(uc.Mcontext.RSP) {
		uc.Stack = t.alt
		return at
	}
	sp := uc.Mcontext.RSP
	nested := t.onAlt(sp)
	sp -= redZone
	entering := flags&saOnstack != 0 && t.alt.Size != 0 && !t.onAlt(sp) && !t.hostOnAlt(sp)
	if entering {
		sp = t.alt.SP + t.alt.Size
	}
	fp := uintptr(uc.Mcontext.Fpstate)
	n := fpstateSize(fp)
	newFp := (uintptr(sp) - n) &^ (fpAlign - 1)
	to := (newFp-unsafe.Sizeof(restorer.Frame{}))&^(frameAlignment-1) - 8 // SP+8 is 16-byte aligned, as behind a call
	if (nested || entering) && !altHolds(&t.alt, uint64(to)) {
		return 0
	}
	uc.Stack = t.alt
	if n != 0 {
		uc.Mcontext.Fpstate = uint64(newFp)
	}
	// A fault here is the end of a program without a handler for it, as it would be
	// had the kernel met it; else our handler ends the copy (guard.go).
	if mem.Beyond(uint64(to)) || mem.CopyGuarded(newFp, fp, n) != 0 || mem.CopyGuarded(to, at, unsafe.Sizeof(restorer.Frame{})) != 0 {
		uc.Mcontext.Fpstate = uint64(fp)
		return 0
	}
	if uint32(t.alt.Flags)&ssAutodisarm != 0 {
		t.host.disarmed = restorer.Stack{}
		if entering && t.host.active != 0 && t.onHostStack(uc.Mcontext.RSP) {
			t.host.disarmed = t.alt
		}
		t.alt = restorer.Stack{Flags: ssDisable}
	}
	return to
}

// fpstateSize returns the size in bytes of the FXSAVE/XSAVE area at fp, which
// may be 0.
func fpstateSize(fp uintptr) uintptr {
	if fp == 0 {
		return 0
	}
	if sw := (*[2]uint32)(sys.Ptr(fp + fpSwReserved)); sw[0] == fpMagic1 {
		return uintptr(sw[1])
	}
	return fxsaveSize
}

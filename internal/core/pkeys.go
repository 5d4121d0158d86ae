package core

import (
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// Protection keys (pkeys(7)). The kernel enters every signal handler, so ours
// too, with the rights it gives a new process: none but to key 0. The frame has
// the program's rights. Until the program allocates a key nothing is done.
// See docs/decisions/protection-keys.md.

// keysUsed is set once the program has allocated a key.
var keysUsed bool

// guardedCode is set once there are sites in memory that a handler may not be
// able to read: under a key, or execute-only.
var guardedCode bool

var (
	keysKnown  bool   // the next two are known
	keysOn     bool   // the kernel has switched keys on
	pkruOffset uint64 // of PKRU in an XSAVE area of the standard format
)

// findKeys asks the processor (SDM vol. 1, 13.5.7; vol. 2, CPUID).
func findKeys() {
	const (
		features, ospke = 7, 1 << 4
		xsave, pkru     = 13, 9
	)
	if !keysKnown {
		_, ecx := rawsys.CPUID(features, 0)
		keysOn = ecx&ospke != 0
		ebx, _ := rawsys.CPUID(xsave, pkru)
		pkruOffset = uint64(ebx)
		keysKnown = true
	}
}

// keysUntouched is what openKeys returns if closeKeys has nothing to do.
const keysUntouched = ^uint64(0)

// openKeys gives the thread all rights to all keys, if need is set, and returns
// what to give to closeKeys. On x86 it makes execute-only memory readable, too:
// that is a key of the kernel's own (arch/x86/mm/pkeys.c).
func openKeys(need bool) uint64 {
	if !need {
		return keysUntouched
	}
	findKeys()
	if !keysOn {
		return keysUntouched
	}
	old := rawsys.ReadPKRU()
	rawsys.WritePKRU(0)
	return uint64(old)
}

func closeKeys(old uint64) {
	if old != keysUntouched {
		rawsys.WritePKRU(uint32(old))
	}
}

// loadKeys gives the handler the program's rights, as the kernel is about to
// read and write the program's memory under those of the thread. Rights that
// exclude key 0 would exclude us.
func (d *door) loadKeys() {
	p := d.pkru()
	const key0 = 3
	if p != nil && *p&key0 == 0 {
		rawsys.WritePKRU(*p)
	}
}

// pkru returns where our frame has the program's PKRU, or nil
// (arch/x86/kernel/fpu/signal.c).
func (d *door) pkru() *uint32 {
	const (
		swReserved = 464 // struct _fpx_sw_bytes in the FXSAVE area
		magic      = 0x46505853
		header     = 512 // XSTATE_BV
		component  = 1 << 9
	)
	fp := uintptr(d.uc.Mcontext.Fpstate)
	if fp == 0 || !keysOn || *(*uint32)(sys.Ptr(fp + swReserved)) != magic ||
		*(*uint64)(sys.Ptr(fp + swReserved + 8))&component == 0 {
		return nil
	}
	p := (*uint32)(sys.Ptr(fp + uintptr(pkruOffset)))
	if bv := (*uint64)(sys.Ptr(fp + header)); *bv&component == 0 {
		*bv |= component // PKRU was in its initial state, which is 0
		*p = 0
	}
	return p
}

// sysPkeyAlloc also gives the new key's rights to the program, as rt_sigreturn
// would undo what the kernel set (pkey_alloc(2)).
func sysPkeyAlloc(c *Call, d *door) {
	c.performHere()
	if c.Failed() {
		return
	}
	findKeys()
	keysUsed = true
	guardedCode = true
	if p := d.pkru(); p != nil {
		const rights = 3 // PKEY_DISABLE_ACCESS | PKEY_DISABLE_WRITE
		shift := 2 * uint64(c.Result)
		*p = *p&^(rights<<shift) | uint32(c.Args[1]&rights)<<shift
	}
}

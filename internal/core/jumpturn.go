package core

import (
	"math/bits"
	"unsafe"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// What a signal finds that comes while a call is on its way through the jump door, and how its context is
// made the program's (turn). Where Go code was interrupted it waits (postpone), and jumpHere ends in
// a trap, which delivers it (jumpLate).
//
//	place                                   the program is
//	slot, at its first instruction          at the instruction before the site
//	slot, behind that; jumpDoor             at the site
//	jumpHere up to jumpCalled               at the site, with the registers in the frame as far as needed
//	jumpLeave up to the load of SP          where the frame says
//	the last jump                           at RCX
//
// Who is put at the site makes the call by the trap.

// Offsets in bytes in the code of jumpDoor and jumpHere, each of an instruction before which what is said has been
// done (TestJumpPlaces).
const (
	jumpSwapped  = 3  // jumpDoor: R11 is swapped
	jumpSwitched = 51 // the stack pointer is at the thread
	jumpTrap     = 56 // there is no thread
	jumpRestored = 64 // on the way to the trap: R11 is the address behind the site again
	jumpMinus    = 68 // R11 is that of the site
	jumpDoorSize = 71

	jumpPushed    = 1   // jumpHere: the flags are saved
	jumpKeptR11   = 3   // R11 is saved
	directSyscall = 122 // the call is made for which nothing else need be saved
	directMade    = 124
	directStored  = 144             // its result is saved
	directLoaded  = 166             // and loaded again
	directLast    = 179             // all is as behind the call
	jumpAll       = directLast + 2  // the call goes through the tool, or by the trap
	jumpFramed    = jumpAll + 4 + 7 // the stack pointer is at the frame
	jumpWhole     = 296             // the general registers are
	jumpSaved     = 570             // the vector registers are
	jumpCalled    = 692             // Go has returned
	jumpMake      = 754             // what the call needs is loaded
	jumpSyscall   = 768             // no signal is postponed
	jumpMade      = 770             // the call is made
	jumpLeave     = 971             // all but the general registers is loaded
	jumpLast      = 1130            // those are, too
	jumpNotMade   = 1132            // a signal was postponed before the call
	jumpUndo      = 1144            // on the way to the trap
	jumpPop       = 1188            // all is as it was but the flags and the stack pointer
	jumpPopped    = 1189            // the flags are
	jumpBack      = 1197            // the stack pointer is
	jumpLate      = 1200            // the trap at the end of a call while which a signal was postponed
	jumpMore      = jumpLate + 2    // planHost
	jumpHost      = 1633            // the stack pointer is at the HostFrame
	jumpHereSize  = 1635
)

// turnDoor is turnJump for a pc at off in jumpDoor. From jumpMinus on the site is at minus.
func turnDoor(m *restorer.Sigcontext, t *thread, off, minus uint64) {
	switch {
	case off >= jumpMinus:
		m.RIP = minus
	case off >= jumpRestored || off < jumpSwapped:
		m.RIP = m.R11 - siteSize
	default:
		m.RIP = swappedSite(m.R11)
	}
	if off == jumpSwitched {
		m.RSP = t.jumpSP
	}
}

// turnJump makes the context of uc the program's if it was interrupted in the jump door, and says whether it
// was. It is false for Go code below jumpHere.
func turnJump(uc *restorer.Ucontext, t *thread) bool {
	m := &uc.Mcontext
	if s := slotAt(m.RIP); s >= 0 {
		turnSlot(m, s)
		return true
	}
	if off := m.RIP - uint64(jumpDoorAddr()); off < jumpDoorSize {
		turnDoor(m, t, off, m.R11)
		return true
	}
	if off := m.RIP - uint64(jumpDoorPastAddr()); off < pastSize {
		if off > jumpSwapped {
			off -= pastLonger
		}
		turnDoor(m, t, off, m.RCX)
		return true
	}
	off := m.RIP - uint64(jumpHereAddr())
	if off == jumpHost {
		m.RIP = m.RCX // Host.Entry, with the stack pointer at the frame
		return true
	}
	if off >= jumpMore && off < jumpHost {
		off = jumpKeptR11 // nothing is changed yet
	}
	if off >= jumpHereSize || off >= jumpCalled && off < jumpLeave || off >= jumpNotMade && off < jumpUndo || off == jumpLate {
		return false
	}
	f := t.jumpFrame()
	switch {
	case off == jumpLast || off == directLast:
		m.RIP = m.RCX // the stack pointer is the program's, so the frame may have been written over
	case off >= directMade && off < directLast:
		if off >= directStored && off < directLoaded {
			m.RAX = f.xmm[15][1] // just below the site
		}
		m.RIP = swappedSite(f.site) + siteSize
		m.RCX, m.R11, m.EFLAGS, m.RSP = m.RIP, f.flags, f.flags, t.jumpSP
	case off < jumpWhole:
		m.RIP = swappedSite(m.R11)
		if off >= jumpPushed {
			m.EFLAGS = f.flags
		}
		if off >= jumpKeptR11 {
			m.RIP = swappedSite(f.site)
		}
		m.RSP = t.jumpSP
	case off < jumpCalled:
		// RIP, RSP and the flags may not be in the ucontext yet.
		giveRegisters(uc, &f.uc)
		m.RIP = swappedSite(f.site)
		m.EFLAGS = f.flags
		m.RSP = t.jumpSP
		if off >= jumpSaved {
			f.giveVectors(uc)
		}
	case off < jumpPop: // the call is made, or has not begun and goes by the trap
		giveRegisters(uc, &f.uc)
	default:
		if off == jumpPop {
			m.EFLAGS = f.flags
		}
		if off < jumpBack {
			m.RSP = t.jumpSP
		}
		m.RIP = m.RCX
	}
	return true
}

// performing says how far the call has come that is made at pc, by jumpHere or by Perform.
func performing(pc uint64) rawsys.Progress {
	off := pc - uint64(jumpHereAddr())
	switch {
	case off >= jumpHereSize:
		return rawsys.InPerform(uintptr(pc))
	case off == directSyscall || off >= jumpMake && off <= jumpSyscall || off >= jumpNotMade && off < jumpUndo:
		return rawsys.NotBegun
	case off == jumpMade || off == directMade:
		return rawsys.Done
	}
	return rawsys.Elsewhere
}

// begun tells the two cases of NotBegun apart (rawsys.Begun).
func begun(m *restorer.Sigcontext) bool {
	if m.RIP == uint64(jumpHereAddr()+jumpSyscall) {
		return m.RCX == m.RIP+siteSize
	}
	return rawsys.Begun(uintptr(m.RIP), uintptr(m.RCX))
}

// swappedSite is the address of the site that jumpDoor keeps in R11, swapped, with an index in its
// lower 16 bits.
func swappedSite(r11 uint64) uint64 { return bits.ReverseBytes64(r11&^0xffff) - siteSize }

// turnSlot makes m, whose pc is in slot s, that of a program at the instruction before the site, or at the site.
func turnSlot(m *restorer.Sigcontext, s int) {
	site := slotSite[s]
	if m.RIP == slotAddr(s) {
		m.RIP = site - uint64(slotBefore[s])
		return
	}
	m.RIP = site
}

// turnFault is turn for a fault of the instruction in a slot: where that is said, too, it is at the program's. Where the
// signal ends the process that gets its jump's bytes back, and so a core that shows it there (dieOf).
func (d *door) turnFault() {
	m := &d.uc.Mcontext
	s, at := slotAt(m.RIP), m.RIP
	turnSlot(m, s)
	// Of the others it is the address of memory (fault_addr, arch/x86/kernel/traps.c).
	if d.info.Addr == at && d.info.Code != siKernel && pcFaults>>(uint(d.info.Signo)-1)&1 != 0 {
		d.info.Addr = m.RIP
	}
	act := currentActions()[d.info.Signo]
	if act.Handler == sigDfl || act.Handler == sigIgn || d.uc.Sigmask>>(uint(d.info.Signo)-1)&1 != 0 {
		mask := lockCode()
		undoJumpsAt(m.RIP, m.RIP+jumpSize)
		unlockCode(mask)
	}
}

// pcFaults are the signals with the address of the instruction in si_addr.
const pcFaults = sigillBit | 1<<(sigtrap-1) | 1<<(sigfpe-1)

// turnOutpost is turnSlot for m, whose pc may be in an outpost.
func turnOutpost(m *restorer.Sigcontext) {
	if s := farSlotAt(m.RIP); s >= 0 {
		turnSlot(m, s)
	}
}

// giveRegisters gives to the general registers of from, which is in a jumpFrame.
func giveRegisters(to, from *restorer.Ucontext) {
	type general = [18]uint64 // R8 to EFLAGS
	*(*general)(unsafe.Pointer(&to.Mcontext)) = *(*general)(unsafe.Pointer(&from.Mcontext))
}

// give gives uc the program's context that d holds.
func (d *door) give(uc *restorer.Ucontext) {
	if !d.jump {
		copyContext(uc, d.uc)
		return
	}
	giveRegisters(uc, d.uc)
	(*jumpFrame)(unsafe.Pointer(uintptr(unsafe.Pointer(d.uc)) - jumpUc)).giveVectors(uc)
}

// giveVectors gives uc the vector registers in f. The rest of the vector state is the program's still.
func (f *jumpFrame) giveVectors(uc *restorer.Ucontext) {
	fp := uintptr(uc.Mcontext.Fpstate)
	if fp == 0 {
		return
	}
	*(*uint32)(sys.Ptr(fp + fpMXCSR)) = f.mxcsr
	sys.MoveBytes(fp+fpXMM, uintptr(unsafe.Pointer(&f.xmm)), unsafe.Sizeof(f.xmm))
	if fpstateSize(fp) > fxsaveSize {
		*(*uint64)(sys.Ptr(fp + fpXstateBV)) |= xfeatureSSE
	}
}

// MXCSR and the XMM registers in the FXSAVE area, and XSTATE_BV behind it, in bytes (SDM vol. 1, 10.5.1 and 13.4.2).
const (
	fpMXCSR     = 24
	fpXMM       = 160
	fpXstateBV  = fxsaveSize
	xfeatureSSE = 1 << 1
)

// convert makes the trap of d at jumpLate a trap at the call that came by the jump door, which lies in
// f: it has been made, or it shall not be made now. The vector state is the program's already.
func (d *door) convert(c *Call, f *entryFrame) {
	d.blockAll()
	if d.postponed != 0 && frameOf(c).info.Signo != 0 {
		d.thread.enqueue(&frameOf(c).info) // it came just now: the one that waits is first
	}
	giveRegisters(d.uc, f.door.uc)
	d.mask = f.door.mask
	d.uc.Sigmask = d.thread.mask
	frameOf(c).info = f.info
	d.blocked = d.blocked || f.door.blocked
	d.postponed = 1
}

// stepsIntoSlot says whether the signal of d is that of a single step by which a program that has set TF has come to a slot: it
// comes again behind the slot's first instruction, which is the program's, and shows the site then. Turned back to the jump,
// the program would never get on.
func stepsIntoSlot(d *door) bool {
	if d.info.Signo != int32(sigtrap) || d.info.Code != trapTrace {
		return false
	}
	s := slotAt(d.uc.Mcontext.RIP)
	return s >= 0 && d.uc.Mcontext.RIP == slotAddr(s)
}

// trapTrace is TRAP_TRACE (include/uapi/asm-generic/siginfo.h).
const trapTrace = 2

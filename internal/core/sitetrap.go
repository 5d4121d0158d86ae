package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/instr"
	"libsystrap/internal/ctext"
	"libsystrap/internal/tracelog"
	"libsystrap/restorer"
)

// trapKind is the instruction in a site's place. One byte of `syscall` (0f 05) changes, so another
// thread fetches either instruction, never half of each (SDM vol. 3, 9.1.3 is about more than one).
//
// ud2 is the default: nobody else uses SIGILL much. int3 and hlt cost a quarter of it under a
// hypervisor that intercepts #UD, and the program's SIGTRAP or SIGSEGV goes through us then.
// See docs/decisions/kinds-of-traps.md.
type trapKind uint8

const (
	trapUD2  trapKind = iota // 0f 0b: SIGILL, at the instruction
	trapInt3                 // cc 05: SIGTRAP, behind the cc
	trapHlt                  // f4 05: SIGSEGV (#GP), at the instruction
	numTraps
)

// trapNames are the values of SYSTRAP_TRAP.
var trapNames = [numTraps]string{"ud2", "int3", "hlt"}

// siteTrap is the kind of this image.
var siteTrap trapKind

// siteBytes are what a site holds, syscallBytes what it held.
var siteBytes, syscallBytes = [siteSize]byte{0x0f, 0x0b}, [siteSize]byte{0x0f, 0x05}

// changed is which byte of a site changes.
func (k trapKind) changed() uint64 {
	if k == trapUD2 {
		return 1
	}
	return 0
}

// putTrap and putSyscall give the byte of the site at pc that is not what it is to be its value.
func (w *codeWriter) putTrap(pc uint64) bool {
	n := siteTrap.changed()
	return w.put(pc+n, siteBytes[n%siteSize])
}

func (w *codeWriter) putSyscall(pc uint64) bool {
	n := siteTrap.changed()
	return w.put(pc+n, syscallBytes[n%siteSize])
}

// chooseTrap looks at SYSTRAP_TRAP, before anything is patched. A debugger keeps SIGTRAP for itself, so under one
// that was there before us it is not looked at.
func chooseTrap() {
	v := settings[settingTrap].value
	if v == nil || ctext.CLen(v) == 0 || discoverOnly {
		return
	}
	kind := trapUD2
	for kind < numTraps && ctext.CString(v) != trapNames[kind] {
		kind++
	}
	if kind == numTraps {
		tracelog.Warn("SYSTRAP_TRAP: want ud2, int3 or hlt; left off")
		return
	}
	if kind == trapUD2 || debuggedAtStart {
		return
	}
	if kind == trapHlt {
		ownNumbers[ownTrap] = int(unix.SIGSEGV)
	}
	if installTrap(ownTrap) != 0 {
		tracelog.Warn("SYSTRAP_TRAP: cannot install a handler for its signal; left off")
		return
	}
	siteTrap = kind
	siteBytes = [siteSize]byte{0xcc, 0x05}
	if kind == trapHlt {
		siteBytes[0] = 0xf4
	}
	instr.SetTrap(siteBytes[0])
}

// trapPC returns the address of the instruction that the signal of d is a trap of, if it can be
// one: of a site, or a stub's ud2.
func (d *door) trapPC() (pc uint64, ok bool) {
	pc = d.uc.Mcontext.RIP
	switch {
	case d.info.Signo == int32(unix.SIGILL):
		return pc, d.info.Code == illIllopn && (d.info.Addr == pc || atEntryPoint(d.info.Addr))
	case siteTrap == trapUD2 || d.info.Signo != int32(ownNumbers[ownTrap]) || d.info.Code != siKernel || ownText.has(pc):
		// What SIGTRAP and SIGSEGV say of #BP and #GP is SI_KERNEL (arch/x86/kernel/traps.c); so they do of a bad
		// pointer that code of ours copies from.
		return 0, false
	case siteTrap == trapInt3:
		return pc - 1, true
	}
	return pc, true
}

// comesAgain says whether the fault of info, one of our own signals, is repeated when the program goes on at its pc, or
// at back bytes before it.
func comesAgain(info *restorer.Siginfo, pc uint64) (back uint64, again bool) {
	switch {
	case info.Signo == int32(unix.SIGSYS) && info.Code == sysUserDispatch:
		return siteSize, true
	case byFilter(info):
		return 0, false // the call was ours to make
	case info.Signo != int32(unix.SIGTRAP):
		return 0, true
	}
	// int3 is a trap, whose pc is behind it; the others tell of what is done.
	const int3 = 0xcc
	return 1, info.Code == siKernel && (codeByte(pc-1) == int3 || isSyscall(pc-1)) // which was a site when it was fetched
}

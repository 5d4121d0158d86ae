package core

import "golang.org/x/sys/unix"

// A jump in the place of less than five bytes ends in bytes of the site, and of what is behind. Where a debugger has a breakpoint
// there, which changes one of them, the jump leads elsewhere. Nothing is there, as a rule: the fault tells which jump it was. It is taken away,
// and the program meets what it would have met: its instruction, and the breakpoint. From then on the call goes by its trap.
// See docs/decisions/outposts.md.

// breakpointByte is int3, by which debuggers stop a program.
const breakpointByte = 0xcc

// brokenJump says whether the signal of d is the fault of such a jump, from which the program can go on now.
func brokenJump(d *door) bool {
	pc := d.uc.Mcontext.RIP
	if slotCount == 0 || d.info.Signo != int32(unix.SIGSEGV) || d.info.Code <= 0 || d.info.Addr != pc {
		return false
	}
	for s := range slotPlace[:slotCount] {
		if !leadsTo(s, pc) {
			continue
		}
		start := slotSite[s] - uint64(slotBefore[s])
		m := lockCode()
		if slotJump[s] == slotLive {
			undoJumpAlone(s)
		} // else another thread has done it
		if d.uc.Mcontext.RIP = start; slotJump[s] == slotLive {
			d.uc.Mcontext.RIP = slotAddr(s)
		}
		unlockCode(m)
		return true
	}
	return false
}

// atEntryPoint says whether a trap at addr may be the copy of one that a debugger has executed: gdb steps over a breakpoint by
// executing what it stands for behind the program's entry point, and puts the thread back before it lets the signal in
// (gdb/linux-tdep.c, linux_displaced_step_location; two buffers of 16 bytes).
func atEntryPoint(addr uint64) bool { return addr-entryPoint < 64 }

// entryPoint is the program's.
var entryPoint uint64

// atEntry is AT_ENTRY (include/uapi/linux/auxvec.h).
const atEntry = 9

// leadsTo says whether the jump to slot s leads to pc with breakpoints in bytes that it has in common with its site, or with what is
// behind that.
func leadsTo(s int, pc uint64) bool {
	next := slotSite[s] - uint64(slotBefore[s]) + jumpSize
	is, was := pc-next, slotAddr(s)-next
	if slotBefore[s] >= jumpSize || uint64(int64(int32(is))) != is || is == was {
		return false
	}
	for i := uint8(0); i < jumpSize-1; i++ {
		if b := byte(is >> (8 * i)); b != byte(was>>(8*i)) && (b != breakpointByte || i+1 < slotBefore[s]) {
			return false
		}
	}
	return true
}

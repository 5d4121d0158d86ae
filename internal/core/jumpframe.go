package core

import "unsafe"

// jumpUnwind is where what unwinders need of the program lies while it is in the jump door, and from where in the code to where:
// the library's unwind information is made of it (internal/freestanding/jumpframe.go).
// See docs/decisions/jump-unwinding.md.
var jumpUnwind = [...]uint32{
	jumpSwapped, jumpSwitched, jumpTrap, jumpRestored, jumpMinus, pastLonger,
	jumpPushed, jumpKeptR11, directLast, jumpAll, jumpFramed, jumpWhole, jumpLast, jumpNotMade, jumpPop, jumpPopped, jumpBack, jumpLate, jumpMore, jumpHost,
	uint32(unsafe.Offsetof(thread{}.jumpSP)), uint32(jumpBelowSite), uint32(jumpThread),
	slotSize, slotBehindAt,
	uint32(unsafe.Offsetof(HostFrame{}.Regs)) + 8*HostRSP, uint32(unsafe.Offsetof(HostFrame{}.Regs)) + 8*HostRIP,
	// By the numbers of registers in DWARF (System V ABI, x86-64, 3.6.2).
	uint32(int(jumpRegs) + scRAX), uint32(int(jumpRegs) + scRDX), 0, uint32(int(jumpRegs) + scRBX),
	uint32(int(jumpRegs) + scRSI), uint32(int(jumpRegs) + scRDI), uint32(int(jumpRegs) + scRBP), 0,
	uint32(int(jumpRegs) + scR8), uint32(int(jumpRegs) + scR9), uint32(int(jumpRegs) + scR10), 0,
	uint32(int(jumpRegs) + scR12), uint32(int(jumpRegs) + scR13), uint32(int(jumpRegs) + scR14), uint32(int(jumpRegs) + scR15),
}

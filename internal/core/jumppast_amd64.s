#include "go_asm.h"
#include "textflag.h"

// jumpDoorPast: jumpDoor for a call before which a function was called already (host.go). Bit 0 of what is kept of the site says
// so, which jumpDoor leaves 0.
//
// In:       the program's registers at the site, R11 = the address behind it.
// Out:      jumps to jumpHere on the thread's stack of ours; or to Host.Again, the trap, with RCX = the address of the site.
// Stack:    none.
// Flags:    untouched.
// Clobbers: RCX, R11.
TEXT ·jumpDoorPast(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	BSWAPQ R11
	RDFSBASEQ CX
	RORXQ $const_fsShift, CX, CX
	LEAL  1(CX*8), CX
	MOVW  CX, R11
	MOVQ  ·jumpThreads(SB), CX
	MOVW  R11, CX
	MOVQ  -1(CX), CX
	JCXZQ trap
	MOVQ  SP, thread_jumpSP(CX)
	LEAQ  (CX), SP
	JMP   ·jumpHere(SB)

trap:
	MOVW   $0, R11
	BSWAPQ R11
	LEAQ   -2(R11), CX
	MOVQ   ·hostAgain(SB), R11
	JMP    R11

// func jumpDoorPastAddr() uintptr
//
// Out:      ret+0(FP) = address of jumpDoorPast.
// Clobbers: AX.
TEXT ·jumpDoorPastAddr(SB), NOSPLIT, $0-8
	LEAQ ·jumpDoorPast(SB), AX
	MOVQ AX, ret+0(FP)
	RET

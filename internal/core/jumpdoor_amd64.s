#include "go_asm.h"
#include "textflag.h"

// Finds the thread and goes to jumpHere on its stack, or to trap if there is none.
//
// In:       R11 = the address behind the site.
// Out:      R11 = that, swapped, with the thread's index for its lower 16 bits, and MARK, 0 or 1, for bit 0 of that.
// Clobbers: CX.
#define FIND_THREAD(MARK) \
	BSWAPQ R11 \
	RDFSBASEQ CX \
	RORXQ $const_fsShift, CX, CX \
	LEAL  MARK(CX*8), CX \
	MOVW  CX, R11 \
	MOVQ  ·jumpThreads(SB), CX \
	MOVW  R11, CX \
	MOVQ  -MARK(CX), CX \
	JCXZQ trap \
	MOVQ  SP, thread_jumpSP(CX) \
	LEAQ  (CX), SP \
	JMP   ·jumpHere(SB)

// jumpDoor: where the jump before a site leads, by way of a slot (jumpslots.go). Nothing of the
// program's is changed but RCX and R11, which are lost in a SYSCALL anyway, until the stack is ours: no flag,
// and not a byte of the program's stack, which may have no room for one.
//
// In:       the program's registers at the site, R11 = the address behind it.
// Out:      jumps to jumpHere on the thread's stack of ours; or to the site, where the trap is.
// Stack:    none.
// Flags:    untouched.
// Clobbers: RCX, R11.
//
//	t := jumpThreads[bits 10 to 22 of the FS base]
//	if t == nil { goto site }
//	t.jumpSP = SP; SP = t
//	goto jumpHere
//
// The table's address is a multiple of 64 KiB and its size, so 16 bits of a register are an
// index, and R11's lower ones are free once it is swapped: no more than two registers are needed.
TEXT ·jumpDoor(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	FIND_THREAD(0)

trap:
	MOVW   $0, R11
	BSWAPQ R11
	LEAQ   -2(R11), R11
	JMP    R11

// jumpDoorPast: jumpDoor for a call before which a function was called already (host.go). Bit 0 of what is kept of the site says
// so, which jumpDoor leaves 0.
//
// In:       the program's registers at the site, R11 = the address behind it.
// Out:      jumps to jumpHere on the thread's stack of ours; or to Host.Again, the trap, with RCX = the address of the site.
// Stack:    none.
// Flags:    untouched.
// Clobbers: RCX, R11.
TEXT ·jumpDoorPast(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	FIND_THREAD(1)

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

// func jumpDoorAddr() uintptr
//
// Out:      ret+0(FP) = address of jumpDoor.
// Clobbers: AX.
TEXT ·jumpDoorAddr(SB), NOSPLIT, $0-8
	LEAQ ·jumpDoor(SB), AX
	MOVQ AX, ret+0(FP)
	RET

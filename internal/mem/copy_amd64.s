#include "go_asm.h"
#include "textflag.h"

// func CopyGuarded(to, from, n uintptr) (left uintptr)
//
// In:       arguments on the stack (ABI0); DF is clear.
// Out:      left+24(FP) = how many bytes could not be copied, from the first
//           one on that cannot be read or written.
// Stack:    none.
// Clobbers: DI, SI, CX, AX.
//
// A fault at the copying instruction leaves in CX how many bytes are left (SDM
// vol. 2, REP); our handler then goes on behind it (internal/core/guard.go).
TEXT ·CopyGuarded(SB), NOSPLIT, $0-32
	MOVQ to+0(FP), DI
	MOVQ from+8(FP), SI
	MOVQ n+16(FP), CX
	JMP  ·guardedCopy(SB)

// guardedCopy: the end of CopyGuarded, apart so that its first instruction has a
// known place.
TEXT ·guardedCopy(SB), NOSPLIT|NOFRAME, $0
	REP; MOVSB
	MOVQ CX, 32(SP) // left+24(FP) of CopyGuarded, whose return address is at 0(SP)
	RET

// func CopyAddr() uintptr
//
// Out:      ret+0(FP) = address of guardedCopy.
// Clobbers: AX.
TEXT ·CopyAddr(SB), NOSPLIT, $0-8
	LEAQ ·guardedCopy(SB), AX
	MOVQ AX, ret+0(FP)
	RET

#include "textflag.h"

// func Raw(nr, a0, a1, a2, a3, a4, a5 uintptr) uintptr
//
// In:       arguments on the stack (ABI0).
// Out:      ret+56(FP) = RAX as the kernel left it.
// Stack:    none of its own; the frame is the caller's.
// Clobbers: RAX, RDI, RSI, RDX, R10, R8, R9, and RCX and R11 by the SYSCALL
//           instruction itself. R14 and all vector registers are untouched.
// Flags:    restored by the kernel from R11.
TEXT ·Raw(SB), NOSPLIT, $0-64
	MOVQ nr+0(FP), AX
	MOVQ a0+8(FP), DI
	MOVQ a1+16(FP), SI
	MOVQ a2+24(FP), DX
	MOVQ a3+32(FP), R10
	MOVQ a4+40(FP), R8
	MOVQ a5+48(FP), R9
	SYSCALL
	MOVQ AX, ret+56(FP)
	RET

#include "textflag.h"

// ask: int ask(int number, long a1, …, long a6, long *result): the hook, with its C library's buffers written behind it.
//
//	ret := hook(number, a1, …, a6, result)
//	fflush(0)
//	return ret
//
// In:       as the System V ABI has it: RDI, RSI, RDX, RCX, R8, R9, 8(SP), 16(SP).
// Out:      AX.
// Stack:    24 bytes, and what the functions use.
// Clobbers: what the System V ABI lets a function clobber.
TEXT ·ask(SB), NOSPLIT|NOFRAME, $0
	SUBQ $24, SP
	MOVQ (24+8)(SP), AX
	MOVQ AX, 0(SP)
	MOVQ (24+16)(SP), AX
	MOVQ AX, 8(SP)
	MOVQ ·hook(SB), AX
	CALL AX
	MOVL AX, 16(SP)
	XORL DI, DI
	MOVQ ·fflush(SB), AX
	CALL AX
	MOVL 16(SP), AX
	ADDQ $24, SP
	RET

// func askSpan() (from, to uintptr): where the code above lies.
//
// Out:      from+0(FP), to+8(FP).
// Clobbers: AX.
TEXT ·askSpan(SB), NOSPLIT, $0-16
	LEAQ ·ask(SB), AX
	MOVQ AX, from+0(FP)
	LEAQ ·askSpan(SB), AX
	MOVQ AX, to+8(FP)
	RET

// func askAddress() uintptr
//
// Out:      ret+0(FP) = the address of ask.
// Clobbers: AX.
TEXT ·askAddress(SB), NOSPLIT, $0-8
	LEAQ ·ask(SB), AX
	MOVQ AX, ret+0(FP)
	RET

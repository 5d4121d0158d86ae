#include "textflag.h"

// func CPUIDEAX(leaf, sub uint32) (eax uint32)
//
// Out:      eax+8(FP) = EAX as CPUID left it.
// Clobbers: AX, BX, CX, DX.
TEXT ·CPUIDEAX(SB), NOSPLIT, $0-12
	MOVL leaf+0(FP), AX
	MOVL sub+4(FP), CX
	CPUID
	MOVL AX, eax+8(FP)
	RET

// func XCR0() uint64
//
// Out:      ret+0(FP) = XCR0.
// Clobbers: AX, CX, DX.
TEXT ·XCR0(SB), NOSPLIT, $0-8
	XORL CX, CX
	XGETBV
	SHLQ $32, DX
	ORQ  DX, AX
	MOVQ AX, ret+0(FP)
	RET

// ForC makes a call for code that has loaded the registers itself.
//
// In:       RAX = number, RDI, RSI, RDX, R10, R8, R9 = arguments; a return address on the stack.
// Out:      RAX as the kernel left it.
// Stack:    none.
// Clobbers: RCX and R11 by the SYSCALL instruction itself.
TEXT ·ForC(SB), NOSPLIT|NOFRAME, $0
	SYSCALL
	RET

#include "textflag.h"

// func runUD2(n int)
//
// In:       n+0(FP) = how many ud2 to execute, at least 1. runInt3 and runHlt are the same for
//           their instructions.
// Clobbers: CX.
TEXT ·runUD2(SB), NOSPLIT, $0-8
	MOVQ n+0(FP), CX
loop:
	UD2
	DECQ CX
	JNZ loop
	RET

TEXT ·runInt3(SB), NOSPLIT, $0-8
	MOVQ n+0(FP), CX
loop:
	BYTE $0xcc
	DECQ CX
	JNZ loop
	RET

TEXT ·runHlt(SB), NOSPLIT, $0-8
	MOVQ n+0(FP), CX
loop:
	HLT
	DECQ CX
	JNZ loop
	RET

// afterUD2, afterInt3 and afterHlt: handlers of SIGILL, SIGTRAP and SIGSEGV (SA_SIGINFO).
//
// In:       DX = ucontext; RIP is at 40+16*8 in it (struct sigcontext,
//           arch/x86/include/uapi/asm/sigcontext.h), for int3 behind the instruction.
// Clobbers: nothing.
TEXT afterUD2<>(SB), NOSPLIT|NOFRAME, $0
	ADDQ $2, 168(DX)
	RET

TEXT afterInt3<>(SB), NOSPLIT|NOFRAME, $0
	RET

TEXT afterHlt<>(SB), NOSPLIT|NOFRAME, $0
	ADDQ $1, 168(DX)
	RET

// func skipUD2() uintptr
//
// Out:      ret+0(FP) = address of afterUD2; skipInt3 and skipHlt likewise.
// Clobbers: AX.
TEXT ·skipUD2(SB), NOSPLIT, $0-8
	LEAQ afterUD2<>(SB), AX
	MOVQ AX, ret+0(FP)
	RET

TEXT ·skipInt3(SB), NOSPLIT, $0-8
	LEAQ afterInt3<>(SB), AX
	MOVQ AX, ret+0(FP)
	RET

TEXT ·skipHlt(SB), NOSPLIT, $0-8
	LEAQ afterHlt<>(SB), AX
	MOVQ AX, ret+0(FP)
	RET

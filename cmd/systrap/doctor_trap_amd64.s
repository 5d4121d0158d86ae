#include "textflag.h"

// func runTraps(n int)
//
// In:       n+0(FP) = how many ud2 to execute, at least 1.
// Clobbers: CX.
TEXT ·runTraps(SB), NOSPLIT, $0-8
	MOVQ n+0(FP), CX
loop:
	UD2
	DECQ CX
	JNZ loop
	RET

// skipUD2: a handler of SIGILL (SA_SIGINFO).
//
// In:       DX = ucontext; RIP is at 40+16*8 in it (struct sigcontext,
//           arch/x86/include/uapi/asm/sigcontext.h).
// Clobbers: nothing.
TEXT skipUD2<>(SB), NOSPLIT|NOFRAME, $0
	ADDQ $2, 168(DX)
	RET

// func skipTrap() uintptr
//
// Out:      ret+0(FP) = address of skipUD2.
// Clobbers: AX.
TEXT ·skipTrap(SB), NOSPLIT, $0-8
	LEAQ skipUD2<>(SB), AX
	MOVQ AX, ret+0(FP)
	RET

#include "textflag.h"

// The fake g lies in the frame; only its stack guard, at 16, is read. Callee-saved registers of the
// C calling convention are kept.
TEXT ·libraryEntry(SB), NOSPLIT|NOFRAME, $0
	PUSHQ BP
	PUSHQ BX
	PUSHQ R12
	PUSHQ R13
	PUSHQ R14
	PUSHQ R15
	SUBQ  $64, SP
	LEAQ  16(SP), R14
	LEAQ  -3800(SP), AX
	MOVQ  AX, 16(R14)
	XORPS X15, X15
	LEAQ  ·fatalStub(SB), AX // makes the linker keep it
	MOVQ  ·mainFn(SB), DX
	CALL  (DX)
	ADDQ  $64, SP
	POPQ  R15
	POPQ  R14
	POPQ  R13
	POPQ  R12
	POPQ  BX
	POPQ  BP
	RET

// Entered by a jump from a function that was called: the return address is on top.
TEXT ·fatalStub(SB), NOSPLIT|NOFRAME, $0
	MOVQ  (SP), AX
	SUBQ  $64, SP
	LEAQ  16(SP), R14
	MOVQ  $0, 16(R14)
	XORPS X15, X15
	MOVQ  ·fatalFn(SB), DX
	CALL  (DX)
	UNDEF

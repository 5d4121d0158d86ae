#include "textflag.h"

// hookAllowed: int syscall_hook_in_process_allowed(void).
//
// Out:      EAX = 1 if the hooks are called in this process, else 0.
// Stack:    none.
// Clobbers: RAX.
TEXT ·hookAllowed(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	MOVL ·allowed(SB), AX
	RET

// errorCode: int syscall_error_code(long result).
//
// In:       RDI = what syscall_no_intercept returned.
// Out:      EAX = the errno that it says, or 0.
// Stack:    none.
// Clobbers: RAX.
TEXT ·errorCode(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	XORL AX, AX
	CMPQ DI, $-4096
	JCS  none
	SUBL DI, AX

none:
	RET

// childPoint: what a new thread calls first, for a hook that uses libc.
//
// In:       RDI = the hook, RSI = the C library's function that initialises a thread's tables of <ctype.h>.
// Stack:    8 bytes, and what the functions use.
// Clobbers: what the System V ABI lets a function clobber.
TEXT ·childPoint(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	SUBQ $8, SP
	MOVQ DI, 0(SP)
	CALL SI
	MOVQ 0(SP), AX
	ADDQ $8, SP
	JMP  AX

// func exportSpan() (from, to uintptr): where the code above lies; errorCode is kept by it.
//
// Out:      from+0(FP), to+8(FP).
// Clobbers: AX.
TEXT ·exportSpan(SB), NOSPLIT, $0-16
	LEAQ ·errorCode(SB), AX
	LEAQ ·hookAllowed(SB), AX
	MOVQ AX, from+0(FP)
	LEAQ ·exportSpan(SB), AX
	MOVQ AX, to+8(FP)
	RET

// func childPointAddress() uintptr
//
// Out:      ret+0(FP) = the address of childPoint.
// Clobbers: AX.
TEXT ·childPointAddress(SB), NOSPLIT, $0-8
	LEAQ ·childPoint(SB), AX
	MOVQ AX, ret+0(FP)
	RET

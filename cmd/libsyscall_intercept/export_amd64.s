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

// func exported() uintptr: refers to what only other libraries call.
//
// Out:      ret+0(FP) = the address of one of them.
// Clobbers: AX.
TEXT ·exported(SB), NOSPLIT, $0-8
	LEAQ ·errorCode(SB), AX
	LEAQ ·hookAllowed(SB), AX
	MOVQ AX, ret+0(FP)
	RET

#include "textflag.h"

// func runDispatched(selector *byte, n int)
//
// In:       selector+0(FP) = the byte that Syscall User Dispatch looks at, 0;
//           n+8(FP) = how many calls to make, at least 1.
// Out:      *selector = 0 again.
// Clobbers: AX, BX, CX, DX, R11. A call that is reported executes no SYSCALL: the
//           handler returns behind it, with all registers as they were.
//
//	*selector = SYSCALL_DISPATCH_FILTER_BLOCK
//	do { getppid() } while (--n)
//	*selector = SYSCALL_DISPATCH_FILTER_ALLOW
TEXT ·runDispatched(SB), NOSPLIT, $0-16
	MOVQ selector+0(FP), BX
	MOVQ n+8(FP), DX
	MOVB $1, (BX)
loop:
	MOVQ $110, AX    // SYS_getppid
	SYSCALL
	DECQ DX
	JNZ  loop
	MOVB $0, (BX)
	RET

// skipSIGSYS: a handler of SIGSYS (SA_SIGINFO): RIP is behind the instruction already.
//
// In:       nothing that matters.
// Out:      dispatched is one more.
// Clobbers: flags, which the frame restores.
TEXT skipSIGSYS<>(SB), NOSPLIT|NOFRAME, $0
	INCQ ·dispatched(SB)
	RET

// func skipDispatch() uintptr
//
// Out:      ret+0(FP) = address of skipSIGSYS.
// Clobbers: AX.
TEXT ·skipDispatch(SB), NOSPLIT, $0-8
	LEAQ skipSIGSYS<>(SB), AX
	MOVQ AX, ret+0(FP)
	RET

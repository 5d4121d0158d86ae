#include "textflag.h"

// func counter() uint64
//
// Out:      ret+0(FP) = the time-stamp counter.
// Stack:    none.
// Clobbers: AX, DX.
//
// A thread that may not read it gets SIGSEGV (PR_SET_TSC): see TakenBy.
TEXT ·counter(SB), NOSPLIT, $0-8
	RDTSC
	SHLQ $32, DX
	ORQ  DX, AX
	MOVQ AX, ret+0(FP)
	RET

#include "go_asm.h"
#include "textflag.h"

// func Try(trials *Trial, n uintptr, next *uintptr, core *[2]uint64) int64
//
// In:       arguments on the stack (ABI0).
// Out:      ret+32(FP) = clone(2)'s result; in the child nothing, it exits.
// Stack:    the parent's, which the child does not touch: it is suspended meanwhile.
// Clobbers: RAX, RBX, RCX, RDX, RSI, RDI, R8 to R13.
//
//	if pid := clone(CLONE_VM|CLONE_VFORK); pid != 0 { return pid }
//	prlimit64(0, RLIMIT_CORE, core, NULL)
//	for *next < n { i := *next; *next++; trials[i].Result = syscall(trials[i]) }
//	exit(0)
TEXT ·Try(SB), NOSPLIT, $0-40
	MOVQ trials+0(FP), R12
	MOVQ n+8(FP), BX
	MOVQ next+16(FP), R13
	MOVQ core+24(FP), R9
	MOVL $56, AX     // SYS_clone
	MOVL $0x4100, DI // CLONE_VM|CLONE_VFORK
	XORL SI, SI
	XORL DX, DX
	XORL R10, R10
	XORL R8, R8
	SYSCALL
	TESTQ AX, AX
	JEQ  child
	MOVQ AX, ret+32(FP)
	RET

child:
	MOVL $302, AX // SYS_prlimit64
	XORL DI, DI
	MOVL $4, SI   // RLIMIT_CORE
	MOVQ R9, DX
	XORL R10, R10
	SYSCALL

loop:
	MOVQ (R13), AX
	CMPQ AX, BX
	JAE  done
	INCQ (R13)
	SHLQ $6, AX // Trial__size
	ADDQ R12, AX
	MOVQ (Trial_Args+0)(AX), DI
	MOVQ (Trial_Args+8)(AX), SI
	MOVQ (Trial_Args+16)(AX), DX
	MOVQ (Trial_Args+24)(AX), R10
	MOVQ (Trial_Args+32)(AX), R8
	MOVQ (Trial_Args+40)(AX), R9
	MOVQ Trial_Nr(AX), AX
	SYSCALL
	MOVQ (R13), CX
	DECQ CX
	SHLQ $6, CX
	MOVQ AX, Trial_Result(R12)(CX*1)
	JMP  loop

done:
	XORL DI, DI
	MOVL $60, AX // SYS_exit
	SYSCALL
	UD2

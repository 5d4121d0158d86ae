#include "go_asm.h"
#include "textflag.h"

// func Try(trials *Trial, n uintptr, next *uintptr, core *[2]uint64, frame uintptr) int64
//
// In:       arguments on the stack (ABI0).
// Out:      ret+40(FP) = clone(2)'s result; in the child nothing, it exits.
// Stack:    the parent's; the child's, which it does not use but for rt_sigreturn, is at frame.
// Clobbers: RAX, RBX, RCX, RDX, RSI, RDI, R8 to R13.
//
//	if pid := clone(CLONE_VM|CLONE_VFORK, frame); pid != 0 { return pid }
//	prlimit64(0, RLIMIT_CORE, core, NULL)
//	for *next < n { i := *next; *next++; trials[i].Result = syscall(trials[i]) }
//	exit(0)
TEXT ·Try(SB), NOSPLIT, $0-48
	MOVQ trials+0(FP), R12
	MOVQ n+8(FP), BX
	MOVQ next+16(FP), R13
	MOVQ core+24(FP), R9
	MOVQ frame+32(FP), SI
	MOVL $56, AX     // SYS_clone
	MOVL $0x4100, DI // CLONE_VM|CLONE_VFORK
	XORL DX, DX
	XORL R10, R10
	XORL R8, R8
	SYSCALL
	TESTQ AX, AX
	JEQ  child
	MOVQ AX, ret+40(FP)
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

// trialEnd: where a trial of rt_sigreturn goes on.
//
// In:       DI = the address of its result.
// Out:      does not return.
// Stack:    none.
TEXT ·trialEnd(SB), NOSPLIT|NOFRAME, $0
	MOVQ $0, (DI)
	XORL DI, DI
	MOVL $60, AX // SYS_exit
	SYSCALL
	UD2

// func TrialEnd() uintptr
//
// Out:      ret+0(FP) = address of trialEnd.
// Clobbers: AX.
TEXT ·TrialEnd(SB), NOSPLIT, $0-8
	LEAQ ·trialEnd(SB), AX
	MOVQ AX, ret+0(FP)
	RET

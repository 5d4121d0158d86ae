#include "go_asm.h"
#include "textflag.h"
#include "step_amd64.h"

// func Begin(steps *Step, n uintptr) int64
//
// In:       arguments on the stack (ABI0).
// Out:      ret+16(FP) = clone(2)'s result; in the child nothing, it executes or exits.
// Stack:    the parent's, which the child does not use.
// Clobbers: RAX, RBX, RCX, RDX, RSI, RDI, R8 to R12.
//
//	if pid := clone(CLONE_VM|SIGCHLD); pid != 0 { return pid }
//	for ; n != 0; n-- { s.Result = syscall(s); if s.Result < s.Least { break }; s++ }
//	exit_group(127)
TEXT ·Begin(SB), NOSPLIT, $0-24
	MOVQ steps+0(FP), R12
	MOVQ n+8(FP), BX
	MOVL $56, AX    // SYS_clone
	MOVL $0x111, DI // CLONE_VM|SIGCHLD
	XORL SI, SI
	XORL DX, DX
	XORL R10, R10
	XORL R8, R8
	SYSCALL
	TESTQ AX, AX
	JEQ  child
	MOVQ AX, ret+16(FP)
	RET

child:
	TESTQ BX, BX
	JEQ  done
	CALL_STEP
	MOVQ AX, Step_Result(R12)
	CMPQ AX, Step_Least(R12)
	JLT  done
	ADDQ $Step__size, R12
	DECQ BX
	JMP  child

done:
	MOVL $127, DI
	MOVL $231, AX // SYS_exit_group
	SYSCALL
	UD2

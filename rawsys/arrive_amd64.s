#include "go_asm.h"
#include "textflag.h"
#include "step_amd64.h"

// func Arrive()
//
// In:       DI = the address of an Arrival; 0 lies at SP.
// Out:      the Arrival's Entry is jumped to, with its Args in DI, SI and DX. After a call that fails the thread is stopped, with
//           the result in R12 and SP as it was; if SIGCONT has taken that stop away, address 0 is jumped to.
// Stack:    none.
// Clobbers: everything but SP and R14.
//
//	for s := range a.Steps[:a.N] { if r := syscall(s); r < s.Least { tgkill(getpid(), gettid(), SIGSTOP); goto 0 } }
//	*a.Where = a.Value
//	goto a.Entry
TEXT ·Arrive(SB), NOSPLIT|NOFRAME|TOPFRAME, $0-0
	MOVQ DI, BX
	LEAQ Arrival_Steps(BX), R12
	MOVQ Arrival_N(BX), R13

next:
	TESTQ R13, R13
	JEQ  arrived
	CALL_STEP
	CMPQ AX, Step_Least(R12)
	JLT  failed
	ADDQ $Step__size, R12
	DECQ R13
	JMP  next

arrived:
	MOVQ Arrival_Where(BX), DI
	MOVQ Arrival_Value(BX), SI
	MOVQ SI, (DI)
	MOVQ (Arrival_Args+0)(BX), DI
	MOVQ (Arrival_Args+8)(BX), SI
	MOVQ (Arrival_Args+16)(BX), DX
	MOVQ Arrival_Entry(BX), AX
	JMP  AX

failed:
	MOVQ AX, R12
	MOVL $39, AX  // SYS_getpid
	SYSCALL
	MOVQ AX, DI
	MOVL $186, AX // SYS_gettid
	SYSCALL
	MOVQ AX, SI
	MOVL $19, DX  // SIGSTOP
	MOVL $234, AX // SYS_tgkill
	SYSCALL
	XORL AX, AX
	JMP  AX

#include "textflag.h"

// func Helper(entry, arg, stack uintptr) int64
//
// In:       arguments on the stack (ABI0).
// Out:      ret+24(FP) = clone(2)'s result; the child jumps to entry with DI = arg.
// Stack:    the parent's; the child's begins empty.
// Clobbers: RAX, RBX, RCX, RDX, RSI, RDI, R8 to R12.
TEXT ·Helper(SB), NOSPLIT, $0-32
	MOVQ entry+0(FP), BX
	MOVQ arg+8(FP), R12
	MOVQ stack+16(FP), SI
	MOVL $56, AX    // SYS_clone
	MOVL $0x100, DI // CLONE_VM
	XORL DX, DX
	XORL R10, R10
	XORL R8, R8
	SYSCALL
	TESTQ AX, AX
	JEQ  child
	MOVQ AX, ret+24(FP)
	RET

child:
	MOVQ R12, DI
	JMP  BX

// func Leave(addr, n uintptr)
//
// In:       arguments on the stack (ABI0).
// Out:      does not return.
// Stack:    none once its arguments are read.
// Clobbers: RAX, RCX, RDI, RSI, R11.
TEXT ·Leave(SB), NOSPLIT, $0-16
	MOVQ addr+0(FP), DI
	MOVQ n+8(FP), SI
	MOVL $11, AX // SYS_munmap
	SYSCALL
	XORL DI, DI
	MOVL $231, AX // SYS_exit_group
	SYSCALL
	UD2

// func LeaveWord(p *uint32)
//
// In:       p+0(FP) = the word.
// Out:      does not return.
// Stack:    none once its argument is read.
// Clobbers: RAX, RCX, RDI, R11.
TEXT ·LeaveWord(SB), NOSPLIT, $0-8
	MOVQ p+0(FP), DI
	MOVL $0, (DI)
	XORL DI, DI
	MOVL $231, AX // SYS_exit_group
	SYSCALL
	UD2

#include "textflag.h"

// func Perform(postponed *uint32, nr, a0, a1, a2, a3, a4, a5 uintptr) uintptr
//
// In:       arguments on the stack (ABI0).
// Out:      ret+64(FP) = RAX as the kernel left it, or NotMade.
// Stack:    none of its own; interruptible is jumped to with the same SP.
// Clobbers: RAX, RDI, RSI, RDX, R10, R8, R9, R12, RCX, R11. R14 and all vector
//           registers are untouched.
// Flags:    restored by the kernel from R11.
TEXT ·Perform(SB), NOSPLIT, $0-72
	MOVQ postponed+0(FP), R12
	MOVQ nr+8(FP), AX
	MOVQ a0+16(FP), DI
	MOVQ a1+24(FP), SI
	MOVQ a2+32(FP), DX
	MOVQ a3+40(FP), R10
	MOVQ a4+48(FP), R8
	MOVQ a5+56(FP), R9
	XORL CX, CX // Begun
	JMP  ·interruptible(SB)

// interruptible: the end of Perform, apart so that its instructions have known
// places.
//
// A signal that is taken before the SYSCALL has run (RIP up to performCall: it
// has not begun, or the kernel backed up to restart it) and one taken behind it
// (RIP = performDone, RAX its result) are told apart by RIP alone. A signal
// before the first instruction has set *postponed, which is seen here.
//
//	if *postponed != 0 { return NotMade }
//	return syscall(…)
TEXT ·interruptible(SB), NOSPLIT|NOFRAME, $0
	CMPL (R12), $0
	JNE  notMade
	SYSCALL
	MOVQ AX, 72(SP) // ret+64(FP) of Perform, whose return address is at 0(SP)
	RET

notMade:
	MOVQ $-513, 72(SP) // NotMade
	RET

// func interruptibleAddr() uintptr
//
// Out:      ret+0(FP) = address of interruptible.
// Clobbers: AX.
TEXT ·interruptibleAddr(SB), NOSPLIT, $0-8
	LEAQ ·interruptible(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func sigreturnAddr() uintptr
//
// Out:      ret+0(FP) = address of sigreturn.
// Clobbers: AX.
TEXT ·sigreturnAddr(SB), NOSPLIT, $0-8
	LEAQ ·sigreturn(SB), AX
	MOVQ AX, ret+0(FP)
	RET

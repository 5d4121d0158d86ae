#include "go_asm.h"
#include "textflag.h"

// nextCall: long next(long number, long a, long b, long c, long d, long e, long f).
//
// In:       as the System V ABI has it: RDI, RSI, RDX, RCX, R8, R9, 8(SP).
// Out:      RAX = the kernel's result; or the function that the program called, whose frame is above SP, is left: its
//           rule is Make, and hostEntry goes on as if it had returned.
// Stack:    64 bytes, and what flushFn uses.
// Clobbers: RCX, RDX, RSI, RDI, R8, R9, R10, R11, and what flushFn does.
TEXT ·nextCall(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	CMPQ DI, $const_nrRtSigreturn
	JEQ  leave
	CMPQ DI, $const_nrVfork
	JEQ  leave
	CMPQ DI, $const_nrClone3
	JEQ  leave
	CMPQ DI, $const_nrClone
	JEQ  clone
	CMPQ DI, $const_nrFork
	JEQ  flush
	CMPQ DI, $const_nrExecve
	JEQ  flush
	CMPQ DI, $const_nrExecveat
	JEQ  flush
	CMPQ DI, $const_nrExitGroup
	JEQ  flush

call:
	JMP ·makeCall(SB)

clone:
	TESTQ $const_cloneVM, SI
	JNE  leave
	TESTQ DX, DX // a stack
	JNE  leave

flush:
	MOVQ ·flushFn(SB), AX
	TESTQ AX, AX
	JEQ  call
	SUBQ $56, SP
	MOVQ DI, 0(SP)
	MOVQ SI, 8(SP)
	MOVQ DX, 16(SP)
	MOVQ CX, 24(SP)
	MOVQ R8, 32(SP)
	MOVQ R9, 40(SP)
	XORL DI, DI
	CALL AX
	MOVQ 0(SP), DI
	MOVQ 8(SP), SI
	MOVQ 16(SP), DX
	MOVQ 24(SP), CX
	MOVQ 32(SP), R8
	MOVQ 40(SP), R9
	ADDQ $56, SP
	JMP  call

leave:
	CALL ·hostFrame(SB)
	TESTQ AX, AX
	JEQ  call
	JMP  ·leaveFor(SB)

// noIntercept: long syscall_no_intercept(long number, ...): makeCall; but where the function is called before the same call, and that is one that
// comes back twice, or on another stack, as nextCall.
//
// In:       as nextCall.
// Out:      as nextCall.
// Stack:    8 bytes.
// Clobbers: RCX, RDX, RSI, RDI, R8, R9, R10, R11.
TEXT ·noIntercept(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	CMPQ DI, $const_nrRtSigreturn
	JEQ  twice
	CMPQ DI, $const_nrVfork
	JEQ  twice
	CMPQ DI, $const_nrClone3
	JEQ  twice
	CMPQ DI, $const_nrClone
	JNE  call
	TESTQ $const_cloneVM, SI
	JNE  twice
	TESTQ DX, DX // a stack
	JEQ  call

twice:
	CMPL libsystrap∕internal∕core·Trapping(SB), $0
	JEQ  call
	CALL ·hostFrame(SB)
	TESTQ AX, AX
	JEQ  call
	CMPQ const_frameRule(AX), $const_ruleDone
	JEQ  call
	CMPQ DI, const_frameRAX(AX)
	JNE  call
	JMP  ·leaveFor(SB)

call:
	JMP ·makeCall(SB)

// leaveFor leaves the function that is called before a call, as if it had returned, for the program to make that.
//
// In:       the call as nextCall has it, RAX = the function's frame.
// Out:      jumps to where the function returns to.
TEXT ·leaveFor(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	MOVQ 8(SP), R10
	MOVQ DI, const_frameRAX(AX) // the kernel's registers for what were a C function's
	MOVQ SI, (const_frameRegs+8*8)(AX)
	MOVQ DX, (const_frameRegs+9*8)(AX)
	MOVQ CX, (const_frameRegs+12*8)(AX)
	MOVQ R8, (const_frameRegs+2*8)(AX)
	MOVQ R9, (const_frameRegs+0*8)(AX)
	MOVQ R10, (const_frameRegs+1*8)(AX)
	MOVQ $const_ruleMake, const_frameRule(AX)
	LEAQ const_frameSize(AX), BX // where hostEntry has the vector state
	MOVQ -8(AX), CX              // the return address of its call
	MOVQ AX, SP
	JMP  CX

// hostFrame: a trap, which gives RAX the frame of the function that runs here, or 0. It keeps all else.
TEXT ·hostFrame(SB), NOSPLIT|NOFRAME, $0
	UD2
	RET

// func nextSpan() (from, to uintptr): where the code above lies; noIntercept is kept by it.
//
// Out:      from+0(FP), to+8(FP).
// Clobbers: AX.
TEXT ·nextSpan(SB), NOSPLIT, $0-16
	LEAQ ·noIntercept(SB), AX
	LEAQ ·nextCall(SB), AX
	MOVQ AX, from+0(FP)
	LEAQ ·nextSpan(SB), AX
	MOVQ AX, to+8(FP)
	RET

// func nextAddress() uintptr
//
// Out:      ret+0(FP) = the address of nextCall.
// Clobbers: AX.
TEXT ·nextAddress(SB), NOSPLIT, $0-8
	LEAQ ·nextCall(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func hostFrameAddress() uintptr
//
// Out:      ret+0(FP) = the address of hostFrame.
// Clobbers: AX.
TEXT ·hostFrameAddress(SB), NOSPLIT, $0-8
	LEAQ ·hostFrame(SB), AX
	MOVQ AX, ret+0(FP)
	RET

#include "go_asm.h"
#include "textflag.h"

// Writes struct generic_syscall of build/include/systrap.h at 0(SP): the frame, in the place of the saved context, the number, and the
// arguments as the program's registers have them.
//
// In:       DI = the frame (core.HostFrame), NUMBER = a register with the number.
// Clobbers: AX.
#define GENERIC_SYSCALL(NUMBER) \
	MOVQ DI, 0(SP) \
	MOVQ NUMBER, 8(SP) \
	MOVQ (const_frameRegs+8*8)(DI), AX \
	MOVQ AX, 16(SP) \
	MOVQ (const_frameRegs+9*8)(DI), AX \
	MOVQ AX, 24(SP) \
	MOVQ (const_frameRegs+12*8)(DI), AX \
	MOVQ AX, 32(SP) \
	MOVQ (const_frameRegs+2*8)(DI), AX \
	MOVQ AX, 40(SP) \
	MOVQ (const_frameRegs+0*8)(DI), AX \
	MOVQ AX, 48(SP) \
	MOVQ (const_frameRegs+1*8)(DI), AX \
	MOVQ AX, 56(SP)

// callBefore: what the program calls before a call: the tool's pre-handling and, if there is one, the call's replacement.
//
// In:       DI = the frame, whose rule is Make. SP as the System V ABI has it.
// Out:      AX = the result, with rule Return, if there is a replacement.
// Stack:    80 bytes, and what the functions use.
// Clobbers: what the System V ABI lets a function clobber.
TEXT ·callBefore(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	SUBQ $72, SP
	MOVQ const_regRAX(DI), CX
	GENERIC_SYSCALL(CX)
	MOVQ ·preFn(SB), AX
	TESTQ AX, AX
	JEQ  replace
	MOVQ SP, DI
	CALL AX

replace:
	MOVQ 0(SP), DI
	MOVQ const_regRAX(DI), CX
	CMPQ CX, $const_tableSize
	JCC  out
	MOVQ ·replacedAt(SB), DX
	MOVQ (DX)(CX*8), AX
	TESTQ AX, AX
	JEQ  out
	MOVQ SP, DI
	LEAQ ·post(SB), SI
	CALL AX
	MOVQ 0(SP), CX
	MOVQ $const_ruleReturn, const_frameRule(CX)
	MOVQ const_frameResult(CX), AX

out:
	ADDQ $72, SP
	RET

// callBehind: what the program calls behind a call that was made: the tool's post-handling.
//
// In:       DI = the frame, SI = the number, DX = the result, CX = what a new thread calls first, or 0.
// Stack:    80 bytes, and what the function uses.
// Clobbers: what the System V ABI lets a function clobber.
TEXT ·callBehind(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	SUBQ $72, SP
	GENERIC_SYSCALL(SI)
	MOVQ DX, 64(SP)
	TESTQ CX, CX
	JEQ  begun
	CALL CX

begun:
	MOVQ SP, DI
	MOVQ 64(SP), SI
	MOVL $1, DX
	MOVQ ·postFn(SB), AX
	CALL AX
	ADDQ $72, SP
	RET

// post: void post(struct generic_syscall *s, long ret, bool resume): what a replacement calls with its result.
//
// In:       DI, SI, DX.
// Stack:    16 bytes, and what the tool's function uses.
// Clobbers: what the System V ABI lets a function clobber.
TEXT ·post(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	MOVQ 0(DI), CX
	MOVQ SI, const_frameResult(CX)
	MOVQ ·postFn(SB), AX
	TESTQ AX, AX
	JEQ  none
	SUBQ $8, SP
	CALL AX
	ADDQ $8, SP

none:
	RET

// installHandler: void install_sigill_handler(void).
//
// Stack:    none.
// Clobbers: nothing.
TEXT ·installHandler(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	MOVL $1, ·handlerWanted(SB)
	RET

// trapMappings: void trap_all_mappings(void).
//
// Stack:    none.
// Clobbers: nothing.
TEXT ·trapMappings(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	MOVL $1, ·trapsWanted(SB)
	RET

// getIP: void *generic_syscall_get_ip(struct generic_syscall *s): where the call is.
//
// In:       DI.
// Out:      AX.
// Stack:    none.
// Clobbers: AX, CX.
TEXT ·getIP(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	MOVQ 0(DI), CX
	MOVQ const_regRIP(CX), AX
	RET

// func callSpan() (from, to uintptr): where the code above lies.
//
// Out:      from+0(FP), to+8(FP).
// Clobbers: AX.
TEXT ·callSpan(SB), NOSPLIT, $0-16
	LEAQ ·callBefore(SB), AX
	MOVQ AX, from+0(FP)
	LEAQ ·callSpan(SB), AX
	MOVQ AX, to+8(FP)
	RET

// func callAddress(which uintptr) uintptr
//
// Out:      ret+8(FP) = the address of a function above, by its number.
// Clobbers: AX, CX.
TEXT ·callAddress(SB), NOSPLIT, $0-16
	MOVQ which+0(FP), CX
	LEAQ ·callBefore(SB), AX
	CMPQ CX, $const_callsBefore
	JEQ  found
	LEAQ ·callBehind(SB), AX
	CMPQ CX, $const_callsBehind
	JEQ  found
	LEAQ ·installHandler(SB), AX
	LEAQ ·trapMappings(SB), AX
	LEAQ ·getIP(SB), AX

found:
	MOVQ AX, ret+8(FP)
	RET

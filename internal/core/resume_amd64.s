#include "go_asm.h"
#include "textflag.h"

// resumeDirect: what the restorer's rt_sigreturn(2) does, without the call: where that
// is quicker (onlyRegisters), and where a filter forbids it.
//
// In:       R14 = the stub's entryFrame, whose door.leaving is set: up to the jump
//           a signal finds the program's context there (turn). DX = the ucontext to
//           load. The signal mask is right already, and so is uc_stack.
// Out:      all registers and the vector state as in the ucontext, at its RIP.
// Stack:    none. If RCX is not RIP, eight bytes below the red zone of where it goes.
//
//	if fp := uc.fpstate; fp != 0 {
//		if fp has an XSAVE area { XRSTOR fp, with all it holds } else { FXRSTOR fp }
//	}
//	R8 = uc.R8; R9 = &uc.eflags
//	if uc.rcx == uc.rip { goto resumeCall }
//	*(uc.rsp + resumeSlot) = uc.rip
//	goto resumeAny
TEXT ·resumeDirect(SB), NOSPLIT|NOFRAME, $0
	MOVQ DX, R10
	MOVQ const_ucFpstate(R10), BX
	TESTQ BX, BX
	JZ   general
	CMPL const_fpSwReserved(BX), $const_fpMagic1
	JNE  legacy
	MOVL const_fpSwFeatures(BX), AX
	MOVL (const_fpSwFeatures+4)(BX), DX
	BYTE $0x48; BYTE $0x0f; BYTE $0xae; BYTE $0x2b // XRSTOR64 (BX)
	JMP  general

legacy:
	BYTE $0x48; BYTE $0x0f; BYTE $0xae; BYTE $0x0b // FXRSTOR64 (BX)

general:
	MOVQ (const_ucEFLAGS+const_scR8)(R10), R8
	LEAQ const_ucEFLAGS(R10), R9
	MOVQ const_scRIP(R9), CX
	CMPQ CX, const_scRCX(R9)
	JNE  any
	LEAQ ·resumeCall(SB), R11
	JMP  R11

any:
	MOVQ const_scRSP(R9), BX
	MOVQ CX, const_resumeSlot(BX)
	LEAQ ·resumeAny(SB), R11
	JMP  R11

// Loads all general registers but R8 and RSP, and the flags, from the struct
// sigcontext at whose eflags R9 points. The stack pointer is there meanwhile, so that
// turn finds what is not loaded yet; what the kernel builds below its red zone there
// leaves all but R8.
#define LOAD_REGISTERS \
	MOVQ R9, SP \
	MOVQ const_scR9(SP), R9 \
	MOVQ const_scR10(SP), R10 \
	MOVQ const_scR11(SP), R11 \
	MOVQ const_scR12(SP), R12 \
	MOVQ const_scR13(SP), R13 \
	MOVQ const_scR14(SP), R14 \
	MOVQ const_scR15(SP), R15 \
	MOVQ const_scRDI(SP), DI \
	MOVQ const_scRSI(SP), SI \
	MOVQ const_scRBP(SP), BP \
	MOVQ const_scRBX(SP), BX \
	MOVQ const_scRDX(SP), DX \
	MOVQ const_scRAX(SP), AX \
	MOVQ const_scRCX(SP), CX \
	POPFQ \
	MOVQ (const_scRSP-8)(SP), SP

// resumeCall: the end of resumeDirect behind a call, which leaves the next pc in RCX:
// nothing is written to the program's stack.
TEXT ·resumeCall(SB), NOSPLIT|NOFRAME, $0
	LOAD_REGISTERS
	JMP CX

// resumeAny: the end of resumeDirect elsewhere, by way of the pc in resumeSlot.
TEXT ·resumeAny(SB), NOSPLIT|NOFRAME, $0
	LOAD_REGISTERS
	JMP const_resumeSlot(SP)

// func resumeCallAddr() uintptr
//
// Out:      ret+0(FP) = address of resumeCall.
// Clobbers: AX.
TEXT ·resumeCallAddr(SB), NOSPLIT, $0-8
	LEAQ ·resumeCall(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func resumeAnyAddr() uintptr
//
// Out:      ret+0(FP) = address of resumeAny.
// Clobbers: AX.
TEXT ·resumeAnyAddr(SB), NOSPLIT, $0-8
	LEAQ ·resumeAny(SB), AX
	MOVQ AX, ret+0(FP)
	RET

#include "go_asm.h"
#include "textflag.h"
#include "hostvectors_amd64.h"

// This file is the boundary: on one side is verified Go, on the other C, compiled by an ordinary compiler, of which nothing is
// known but that it keeps what the System V ABI for AMD64 (3.2) has a function keep. All that runs here runs as the program, in its
// signal mask, with its FS base: a signal's handler may interrupt it at each instruction, and may never come back.
// See docs/decisions/hooks-in-c.md.

// hostEntry: where the program goes on instead of making a call. It calls frame.fn and then goes on as frame.rule says.
//
// In:       SP = a frame (core.HostFrame) at a multiple of 64, with saveSize bytes behind it; all other registers but RIP, RCX, R11
//           and the flags are the program's, as they are in frame.regs. DF and AC are clear.
// Out:      jumps to hostDone or hostRedo.
// Stack:    what the function uses below the frame. At the call SP is a multiple of 16, the arguments behind the sixth are where a
//           C function has them, the x87 stack is empty, and the upper halves of the vector registers are clear where they were in
//           use. The control words of x87 and MXCSR are the program's.
// Kept:     the whole vector state, as far as it is in use (AMX tiles are not written if there are none); errno.
// Clobbers: everything, all of it is in the frame.
//
//	save the vector state: by plain stores, if what is in use can be, else by what saveKind says
//	if errnoFn != nil { frame.errnoAt = errnoFn(); frame.errno = *frame.errnoAt } else { frame.errnoAt = nil }
//	ret := frame.fn(frame.args...)
//	if frame.errnoAt != nil { *frame.errnoAt = frame.errno }
//	load the vector state
//	switch frame.rule {
//	case ruleMake, ruleAsk and ruleAskTell if int(ret) != 0: regs.rcx = regs.rip; goto redoTo // hostRedo or hostJump
//	case ruleReturn: frame.result = ret; regs.rip += 2
//	case ruleAsk: regs.rip += 2
//	case ruleAskTell: regs.rcx = regs.rip; goto hostTell
//	}
//	regs.rax = frame.result; regs.rcx = regs.rip; regs.r11 = regs.eflags; goto hostDone
TEXT ·hostEntry(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	LEAQ const_frameSize(SP), BX
	MOVQ $0, const_frameVectors(SP)
	CMPL ·saveKind(SB), $const_savePlain
	JNE  area
	MOVL $1, CX
	XGETBV
	ANDL ·saveMask(SB), AX
	ANDL ·saveMask+4(SB), DX
	MOVL AX, CX
	ANDL $const_notPlain, CX
	ORL  DX, CX
	JNE  area
	ORL  $const_featureSSE, AX
	MOVQ AX, const_frameVectors(SP)
	STMXCSR const_plainMXCSR(BX)
	TESTL $const_featureUpper, AX
	JNE  saveUpper
	LOW_XMM(SAVE)

saveHigh:
	TESTL $const_featureHi16, AX
	JEQ  saveMasks
	HIGH_ZMM(SAVE)

saveMasks:
	TESTL $const_featureMasks, AX
	JEQ  errno
	MASKS(SAVE)
	JMP  errno

saveUpper:
	TESTL $const_featureHi16, ·saveMask(SB)
	JNE  saveZMM
	LOW_YMM(SAVE)
	VZEROUPPER
	JMP  errno

saveZMM:
	LOW_ZMM(SAVE)
	VZEROUPPER
	JMP  saveHigh

area:
	CMPL ·saveKind(SB), $const_saveLegacy
	JEQ  legacy
	CLEAR_HEADER
	MOVL ·saveMask(SB), AX
	MOVL ·saveMask+4(SB), DX
	CMPL ·saveKind(SB), $const_saveWhole
	JEQ  whole
	BYTE $0x48; BYTE $0x0f; BYTE $0xc7; BYTE $0x23 // XSAVEC64 (BX)
	JMP  saved

whole:
	BYTE $0x48; BYTE $0x0f; BYTE $0xae; BYTE $0x23 // XSAVE64 (BX)

saved:
	TESTL $const_featureUpper, const_xsaveHeader(BX)
	JEQ  narrow
	VZEROUPPER

narrow:
	TESTL $1, const_xsaveHeader(BX)
	JEQ  errno
	JMP  x87

legacy:
	BYTE $0x48; BYTE $0x0f; BYTE $0xae; BYTE $0x03 // FXSAVE64 (BX)

x87:
	BYTE $0xdb; BYTE $0xe3 // FNINIT
	BYTE $0xd9; BYTE $0x2b // FLDCW (BX)

errno:
	MOVQ ·errnoFn(SB), AX
	TESTQ AX, AX
	JEQ  call
	CALL AX
	MOVL (AX), CX
	MOVL CX, const_frameErrno(SP)

call:
	MOVQ AX, const_frameErrnoAt(SP)
	MOVQ (const_frameArgs+0*8)(SP), DI
	MOVQ (const_frameArgs+1*8)(SP), SI
	MOVQ (const_frameArgs+2*8)(SP), DX
	MOVQ (const_frameArgs+3*8)(SP), CX
	MOVQ (const_frameArgs+4*8)(SP), R8
	MOVQ (const_frameArgs+5*8)(SP), R9
	XORL AX, AX // no vector arguments
	XORL BP, BP // nobody below
	CALL const_frameFn(SP)
	MOVQ AX, R10
	MOVQ const_frameErrnoAt(SP), CX
	TESTQ CX, CX
	JEQ  load
	MOVL const_frameErrno(SP), AX
	MOVL AX, (CX)

load:
	MOVQ const_frameVectors(SP), R8
	TESTQ R8, R8
	JEQ  loadArea
	MOVL $1, CX
	XGETBV
	ANDL ·saveMask(SB), AX
	ANDL ·saveMask+4(SB), DX
	MOVL AX, R9
	MOVL R8, CX
	NOTL CX
	ANDL AX, CX
	ANDL $const_notLow, CX // what has come into use meanwhile
	MOVL CX, AX
	ORL  DX, CX
	JNE  initial

plain:
	LDMXCSR const_plainMXCSR(BX)
	TESTL $const_featureUpper, R8
	JNE  loadUpper
	TESTL $const_featureUpper, R9
	JEQ  loadLow
	VZEROUPPER

loadLow:
	LOW_XMM(LOAD)

loadHigh:
	TESTL $const_featureHi16, R8
	JEQ  loadMasks
	HIGH_ZMM(LOAD)

loadMasks:
	TESTL $const_featureMasks, R8
	JEQ  loaded
	MASKS(LOAD)
	JMP  loaded

loadUpper:
	TESTL $const_featureHi16, ·saveMask(SB)
	JNE  loadZMM
	LOW_YMM(LOAD)
	JMP  loaded

loadZMM:
	LOW_ZMM(LOAD)
	JMP  loadHigh

initial: // EDX:EAX become what they are if nobody uses them: there is nothing in the header
	MOVQ $0, const_xsaveHeader(BX)
	CLEAR_HEADER
	BYTE $0x48; BYTE $0x0f; BYTE $0xae; BYTE $0x2b // XRSTOR64 (BX)
	JMP  plain

loadArea:
	CMPL ·saveKind(SB), $const_saveLegacy
	JEQ  loadLegacy
	MOVL ·saveMask(SB), AX
	MOVL ·saveMask+4(SB), DX
	BYTE $0x48; BYTE $0x0f; BYTE $0xae; BYTE $0x2b // XRSTOR64 (BX)
	JMP  loaded

loadLegacy:
	BYTE $0x48; BYTE $0x0f; BYTE $0xae; BYTE $0x0b // FXRSTOR64 (BX)

loaded:
	MOVQ const_frameActive(SP), R11
	LEAQ const_frameEFLAGS(SP), R9
	MOVQ const_scRIP(R9), CX
	MOVQ const_frameRule(SP), AX
	CMPQ AX, $const_ruleDone
	JEQ  done
	CMPQ AX, $const_ruleMake
	JEQ  redo
	CMPQ AX, $const_ruleReturn
	JEQ  return
	TESTL R10, R10
	JNE  redo
	CMPQ AX, $const_ruleAsk
	JEQ  behind
	MOVQ CX, const_scRCX(R9)
	MOVQ const_scR8(R9), R8
	LEAQ ·hostTell(SB), CX
	JMP  CX

return:
	MOVQ R10, const_frameResult(SP)

behind:
	ADDQ $2, CX
	MOVQ CX, const_scRIP(R9)

done:
	MOVQ const_frameResult(SP), AX
	MOVQ AX, const_scRAX(R9)
	MOVQ CX, const_scRCX(R9)
	MOVQ (R9), AX
	MOVQ AX, const_scR11(R9)
	MOVQ const_scR8(R9), R8
	LEAQ ·hostDone(SB), CX
	JMP  CX

redo:
	MOVQ CX, const_scRCX(R9)
	LEAQ 2(CX), AX
	MOVQ AX, const_scR11(R9)
	MOVQ const_scR8(R9), R8
	MOVQ ·redoTo(SB), CX
	JMP  CX

// Gives the frame up and loads all general registers but R8 from it, as resumeCall does (internal/core, resume_amd64.s): what a
// signal finds in there is turned into what it leads to, by the offsets of its instructions (core.HostLeaving).
//
// In:       R11 = frame.active, R9 = &frame.regs.eflags, R8 = frame.regs.r8.
#define LEAVE_FRAME \
	MOVL $0, (R11) \
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

// hostDone: the program goes on with the registers of the frame, at RCX.
TEXT ·hostDone(SB), NOSPLIT|NOFRAME, $0
	LEAVE_FRAME
	JMP CX

// hostRedo: the program goes on with the registers of the frame, at the trap that makes the call of the site at RCX.
TEXT ·hostRedo(SB), NOSPLIT|NOFRAME, $0
	LEAVE_FRAME
	JMP ·hostAgain(SB)

// hostJump: as hostRedo, by the jump door, with R11 behind the site.
TEXT ·hostJump(SB), NOSPLIT|NOFRAME, $0
	LEAVE_FRAME
	JMP libsystrap∕internal∕core·jumpDoorPast(SB)

// hostTell: the program goes on with the registers of the frame, at the trap that gives the call of the site at RCX its result.
TEXT ·hostTell(SB), NOSPLIT|NOFRAME, $0
	LEAVE_FRAME
	JMP ·hostTold(SB)

// hostAgain: a trap. All registers are the program's but RCX, which is the address of a site.
TEXT ·hostAgain(SB), NOSPLIT|NOFRAME, $0
	UD2

// hostTold: as hostAgain, for a call that has its result in the frame.
TEXT ·hostTold(SB), NOSPLIT|NOFRAME, $0
	UD2

// hostCall: a trap: the call that the registers say, of nobody's but the function's. It returns to its caller.
TEXT ·hostCall(SB), NOSPLIT|NOFRAME, $0
	UD2
	RET

// makeCall: long syscall(long number, ...), with up to six arguments, and no errno: the result is the kernel's. No function
// of the tool's is called for it.
//
// In:       as the System V ABI has it: RDI, RSI, RDX, RCX, R8, R9, 8(SP).
// Out:      RAX.
// Stack:    none.
// Clobbers: RCX, RDX, RSI, RDI, R8, R9, R10, R11.
TEXT ·makeCall(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	MOVQ DI, AX
	MOVQ SI, DI
	MOVQ DX, SI
	MOVQ CX, DX
	MOVQ R8, R10
	MOVQ R9, R8
	MOVQ 8(SP), R9
	CMPL libsystrap∕internal∕core·Trapping(SB), $0
	JEQ  untrapped
	LEAQ ·hostCall(SB), R11
	ADDQ $2, R11
	MOVQ ·callTo(SB), CX
	JMP  CX

untrapped:
	JMP libsystrap∕rawsys·ForC(SB)

// hostEnd: behind all that the program runs here.
TEXT ·hostEnd(SB), NOSPLIT|NOFRAME, $0
	RET

// func address(which uintptr) uintptr
//
// Out:      ret+8(FP) = the address of a function above, by its number.
// Clobbers: AX, CX.
TEXT ·address(SB), NOSPLIT, $0-16
	MOVQ which+0(FP), CX
	LEAQ ·hostEntry(SB), AX
	CMPQ CX, $const_atEntry
	JEQ  found
	LEAQ ·hostDone(SB), AX
	CMPQ CX, $const_atDone
	JEQ  found
	LEAQ ·hostRedo(SB), AX
	CMPQ CX, $const_atRedo
	JEQ  found
	LEAQ ·hostJump(SB), AX
	CMPQ CX, $const_atJump
	JEQ  found
	LEAQ ·hostTell(SB), AX
	CMPQ CX, $const_atTell
	JEQ  found
	LEAQ ·hostTold(SB), AX
	CMPQ CX, $const_atTold
	JEQ  found
	LEAQ ·hostAgain(SB), AX
	CMPQ CX, $const_atAgain
	JEQ  found
	LEAQ ·hostCall(SB), AX
	CMPQ CX, $const_atCall
	JEQ  found
	LEAQ ·hostEnd(SB), AX

found:
	MOVQ AX, ret+8(FP)
	RET

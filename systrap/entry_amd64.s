#include "go_asm.h"
#include "textflag.h"

// Enters Go from foreign code: ABIInternal wants R14 = g, X15 = 0 and DX = the
// closure. FRAME is the stub's entryFrame at 0(SP) above the outgoing area.
//
// The fake g's guard is set so that running over stackBudget reaches
// morestack, which the converter redirects to fatalEntry.
#define ENTER_GO \
	LEAQ frame-entryFrame__size(SP), R14 \
	MOVQ SP, R12 \
	SUBQ $const_stackBudget, R12 \
	MOVQ R12, (entryFrame_g+fakeG_stackLo)(R14) \
	MOVQ R12, (entryFrame_g+fakeG_stackguard0)(R14) \
	MOVQ R12, (entryFrame_g+fakeG_stackguard1)(R14) \
	XORPS X15, X15

// libraryEntry: DT_INIT.
//
// In:       DI = argc, SI = argv, DX = envp (glibc); anything (musl).
// Out:      nothing.
// Stack:    the loader's; 16-byte alignment is not needed.
// Clobbers: what the System V ABI lets a function clobber.
TEXT ·libraryEntry(SB), NOSPLIT, $256-0
	MOVQ $0, frame-(entryFrame__size-entryFrame_door-door_uc)(SP) // no program below us
	LEAQ ·fatalEntry(SB), AX // nothing else refers to it before the conversion
	MOVQ BX, 32(SP)
	MOVQ R12, 40(SP)
	MOVQ R13, 48(SP)
	MOVQ R14, 56(SP)
	MOVQ R15, 64(SP)
	ENTER_GO
	MOVQ DI, AX
	MOVQ SI, BX
	MOVQ DX, CX
	LEAQ entryFrame_call(R14), DI
	MOVQ ·libraryInitFn(SB), DX
	CALL (DX)
	MOVQ 32(SP), BX
	MOVQ 40(SP), R12
	MOVQ 48(SP), R13
	MOVQ 56(SP), R14
	MOVQ 64(SP), R15
	RET

// trapEntry: handler of our own signals (SA_SIGINFO).
//
// In:       DI = signo, SI = siginfo, DX = ucontext, SP = restorer.Frame.
//           DF is clear (the kernel clears it, arch/x86/kernel/signal.c).
// Out:      returns to the restorer, which loads all registers from the frame;
//           or jumps to the program's handler with DI, SI, DX and SP as the
//           kernel gave them to us.
// Stack:    the program's, below its red zone; in a vfork child with a stack
//           of its own, only this frame is there and the rest on childStack.top.
// Clobbers: everything, all of it is restored by rt_sigreturn.
//
//	top = 0
//	if childStackCount != 0 {
//		for each s in childStacks { if s.lo <= SP < s.hi { top = s.top } }
//	}
//	if top != 0 { switch to top }
//	handler, frame = trap(siginfo, ucontext, &call, &door)
//	if top != 0 { switch back }
//	if handler == 0 { return to the restorer }
//	SP = frame; goto handler(frame.info.si_signo, &frame.info, &frame.uc)
TEXT ·trapEntry(SB), NOSPLIT|TOPFRAME, $256-0
	LEAQ frame-entryFrame__size(SP), R14
	MOVQ DX, (entryFrame_door+door_uc)(R14) // from here on R14 leads to it: stubPrologue
	ENTER_GO

	// The kernel leaves the program's AC flag set: no unaligned access may
	// fault here (SDM vol. 3, 6.15, "Alignment Check Exception").
	PUSHFQ
	ANDL $~0x40000, 0(SP)
	POPFQ
	MOVQ SI, AX
	MOVQ DX, BX
	LEAQ entryFrame_call(R14), CX
	LEAQ entryFrame_door(R14), DI
	CMPL ·childStackCount(SB), $0
	JNE  findStack

here:
	MOVQ ·trapFn(SB), DX
	CALL (DX)

done:
	TESTQ AX, AX
	JNZ forward
	RET

findStack:
	LEAQ ·childStacks(SB), R8
	MOVL $const_maxChildStacks, R9

next:
	CMPQ SP, childStack_lo(R8)
	JB   skip
	CMPQ SP, childStack_hi(R8)
	JAE  skip
	MOVQ childStack_top(R8), R10
	MOVQ R10, R12
	SUBQ $const_childStackSize, R12
	MOVQ R12, (entryFrame_g+fakeG_stackLo)(R14)
	MOVQ R12, (entryFrame_g+fakeG_stackguard0)(R14)
	MOVQ R12, (entryFrame_g+fakeG_stackguard1)(R14)
	LEAQ -64(R10), SP
	MOVQ ·trapFn(SB), DX
	CALL (DX)
	LEAQ -256(BP), SP // BP is this frame's, and compiled code keeps it
	JMP  done

skip:
	ADDQ $childStack__size, R8
	DECL R9
	JNZ  next
	JMP  here

forward:
	MOVL const_frameInfo(BX), DI // si_signo
	LEAQ const_frameInfo(BX), SI
	LEAQ const_frameUc(BX), DX
	MOVQ AX, CX
	XORL AX, AX // no vector arguments, as the kernel has it
	MOVQ BX, SP
	JMP CX

// fatalEntry: never returns.
//
// In:       0(SP) = return address of the call that should not have happened.
// Stack:    a fresh frame below; the depth that led here does not matter as
//           nothing returns.
// Clobbers: everything.
TEXT ·fatalEntry(SB), NOSPLIT|TOPFRAME, $256-0
	MOVQ (256+8)(SP), AX
	MOVQ $0, frame-(entryFrame__size-entryFrame_door-door_uc)(SP)
	ENTER_GO
	MOVQ ·fatalFn(SB), DX
	CALL (DX)
	UD2

// func trapEntryAddr() uintptr
//
// Out:      ret+0(FP) = address of trapEntry.
// Clobbers: AX.
TEXT ·trapEntryAddr(SB), NOSPLIT, $0-8
	LEAQ ·trapEntry(SB), AX
	MOVQ AX, ret+0(FP)
	RET

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
TEXT ·libraryEntry(SB), NOSPLIT, $512-0
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

// trapEntry: handler of our own signals (SA_SIGINFO), and where handlerEntry
// goes with others.
//
// In:       DI = signo, SI = siginfo, DX = ucontext, SP = restorer.Frame.
//           AX = 0 from the kernel (x64_setup_rt_frame, arch/x86/kernel/signal_64.c),
//           1 << deliveringShift from handlerEntry.
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
//	if handler == 0 {
//		door.leaving = 1
//		if door.postponed != 0 { late(&door, &call); return to the restorer }
//		if frame != 0 { SP = frame; goto rt_sigreturn }
//		return to the restorer
//	}
//	door.handler, door.at, door.entering = handler, frame, 1
//	if door.postponed != 0 { late(&door, &call) } // does not return
//	SP = frame; goto handler(frame.info.si_signo, &frame.info, &frame.uc)
TEXT ·trapEntry(SB), NOSPLIT|TOPFRAME, $512-0
	LEAQ frame-entryFrame__size(SP), R14
	MOVQ $0, (entryFrame_door+door_postponed)(R14) // and leaving
	MOVQ AX, (entryFrame_door+door_entering)(R14) // and delivering
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
	MOVL $1, (entryFrame_door+door_leaving)(R14)
	CMPL (entryFrame_door+door_postponed)(R14), $0
	JNE  postponed
	TESTQ BX, BX
	JNZ sigreturn
	RET

sigreturn:
	MOVQ BX, AX
	LEAQ libsystrap∕rawsys·sigreturn(SB), CX
	JMP CX

postponed:
	LEAQ entryFrame_door(R14), AX
	LEAQ entryFrame_call(R14), BX
	MOVQ ·lateFn(SB), DX
	CALL (DX)
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
	LEAQ -512(BP), SP // BP is this frame's, and compiled code keeps it
	JMP  done

skip:
	ADDQ $childStack__size, R8
	DECL R9
	JNZ  next
	JMP  here

forward:
	MOVQ AX, (entryFrame_door+door_handler)(R14)
	MOVQ BX, (entryFrame_door+door_at)(R14)
	MOVL $1, (entryFrame_door+door_entering)(R14) // a signal from here on interrupts the handler
	CMPL (entryFrame_door+door_postponed)(R14), $0
	JNE  postponed
	MOVL const_frameInfo(BX), DI // si_signo
	LEAQ const_frameInfo(BX), SI
	LEAQ const_frameUc(BX), DX
	MOVQ AX, CX
	XORL AX, AX // no vector arguments, as the kernel has it
	MOVQ BX, SP
	JMP CX

// handlerEntry: handler of the signals that the program handles.
//
// In:       DI = signo, SI = siginfo, DX = ucontext, SP = restorer.Frame.
// Out:      jumps to the program's handler, with DI, SI, DX and SP as they came
//           and AX = 0, or to trapEntry.
// Stack:    none.
// Clobbers: AX, CX. DI, SI and DX stay as they are to the end: a signal that
//           interrupts us finds the frame through them (inEntry).
//
//	if handlersSlow == 0 && vmChildCount == 0 && uc.rip is not in ownText {
//		if h := dispositions[signo].handler; h > SIG_IGN { goto h }
//	}
//	goto trapEntry
TEXT ·handlerEntry(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	MOVL ·handlersSlow(SB), AX
	ORL  ·vmChildCount(SB), AX
	JNE  slow
	MOVQ const_ucRIP(DX), AX
	SUBQ ·ownText+textRange_start(SB), AX
	CMPQ AX, ·ownText+textRange_size(SB)
	JB   slow
	MOVL DI, CX
	SHLQ $const_actionShift, CX
	LEAQ ·dispositions(SB), AX
	MOVQ (AX)(CX*1), CX
	CMPQ CX, $const_sigIgn
	JBE  slow
	XORL AX, AX
	JMP  CX

slow:
	MOVL $1, AX
	SHLQ $const_deliveringShift, AX
	JMP ·trapEntry(SB)

// fatalEntry: never returns.
//
// In:       0(SP) = return address of the call that should not have happened.
// Stack:    a fresh frame below; the depth that led here does not matter as
//           nothing returns.
// Clobbers: everything.
TEXT ·fatalEntry(SB), NOSPLIT|TOPFRAME, $512-0
	MOVQ (512+8)(SP), AX
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

// func handlerEntryAddr() uintptr
//
// Out:      ret+0(FP) = address of handlerEntry.
// Clobbers: AX.
TEXT ·handlerEntryAddr(SB), NOSPLIT, $0-8
	LEAQ ·handlerEntry(SB), AX
	MOVQ AX, ret+0(FP)
	RET

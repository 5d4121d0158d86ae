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
// Stack:    this frame on the loader's, the rest on mainBlock; alignment is not
//           needed.
// Clobbers: what the System V ABI lets a function clobber.
TEXT ·libraryEntry(SB), NOSPLIT, $608-0
	MOVQ $0, frame-(entryFrame__size-entryFrame_door-door_uc)(SP) // no program below us
	LEAQ ·fatalEntry(SB), AX // nothing else refers to these before the conversion
	LEAQ libsystrap∕rawsys·Arrive(SB), AX
	MOVQ BX, 32(SP)
	MOVQ R12, 40(SP)
	MOVQ R13, 48(SP)
	MOVQ R14, 56(SP)
	MOVQ R15, 64(SP)
	ENTER_GO
	LEAQ ·mainBlock+const_threadStackSize(SB), R10
	MOVQ R10, (entryFrame_door+door_thread)(R14)
	MOVQ R10, R12
	SUBQ $const_stackBudget, R12
	MOVQ R12, (entryFrame_g+fakeG_stackLo)(R14)
	MOVQ R12, (entryFrame_g+fakeG_stackguard0)(R14)
	MOVQ R12, (entryFrame_g+fakeG_stackguard1)(R14)
	MOVQ DI, AX
	MOVQ SI, BX
	MOVQ DX, CX
	LEAQ entryFrame_call(R14), DI
	LEAQ -64(R10), SP
	MOVQ ·libraryInitFn(SB), DX
	CALL (DX)
	LEAQ -608(BP), SP // BP is this frame's, and compiled code keeps it
	CALL ·startFunction(SB)
	MOVQ 32(SP), BX
	MOVQ 40(SP), R12
	MOVQ 48(SP), R13
	MOVQ 56(SP), R14
	MOVQ 64(SP), R15
	RET

// trapEntry: handler of our own signals (SA_SIGINFO, SA_ONSTACK), and where
// handlerEntry goes with others.
//
// In:       DI = signo, SI = siginfo, DX = ucontext, SP = restorer.Frame.
//           AX = 0 from the kernel (x64_setup_rt_frame, arch/x86/kernel/signal_64.c),
//           1 << deliveringShift from handlerEntry.
//           DF is clear (the kernel clears it, arch/x86/kernel/signal.c).
// Out:      jumps to trapHere.
// Stack:    none. The frame is on a stack of ours, but for a thread's first trap: then
//           it is moved there, and loading it gives that stack to the kernel. DX is
//           the address of a whole ucontext at each instruction (inEntry).
// Clobbers: CX, R8, R9, R10, R11, DI, SI.
//
//	if uc.uc_stack is of our size { goto trapHere }
//	if the pc is behind flight i's stub { thread = flights[i].thread }
//	else if mainFresh { mainFresh = 0; thread = &mainBlock.thread }
//	if thread == nil || uc.fpstate == nil { goto trapHere } // it stays where it is
//	copy the frame and its fpstate to the end of thread's stack
//	thread.untold = true
//	set the copy's fpstate and uc_stack; SP = the copy
//	goto trapHere
TEXT ·trapEntry(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	CMPQ const_ucStackSize(DX), $const_threadStackSize
	JNE  first
	JMP  ·trapHere(SB)

first:
	MOVQ const_ucRIP(DX), CX
	LEAQ libsystrap∕rawsys·stubs(SB), R8
	SUBQ R8, CX
	CMPQ CX, $const_stubsSize
	JAE  main
	SHRQ $2, CX
	IMUL3Q $flight__size, CX, CX
	LEAQ ·flights(SB), R8
	MOVQ flight_thread(R8)(CX*1), R8
	JMP  found

main:
	XORL R9, R9
	XCHGL R9, ·mainFresh(SB)
	LEAQ ·mainBlock+const_threadStackSize(SB), R8
	TESTL R9, R9
	JZ   stay

found:
	TESTQ R8, R8
	JZ   stay
	MOVQ const_ucFpstate(DX), R11
	TESTQ R11, R11
	JZ   stay
	MOVL $const_fxsaveSize, CX
	CMPL const_fpSwReserved(R11), $const_fpMagic1
	JNE  sized
	MOVL (const_fpSwReserved+4)(R11), CX

sized:
	MOVQ R8, R9
	SUBQ CX, R9
	ANDQ $~63, R9 // fpAlign
	LEAQ -const_frameSize(R9), R10
	ANDQ $~15, R10 // frameAlignment
	SUBQ $8, R10
	MOVQ R11, SI
	MOVQ R9, DI
	REP; MOVSB
	LEAQ -const_frameUc(DX), SI
	MOVQ R10, DI
	MOVL $const_frameSize, CX
	REP; MOVSB
	MOVB $1, thread_untold(R8)
	SUBQ $const_threadStackSize, R8
	MOVQ R9, (const_frameUc+const_ucFpstate)(R10)
	MOVQ R8, (const_frameUc+const_ucStackSP)(R10)
	MOVQ $0, (const_frameUc+const_ucStackFlags)(R10)
	MOVQ $const_threadStackSize, (const_frameUc+const_ucStackSize)(R10)
	LEAQ const_frameUc(R10), DX
	LEAQ const_frameInfo(R10), SI
	MOVL (SI), DI
	LEAQ (R10), SP
	JMP  ·trapHere(SB)

stay:
	MOVL const_frameInfo-const_frameUc(DX), DI
	JMP  ·trapHere(SB)

// trapHere: the rest of trapEntry.
//
// In:       as trapEntry, whose frame is on a stack of ours where there is one.
// Out:      returns to the restorer, which loads all registers from the frame,
//           or does that itself; or jumps to the program's handler with DI, SI, DX
//           and SP as the kernel would have set them.
// Stack:    that of the frame.
// Clobbers: everything, all of it is restored by rt_sigreturn.
//
//	door.thread = the end of uc.uc_stack, if it is of our size
//	handler, frame = trap(siginfo, ucontext, &call, &door)
//	if handler == 0 {
//		door.leaving = 1
//		if door.postponed != 0 { handler, frame = late(&door, &call); goto late }
//		if frame != 0 { SP = frame; goto rt_sigreturn }
//		if door.direct && there is no shadow stack { goto resumeDirect } // the kernel has a frame on it, too
//	back:
//		if returnsDirect { goto resumeDirect }
//		return to the restorer
//	}
//	door.handler, door.at, door.entering = handler, frame, 1
//	if door.postponed != 0 { handler, frame = late(&door, &call) } // often does not return
//	late: if handler == 0 { goto back }
//	SP = frame; goto handler(frame.info.si_signo, &frame.info, &frame.uc)
TEXT ·trapHere(SB), NOSPLIT|TOPFRAME, $608-0
	LEAQ frame-entryFrame__size(SP), R14
	MOVQ $0, (entryFrame_door+door_postponed)(R14) // and leaving
	MOVQ AX, (entryFrame_door+door_entering)(R14) // and delivering
	MOVQ DX, (entryFrame_door+door_uc)(R14) // from here on R14 leads to it: stubPrologue
	XORL CX, CX
	CMPQ const_ucStackSize(DX), $const_threadStackSize
	JNE  unknown
	MOVQ const_ucStackSP(DX), CX
	ADDQ $const_threadStackSize, CX

unknown:
	MOVQ CX, (entryFrame_door+door_thread)(R14)
	ENTER_GO

	// The kernel leaves the program's AC flag set: no unaligned access may
	// fault here (SDM vol. 3, 6.15, "Alignment Check Exception"). Not without
	// need: a debugger that steps over a POPFQ leaves TF set for good (the kernel
	// takes it for the program's own, enable_single_step in arch/x86/kernel/step.c).
	TESTL $0x40000, const_ucEFLAGS(DX)
	JZ    aligned
	PUSHFQ
	ANDL $~0x40000, 0(SP)
	POPFQ

aligned:
	MOVQ SI, AX
	MOVQ DX, BX
	LEAQ entryFrame_call(R14), CX
	LEAQ entryFrame_door(R14), DI
	MOVQ ·trapFn(SB), DX
	CALL (DX)
	TESTQ AX, AX
	JNZ forward
	MOVW $1, (entryFrame_door+door_leaving)(R14)
	CMPL (entryFrame_door+door_postponed)(R14), $0
	JNE  postponed
	TESTQ BX, BX
	JNZ sigreturn
	CMPB (entryFrame_door+door_direct)(R14), $0
	JE   back
	XORL CX, CX
	BYTE $0xf3; BYTE $0x48; BYTE $0x0f; BYTE $0x1e; BYTE $0xc9 // RDSSPQ CX: none without a shadow stack
	TESTQ CX, CX
	JZ   direct

back:
	CMPL ·returnsDirect(SB), $0
	JNE  direct
	RET

direct:
	MOVQ (entryFrame_door+door_uc)(R14), DX
	LEAQ ·resumeDirect(SB), R8
	JMP R8

sigreturn:
	MOVQ BX, AX
	LEAQ libsystrap∕rawsys·sigreturn(SB), CX
	JMP CX

postponed:
	LEAQ entryFrame_door(R14), AX
	LEAQ entryFrame_call(R14), BX
	MOVQ ·lateFn(SB), DX
	CALL (DX)
	TESTQ AX, AX
	JNZ  enter
	JMP  back

forward:
	MOVQ AX, (entryFrame_door+door_handler)(R14)
	MOVQ BX, (entryFrame_door+door_at)(R14)
	MOVL $1, (entryFrame_door+door_entering)(R14) // a signal from here on interrupts the handler
	CMPL (entryFrame_door+door_postponed)(R14), $0
	JNE  postponed

enter:
	MOVL const_frameInfo(BX), DI // si_signo
	LEAQ const_frameInfo(BX), SI
	LEAQ const_frameUc(BX), DX
	MOVQ AX, CX
	XORL AX, AX // no vector arguments, as the kernel has it
	LEAQ ·enterProgram(SB), R8
	JMP R8

// enterProgram: the end of trapHere, apart so that its second instruction has a known
// place: a signal there finds the stack pointer off our stack, which the kernel then
// uses from its end on, over what R14 points at.
//
// In:       BX = the handler's frame, CX = the handler, DI, SI, DX and AX as it gets
//           them.
TEXT ·enterProgram(SB), NOSPLIT|NOFRAME, $0
	MOVQ BX, SP
	JMP CX

// handlerEntry: handler of the signals that the program handles.
//
// In:       DI = signo, SI = siginfo, DX = ucontext, SP = restorer.Frame.
// Out:      jumps to the program's handler, with DI, SI, DX and SP as they came
//           and AX = 0, and uc_stack as the program has set it; or to trapEntry.
// Stack:    none.
// Clobbers: AX, CX, R8. DI, SI and DX stay as they are to the end: a signal that
//           interrupts us finds the frame through them (inEntry).
//
//	if handlersSlow == 0 && vmChildCount == 0 && uc.rip is not in ownText &&
//	   outpostBits has not the bit of its page && uc.rip != info.si_addr (jumpedAstray) && uc.uc_stack is of our size && this frame is not there {
//		t := the end of uc.uc_stack
//		if h := dispositions[signo].handler; h > SIG_IGN && t.alt.flags >= 0 {
//			uc.uc_stack = t.alt
//			goto h
//		}
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
	MOVQ const_ucRIP(DX), AX
	CMPQ AX, 16(SI) // si_addr
	JE   slow
	SHRQ $12, AX
	MOVWLZX AX, AX
	LEAQ ·outpostBits(SB), CX
	BTL  AX, (CX)
	JCS  slow
	CMPQ const_ucStackSize(DX), $const_threadStackSize
	JNE  slow
	MOVQ const_ucStackSP(DX), CX
	MOVQ DX, AX
	SUBQ CX, AX
	CMPQ AX, $const_threadStackSize
	JB   slow
	MOVL DI, AX
	SHLQ $const_actionShift, AX
	LEAQ ·dispositions(SB), CX
	MOVQ (CX)(AX*1), AX
	CMPQ AX, $const_sigIgn
	JBE  slow
	MOVQ const_ucStackSP(DX), CX
	TESTL $const_ssAutodisarm, (const_threadStackSize+const_altFlags)(CX)
	JNE  slow
	MOVB $1, (const_threadStackSize+thread_closed+doorClosed_maskUnknown)(CX)
	MOVQ (const_threadStackSize+const_altSP)(CX), R8
	MOVQ R8, const_ucStackSP(DX)
	MOVQ (const_threadStackSize+const_altFlags)(CX), R8
	MOVQ R8, const_ucStackFlags(DX)
	MOVQ (const_threadStackSize+const_altSize)(CX), R8
	MOVQ R8, const_ucStackSize(DX)
	MOVQ AX, CX
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
TEXT ·fatalEntry(SB), NOSPLIT|TOPFRAME, $608-0
	MOVQ (608+8)(SP), AX
	MOVQ $0, frame-(entryFrame__size-entryFrame_door-door_uc)(SP)
	MOVQ $0, frame-(entryFrame__size-entryFrame_door-door_thread)(SP)
	ENTER_GO
	MOVQ ·fatalFn(SB), DX
	CALL (DX)
	UD2

// helperEntry: where a process begins that is to inject us into this one's next image.
//
// In:       DI = the address of its helper; the stack is empty.
// Out:      does not return.
// Stack:    this frame and what is below.
// Clobbers: everything.
TEXT ·helperEntry(SB), NOSPLIT|TOPFRAME, $608-0
	MOVQ $0, frame-(entryFrame__size-entryFrame_door-door_uc)(SP) // no program below us
	ENTER_GO
	MOVQ DI, AX
	MOVQ ·helperMainFn(SB), DX
	CALL (DX)
	UD2

// leaveEntry: where an injector enters the library that is to leave the program.
//
// In:       DI = the address of its Leaving; the stack is empty.
// Out:      does not return.
// Stack:    this frame and what is below.
// Clobbers: everything.
TEXT ·leaveEntry(SB), NOSPLIT|TOPFRAME, $608-0
	MOVQ $0, frame-(entryFrame__size-entryFrame_door-door_uc)(SP) // no program below us
	MOVQ $0, frame-(entryFrame__size-entryFrame_door-door_thread)(SP)
	ENTER_GO
	MOVQ DI, AX
	MOVQ ·leaveMainFn(SB), DX
	CALL (DX)
	UD2

#include "go_asm.h"
#include "textflag.h"

// jumpHere: the rest of jumpDoor. It makes a jumpFrame, whose ucontext holds the program's registers
// as a signal frame would, and comes back as SYSCALL does: RAX the result, RCX the next pc, R11 the flags,
// everything else as it was.
//
// In:       the program's registers and flags but RCX and RSP, which is in t.jumpSP; R11 as jumpDoor
//           leaves it; SP = t.
// Out:      the program behind the site; or at the site, where the trap is; or a trap at jumpLate,
//           with the jumpFrame whole and R14 = its entry.
// Stack:    t's of ours.
// Clobbers: RCX, R11.
//
// What a signal finds at each place is in jumpturn.go, by the places' offsets (jumpWhole, …).
//
//	push flags, R11
//	kept:
//	if all is as below, and jumpPlan[RAX] is planDirect, or planDirectFd and DI is no descriptor of ours {
//		unless ++t.jumped%quietStep == 0 {
//			RAX = syscall(…) // nobody wants to know of it, and the kernel keeps all other registers
//			load flags; RCX = the next pc; R11 = flags; SP = t.jumpSP; goto RCX
//		}
//	}
//	if jumpPlan[RAX] is planHost {
//		if it comes by jumpDoorPast { as above, by jumpPast, if nobody wants to know of the result }
//		else { fill in the thread's HostFrame as a hook wants it; SP = it; goto Host.Entry }
//	}
//	uc.regs = the program's
//	whole:
//	if t.fs != the FS base || t.closed != 0 || the flags have DF, AC or TF || jumpPlan[RAX] == planTrap {
//		load flags; SP = t.jumpSP; goto site // or, by way of jumpDoorPast, to hostAgain, with RCX the site
//	}
//	save the vector registers that Go uses
//	if jumpEnter(&call, &door) {
//	make:
//		call.Result = -ERESTARTNOINTR if door.postponed != 0, else syscall(call)
//	made:
//		jumpExit(&call, &door)
//	}
//	load the vector registers
//	leave:
//	if door.postponed != 0 { goto late }
//	load uc.regs; SP = uc.rsp; goto RCX
//	late: UD2
TEXT ·jumpHere(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	PUSHFQ
	PUSHQ R11

	// kept
	CMPL   (const_jumpKept+thread_closed)(SP), $0
	JNE    all
	TESTL  $const_jumpFlags, 8(SP)
	JNE    all
	CMPL   AX, $const_jumpCalls
	JAE    all
	LEAQ   ·jumpPlan(SB), R11
	MOVL   AX, CX
	MOVBLZX (R11)(CX*1), CX
	CMPL   CX, $const_planDirect
	JB     all
	JEQ    direct
	CMPL   CX, $const_planDirectFd
	JNE    more
	CMPL   DI, libsystrap∕internal∕ownfd·Lowest(SB)
	JAE    all

direct:
	RDFSBASEQ CX
	CMPQ   CX, (const_jumpKept+thread_fs)(SP)
	JNE    all
	MOVQ   (const_jumpKept+thread_jumped)(SP), CX
	INCQ   CX
	TESTL  $(const_quietStep-1), CX
	JEQ    all // jumpEnter counts it
	MOVQ   CX, (const_jumpKept+thread_jumped)(SP)
	SYSCALL

	// directMade
	MOVQ   (SP), CX
	SHRQ   $16, CX
	BSWAPQ CX
	SHRQ   $16, CX
	MOVQ   AX, -8(SP)
	MOVL   8(SP), AX // flags as below
	SHRL   $11, AX
	ANDL   $1, AX
	ADDB   $0x7f, AX
	MOVB   8(SP), AH
	SAHF
	MOVQ   -8(SP), AX
	MOVQ   8(SP), R11
	MOVQ   (const_jumpKept+thread_jumpSP)(SP), SP
	JMP    CX

all:
	MOVQ (SP), R11
	SUBQ $const_jumpBelowSite, SP
	MOVQ AX, (const_jumpRegs+const_scRAX)(SP)
	MOVQ DI, (const_jumpRegs+const_scRDI)(SP)
	MOVQ SI, (const_jumpRegs+const_scRSI)(SP)
	MOVQ DX, (const_jumpRegs+const_scRDX)(SP)
	MOVQ R10, (const_jumpRegs+const_scR10)(SP)
	MOVQ R8, (const_jumpRegs+const_scR8)(SP)
	MOVQ R9, (const_jumpRegs+const_scR9)(SP)
	MOVQ BX, (const_jumpRegs+const_scRBX)(SP)
	MOVQ BP, (const_jumpRegs+const_scRBP)(SP)
	MOVQ R12, (const_jumpRegs+const_scR12)(SP)
	MOVQ R13, (const_jumpRegs+const_scR13)(SP)
	MOVQ R14, (const_jumpRegs+const_scR14)(SP)
	MOVQ R15, (const_jumpRegs+const_scR15)(SP)

	// whole
	MOVQ   (const_jumpThread+thread_jumpSP)(SP), CX
	MOVQ   CX, (const_jumpRegs+const_scRSP)(SP)
	SHRQ   $16, R11
	BSWAPQ R11
	SHRQ   $16, R11
	SUBQ   $2, R11
	MOVQ   R11, (const_jumpRegs+const_scRIP)(SP)
	MOVQ   const_jumpBelowFlags(SP), DI
	MOVQ   DI, const_jumpRegs(SP)
	RDFSBASEQ CX
	CMPQ   CX, (const_jumpThread+thread_fs)(SP)
	JNE    slow
	CMPL   (const_jumpThread+thread_closed)(SP), $0
	JNE    slow
	TESTL  $const_jumpFlags, DI
	JNE    slow
	CMPL   AX, $const_jumpCalls
	JAE    slow
	LEAQ   ·jumpPlan(SB), CX
	MOVL   AX, DX
	CMPB   (CX)(DX*1), $const_planTrap
	JEQ    slow
	STMXCSR const_jumpMXCSR(SP)
	MOVUPS X0, (const_jumpXMM+0*16)(SP)
	MOVUPS X1, (const_jumpXMM+1*16)(SP)
	MOVUPS X2, (const_jumpXMM+2*16)(SP)
	MOVUPS X3, (const_jumpXMM+3*16)(SP)
	MOVUPS X4, (const_jumpXMM+4*16)(SP)
	MOVUPS X5, (const_jumpXMM+5*16)(SP)
	MOVUPS X6, (const_jumpXMM+6*16)(SP)
	MOVUPS X7, (const_jumpXMM+7*16)(SP)
	MOVUPS X8, (const_jumpXMM+8*16)(SP)
	MOVUPS X9, (const_jumpXMM+9*16)(SP)
	MOVUPS X10, (const_jumpXMM+10*16)(SP)
	MOVUPS X11, (const_jumpXMM+11*16)(SP)
	MOVUPS X12, (const_jumpXMM+12*16)(SP)
	MOVUPS X13, (const_jumpXMM+13*16)(SP)
	MOVUPS X14, (const_jumpXMM+14*16)(SP)
	MOVUPS X15, (const_jumpXMM+15*16)(SP)
	LEAQ   const_jumpEntry(SP), R14
	LEAQ   -const_jumpGuard(SP), R12
	MOVQ   R12, (entryFrame_g+fakeG_stackLo)(R14)
	MOVQ   R12, (entryFrame_g+fakeG_stackguard0)(R14)
	MOVQ   R12, (entryFrame_g+fakeG_stackguard1)(R14)
	XORPS  X15, X15
	LEAQ   const_jumpUc(SP), CX
	MOVQ   CX, (entryFrame_door+door_uc)(R14)
	LEAQ   const_jumpThread(SP), CX
	MOVQ   CX, (entryFrame_door+door_thread)(R14)
	MOVQ   thread_mask(CX), R12
	MOVQ   R12, (entryFrame_door+door_mask)(R14)
	MOVQ   $0, (entryFrame_door+door_postponed)(R14) // and leaving
	MOVQ   $0, (entryFrame_door+door_entering)(R14) // and delivering, blocked, moved
	MOVB   $1, (entryFrame_door+door_jump)(R14)
	LEAQ   entryFrame_call(R14), AX
	LEAQ   entryFrame_door(R14), BX
	MOVQ   ·jumpEnterFn(SB), DX
	CALL   (DX)
	TESTB  AX, AX
	JEQ    finished
	MOVQ   (const_jumpEntry+entryFrame_call+Call_Sysno)(SP), AX
	MOVQ   (const_jumpEntry+entryFrame_call+Call_Args+0*8)(SP), DI
	MOVQ   (const_jumpEntry+entryFrame_call+Call_Args+1*8)(SP), SI
	MOVQ   (const_jumpEntry+entryFrame_call+Call_Args+2*8)(SP), DX
	MOVQ   (const_jumpEntry+entryFrame_call+Call_Args+3*8)(SP), R10
	MOVQ   (const_jumpEntry+entryFrame_call+Call_Args+4*8)(SP), R8
	MOVQ   (const_jumpEntry+entryFrame_call+Call_Args+5*8)(SP), R9
	XORL   CX, CX // rawsys.Begun

	// make
	CMPL   (const_jumpEntry+entryFrame_door+door_postponed)(SP), $0
	JNE    notMade
	SYSCALL

made:
	MOVQ   AX, (const_jumpEntry+entryFrame_call+Call_Result)(SP)
	LEAQ   (const_jumpEntry+entryFrame_call)(SP), AX
	LEAQ   (const_jumpEntry+entryFrame_door)(SP), BX
	MOVQ   ·jumpExitFn(SB), DX
	CALL   (DX)

finished:
	STMXCSR const_jumpMXCSRNow(SP)
	MOVL   const_jumpMXCSR(SP), AX
	CMPL   AX, const_jumpMXCSRNow(SP)
	JEQ    vectors
	LDMXCSR const_jumpMXCSR(SP)

vectors:
	MOVUPS (const_jumpXMM+0*16)(SP), X0
	MOVUPS (const_jumpXMM+1*16)(SP), X1
	MOVUPS (const_jumpXMM+2*16)(SP), X2
	MOVUPS (const_jumpXMM+3*16)(SP), X3
	MOVUPS (const_jumpXMM+4*16)(SP), X4
	MOVUPS (const_jumpXMM+5*16)(SP), X5
	MOVUPS (const_jumpXMM+6*16)(SP), X6
	MOVUPS (const_jumpXMM+7*16)(SP), X7
	MOVUPS (const_jumpXMM+8*16)(SP), X8
	MOVUPS (const_jumpXMM+9*16)(SP), X9
	MOVUPS (const_jumpXMM+10*16)(SP), X10
	MOVUPS (const_jumpXMM+11*16)(SP), X11
	MOVUPS (const_jumpXMM+12*16)(SP), X12
	MOVUPS (const_jumpXMM+13*16)(SP), X13
	MOVUPS (const_jumpXMM+14*16)(SP), X14
	MOVUPS (const_jumpXMM+15*16)(SP), X15

	// leave
	CMPL   (const_jumpEntry+entryFrame_door+door_postponed)(SP), $0
	JNE    late
	MOVQ   (const_jumpRegs+const_scR11)(SP), R11
	MOVQ   (const_jumpRegs+const_scRCX)(SP), CX
	MOVQ   (const_jumpRegs+const_scRBX)(SP), BX
	MOVQ   (const_jumpRegs+const_scRBP)(SP), BP
	MOVQ   (const_jumpRegs+const_scR12)(SP), R12
	MOVQ   (const_jumpRegs+const_scR13)(SP), R13
	MOVQ   (const_jumpRegs+const_scR14)(SP), R14
	MOVQ   (const_jumpRegs+const_scR15)(SP), R15
	MOVQ   (const_jumpRegs+const_scRDI)(SP), DI
	MOVQ   (const_jumpRegs+const_scRSI)(SP), SI
	MOVQ   (const_jumpRegs+const_scR10)(SP), R10
	MOVQ   (const_jumpRegs+const_scR8)(SP), R8
	MOVQ   (const_jumpRegs+const_scR9)(SP), R9
	MOVL   R11, AX // OF by an addition that overflows if it was set, the others by SAHF
	MOVL   R11, DX
	SHRL   $11, AX
	ANDL   $1, AX
	ADDB   $0x7f, AX
	MOVB   DX, AH
	SAHF
	MOVQ   (const_jumpRegs+const_scRAX)(SP), AX
	MOVQ   (const_jumpRegs+const_scRDX)(SP), DX
	MOVQ   (const_jumpRegs+const_scRSP)(SP), SP
	JMP    CX

notMade:
	MOVQ $const_restartNointr, AX
	JMP  made

slow:
	MOVQ  R11, CX
	TESTB $1, const_jumpBelowSite(SP) // jumpDoorPast's
	JEQ   undo
	MOVQ  ·hostAgain(SB), R11

undo:
	MOVQ (const_jumpRegs+const_scRDI)(SP), DI
	MOVQ (const_jumpRegs+const_scRDX)(SP), DX
	LEAQ const_jumpBelowFlags(SP), SP
	POPFQ
	MOVQ thread_jumpSP(SP), SP
	JMP  R11

late:
	UD2

more: // kept; planHost (jumphost.go)
	TESTB  $1, (SP)
	JEQ    host
	MOVQ   ·hostExitAt(SB), R11
	CMPQ   (R11), $0
	JNE    all
	LEAQ   ·jumpPast(SB), R11
	MOVL   AX, CX
	MOVBLZX (R11)(CX*1), CX
	CMPL   CX, $const_planDirect
	JB     all
	JEQ    direct
	CMPL   DI, libsystrap∕internal∕ownfd·Lowest(SB)
	JAE    all
	JMP    direct

host:
	RDFSBASEQ CX
	CMPQ   CX, (const_jumpKept+thread_fs)(SP)
	JNE    all
	CMPQ   (const_jumpKept+const_hostActive)(SP), $0
	JNE    all
	MOVQ   (const_jumpKept+thread_jumpSP)(SP), CX
	SUBQ   (const_jumpKept+const_hostStack)(SP), CX
	CMPQ   CX, $const_hostStackSize
	JB     all
	MOVQ   ·hostFnAt(SB), CX
	MOVQ   (CX), CX
	TESTQ  CX, CX
	JEQ    all
	MOVQ   (const_jumpKept+const_hostFrameAt)(SP), R11
	TESTQ  R11, R11
	JEQ    all
	INCQ   (const_jumpKept+thread_jumped)(SP)
	TESTL  $(const_quietStep-1), (const_jumpKept+thread_jumped)(SP)
	JEQ    all
	MOVQ   CX, HostFrame_Fn(R11)
	MOVQ   AX, (HostFrame_Args+0*8)(R11)
	MOVQ   DI, (HostFrame_Args+1*8)(R11)
	MOVQ   SI, (HostFrame_Args+2*8)(R11)
	MOVQ   DX, (HostFrame_Args+3*8)(R11)
	MOVQ   R10, (HostFrame_Args+4*8)(R11)
	MOVQ   R8, (HostFrame_Args+5*8)(R11)
	MOVQ   R9, (HostFrame_Stack+0*8)(R11)
	LEAQ   HostFrame_Result(R11), CX
	MOVQ   CX, (HostFrame_Stack+1*8)(R11)
	MOVQ   $-38, HostFrame_Result(R11) // ENOSYS
	MOVQ   $0, HostFrame_Rule(R11)
	MOVQ   $0, HostFrame_User(R11)
	LEAQ   (const_jumpKept+const_hostActive)(SP), CX
	MOVQ   CX, HostFrame_Active(R11)
	MOVQ   R8, (HostFrame_Regs+0*8)(R11)
	MOVQ   R9, (HostFrame_Regs+1*8)(R11)
	MOVQ   R10, (HostFrame_Regs+2*8)(R11)
	MOVQ   R12, (HostFrame_Regs+4*8)(R11)
	MOVQ   R13, (HostFrame_Regs+5*8)(R11)
	MOVQ   R14, (HostFrame_Regs+6*8)(R11)
	MOVQ   R15, (HostFrame_Regs+7*8)(R11)
	MOVQ   DI, (HostFrame_Regs+8*8)(R11)
	MOVQ   SI, (HostFrame_Regs+9*8)(R11)
	MOVQ   BP, (HostFrame_Regs+10*8)(R11)
	MOVQ   BX, (HostFrame_Regs+11*8)(R11)
	MOVQ   DX, (HostFrame_Regs+12*8)(R11)
	MOVQ   AX, (HostFrame_Regs+13*8)(R11)
	MOVQ   (const_jumpKept+thread_jumpSP)(SP), CX
	MOVQ   CX, (HostFrame_Regs+15*8)(R11)
	MOVQ   8(SP), CX
	MOVQ   CX, (HostFrame_Regs+17*8)(R11)
	MOVQ   (SP), CX
	SHRQ   $16, CX
	BSWAPQ CX
	SHRQ   $16, CX
	SUBQ   $2, CX
	MOVQ   CX, (HostFrame_Regs+16*8)(R11)
	MOVQ   $1, (const_jumpKept+const_hostActive)(SP)
	MOVQ   ·hostEntryAt(SB), CX
	MOVQ   R11, SP
	JMP    CX // jumpHost

// func jumpHereAddr() uintptr
//
// Out:      ret+0(FP) = address of jumpHere.
// Clobbers: AX.
TEXT ·jumpHereAddr(SB), NOSPLIT, $0-8
	LEAQ ·jumpHere(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func ownSlots() uintptr
//
// Out:      ret+0(FP) = address of slot 0.
// Clobbers: AX.
TEXT ·ownSlots(SB), NOSPLIT, $0-8
	LEAQ ·slots(SB), AX
	MOVQ AX, ret+0(FP)
	RET

#define SLOT QUAD $0x0b0f0b0f0b0f0b0f; QUAD $0x0b0f0b0f0b0f0b0f; QUAD $0x0b0f0b0f0b0f0b0f; QUAD $0x0b0f0b0f0b0f0b0f
#define SLOT8 SLOT; SLOT; SLOT; SLOT; SLOT; SLOT; SLOT; SLOT
#define SLOT64 SLOT8; SLOT8; SLOT8; SLOT8; SLOT8; SLOT8; SLOT8; SLOT8
#define SLOT512 SLOT64; SLOT64; SLOT64; SLOT64; SLOT64; SLOT64; SLOT64; SLOT64

// slots: room for the code of ownSlotCount sites, traps until it is written (jumpslots.go). Never called.
//
// In:       the program's registers at the instruction before a site.
// Out:      jumps to jumpDoor with R11 = the address behind the site.
// Align:    to a slot, so that none lies in two pages.
TEXT ·slots(SB), NOSPLIT|NOFRAME, $0
	PCALIGN $2048
	SLOT512
	SLOT512
	SLOT512
	SLOT512

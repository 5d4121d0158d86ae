#include "textflag.h"

// func Sigreturn(frame uintptr)
//
// In:       frame+0(FP) = address of a kernel signal frame just above its
//           return address, which is what SP is when a restorer runs.
// Out:      does not return: the kernel loads every register from the frame.
// Stack:    SP becomes frame; the caller's frames are given up.
// Clobbers: everything.
TEXT ·Sigreturn(SB), NOSPLIT, $0-8
	MOVQ frame+0(FP), AX
	JMP  ·sigreturn(SB)

// sigreturn: the end of Sigreturn, where the trap's entry stub jumps, too.
//
// In:       AX = frame, as above.
// Out:      does not return.
TEXT ·sigreturn(SB), NOSPLIT|NOFRAME, $0
	MOVQ AX, SP
	MOVL $15, AX // SYS_rt_sigreturn
	SYSCALL
	UD2          // the kernel sends SIGSEGV for a bad frame and never comes back here

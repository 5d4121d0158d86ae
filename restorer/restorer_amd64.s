#include "textflag.h"

// func Addr() uintptr
//
// Out:      ret+0(FP) = address of sigactionRestorer.
// Clobbers: AX.
TEXT ·Addr(SB), NOSPLIT, $0-8
	LEAQ ·sigactionRestorer(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// The restorer: rt_sigreturn(2) with nothing on the stack above the frame.
//
// In:       SP = signal frame, just above its return address.
// Out:      does not return; the kernel loads every register from the frame.
// The first instruction is spelled in bytes because the assembler would choose
// the shorter MOVL encoding, which gdb does not recognise.
TEXT ·sigactionRestorer(SB), NOSPLIT|NOFRAME, $0
	BYTE $0x48; BYTE $0xc7; BYTE $0xc0; BYTE $0x0f; BYTE $0x00; BYTE $0x00; BYTE $0x00
	SYSCALL
	UD2 // not reached: a bad frame is SIGSEGV

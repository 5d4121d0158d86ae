#include "go_asm.h"
#include "textflag.h"

// faultEntry: handler of SIGSEGV where that is what a site's trap raises.
//
// In:       as trapEntry.
// Out:      jumps to trapEntry, or to handlerEntry if it was our own code that has copied from a
//           bad pointer: what comes on top of that cannot be delivered in its frame.
// Stack:    none.
// Clobbers: CX.
TEXT ·faultEntry(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	MOVQ const_ucRIP(DX), CX
	SUBQ ·ownText+textRange_start(SB), CX
	CMPQ CX, ·ownText+textRange_size(SB)
	JB   ours
	JMP  ·trapEntry(SB)

ours:
	JMP ·handlerEntry(SB)

// func faultEntryAddr() uintptr
//
// Out:      ret+0(FP) = address of faultEntry.
// Clobbers: AX.
TEXT ·faultEntryAddr(SB), NOSPLIT, $0-8
	LEAQ ·faultEntry(SB), AX
	MOVQ AX, ret+0(FP)
	RET

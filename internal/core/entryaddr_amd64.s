#include "go_asm.h"
#include "textflag.h"

// Where the entries are, and the frame of the one that we run below.

// func enterProgramAddr() uintptr
//
// Out:      ret+0(FP) = address of enterProgram.
// Clobbers: AX.
TEXT ·enterProgramAddr(SB), NOSPLIT, $0-8
	LEAQ ·enterProgram(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func trapEntryAddr() uintptr
//
// Out:      ret+0(FP) = address of trapEntry.
// Clobbers: AX.
TEXT ·trapEntryAddr(SB), NOSPLIT, $0-8
	LEAQ ·trapEntry(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func trapHereAddr() uintptr
//
// Out:      ret+0(FP) = address of trapHere.
// Clobbers: AX.
TEXT ·trapHereAddr(SB), NOSPLIT, $0-8
	LEAQ ·trapHere(SB), AX
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

// func stubFrameHere() *entryFrame
//
// In:       R14 = the frame of the entry stub below which we run.
// Out:      ret+0(FP) = R14.
// Clobbers: nothing.
TEXT ·stubFrameHere(SB), NOSPLIT, $0-8
	MOVQ R14, ret+0(FP)
	RET

// func helperEntryAddr() uintptr
//
// Out:      ret+0(FP) = address of helperEntry.
// Clobbers: AX.
TEXT ·helperEntryAddr(SB), NOSPLIT, $0-8
	LEAQ ·helperEntry(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func leaveEntryAddr() uintptr
//
// Out:      ret+0(FP) = address of leaveEntry.
// Clobbers: AX.
TEXT ·leaveEntryAddr(SB), NOSPLIT, $0-8
	LEAQ ·leaveEntry(SB), AX
	MOVQ AX, ret+0(FP)
	RET

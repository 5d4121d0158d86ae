#include "textflag.h"

// startFunction: calls the function at startFn, if there is one, as the System V ABI for AMD64 has it.
//
// In:       SP = the loader's stack.
// Stack:    what the function uses. Unwinders see the frames of the loader above this one.
// Clobbers: what the System V ABI lets a function clobber, and BX.
TEXT ·startFunction(SB), NOSPLIT|NOFRAME, $0
	MOVQ ·startFn(SB), AX
	TESTQ AX, AX
	JEQ  none
	SUBQ $8, SP // the frame of libraryEntry ends at a multiple of 16
	CALL AX
	ADDQ $8, SP

none:
	RET

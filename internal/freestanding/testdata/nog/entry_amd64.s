#include "textflag.h"

TEXT ·libraryEntry(SB), NOSPLIT, $64
	MOVQ ·initFn(SB), DX
	CALL (DX)            // want "R14 written by assembly"
	RET

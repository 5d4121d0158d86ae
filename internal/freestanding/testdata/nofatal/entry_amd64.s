#include "textflag.h"

TEXT ·libraryEntry(SB), NOSPLIT, $64
	MOVQ  R14, 56(SP)
	LEAQ  16(SP), R14
	XORPS X15, X15
	MOVQ  ·initFn(SB), DX
	CALL  (DX)
	MOVQ  56(SP), R14
	RET

#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	MOVQ AX, X15 // want "X15 written by assembly"
	RET

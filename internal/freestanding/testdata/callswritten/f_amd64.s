#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	MOVQ ·fn(SB), DX
	CALL (DX) // want "unproven func variable"
	RET

#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	LEAQ ·g+1(SB), AX // want "branch to nowhere"
	RET

TEXT ·g(SB), NOSPLIT, $0
	NOP
	RET

#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	MOVL $1, runtime·writeBarrier(SB) // want "write outside our variables"
	RET

#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	CALL AX // want "unbounded indirect call"
	RET

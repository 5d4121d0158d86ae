#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	VPXOR X0, X0, X0 // want "undecodable instruction"
	RET

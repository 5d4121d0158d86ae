#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	FLD1 // want "undecodable instruction"
	RET

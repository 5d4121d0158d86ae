#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	BYTE $0x06 // want "undecodable instruction"
	RET

#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	MOVQ (TLS), R14 // want "unknown g load"
	RET

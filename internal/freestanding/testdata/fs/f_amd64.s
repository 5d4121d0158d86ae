#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	MOVQ 0(FS), AX // want "%fs or %gs access"
	RET

#include "textflag.h"

//systrap:calls g
// That is not the place. want-1 "bad directive"
TEXT ·f(SB), NOSPLIT, $0
	RET

TEXT ·g(SB), NOSPLIT, $0
	RET

TEXT ·h(SB), NOSPLIT, $0
	RET

TEXT ·i(SB), NOSPLIT, $0
	RET

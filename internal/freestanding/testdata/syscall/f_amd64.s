#include "textflag.h"

TEXT ·f(SB), NOSPLIT, $0
	MOVL $39, AX
	SYSCALL // want "system call instruction"
	RET

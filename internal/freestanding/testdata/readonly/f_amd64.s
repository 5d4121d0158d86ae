#include "textflag.h"

GLOBL ro<>(SB), RODATA, $8

TEXT ·f(SB), NOSPLIT, $0
	MOVB $1, ro<>(SB) // want "write outside our variables"
	RET

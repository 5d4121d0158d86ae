#include "textflag.h"

// func ReadFSBase() uint64
//
// Out:      ret+0(FP) = the FS base.
// Clobbers: AX.
TEXT ·ReadFSBase(SB), NOSPLIT, $0-8
	RDFSBASEQ AX
	MOVQ AX, ret+0(FP)
	RET

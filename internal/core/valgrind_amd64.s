#include "textflag.h"

// func onValgrind() uint64
//
// Asks valgrind, which knows the four rotations by RDI (that leave it as it is) and the XCHG behind them, whether it
// runs the program ("client requests", valgrind's manual, 3.1). To a processor they are nothing.
//
// Out:      ret+0(FP) = how many valgrinds are below the program, 0 on a processor.
// Stack:    48 bytes for the request: its number and five arguments.
// Clobbers: AX, DX, DI, flags.
TEXT ·onValgrind(SB), NOSPLIT, $48-8
	MOVQ $0x1001, request-48(SP) // VG_USERREQ__RUNNING_ON_VALGRIND
	MOVQ $0, request-40(SP)
	MOVQ $0, request-32(SP)
	MOVQ $0, request-24(SP)
	MOVQ $0, request-16(SP)
	MOVQ $0, request-8(SP)
	LEAQ request-48(SP), AX
	XORL DX, DX
	BYTE $0x48; BYTE $0xc1; BYTE $0xc7; BYTE $0x03 // ROLQ $3, DI
	BYTE $0x48; BYTE $0xc1; BYTE $0xc7; BYTE $0x0d // ROLQ $13, DI
	BYTE $0x48; BYTE $0xc1; BYTE $0xc7; BYTE $0x3d // ROLQ $61, DI
	BYTE $0x48; BYTE $0xc1; BYTE $0xc7; BYTE $0x33 // ROLQ $51, DI
	BYTE $0x48; BYTE $0x87; BYTE $0xdb             // XCHGQ BX, BX
	MOVQ DX, ret+0(FP)
	RET

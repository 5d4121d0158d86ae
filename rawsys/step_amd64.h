// CALL_STEP makes the call of the Step at R12.
//
// In:       R12 = the step.
// Out:      AX = the call's result.
// Clobbers: RCX, RDX, RSI, RDI, R8 to R11.
#define CALL_STEP \
	MOVQ (Step_Args+0)(R12), DI \
	MOVQ (Step_Args+8)(R12), SI \
	MOVQ (Step_Args+16)(R12), DX \
	MOVQ (Step_Args+24)(R12), R10 \
	MOVQ (Step_Args+32)(R12), R8 \
	MOVQ (Step_Args+40)(R12), R9 \
	MOVQ Step_Nr(R12), AX \
	SYSCALL

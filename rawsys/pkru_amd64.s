#include "textflag.h"

// func ReadPKRU() uint32
//
// In:       nothing. The kernel must have protection keys on (CPUID.7.0:ECX
//           bit 4), else RDPKRU is #UD.
// Out:      ret+0(FP) = PKRU.
// Clobbers: AX, CX, DX.
TEXT ·ReadPKRU(SB), NOSPLIT, $0-4
	XORL CX, CX                          // must be 0
	BYTE $0x0f; BYTE $0x01; BYTE $0xee   // RDPKRU
	MOVL AX, ret+0(FP)
	RET

// func WritePKRU(v uint32)
//
// In:       v+0(FP) = the new PKRU; as ReadPKRU.
// Clobbers: AX, CX, DX.
TEXT ·WritePKRU(SB), NOSPLIT, $0-4
	MOVL v+0(FP), AX
	XORL CX, CX                          // must be 0, as RDX
	XORL DX, DX
	BYTE $0x0f; BYTE $0x01; BYTE $0xef   // WRPKRU
	RET

// func CPUID(leaf, sub uint32) (ebx, ecx uint32)
//
// Out:      EBX and ECX as CPUID left them.
// Clobbers: AX, BX, CX, DX.
TEXT ·CPUID(SB), NOSPLIT, $0-16
	MOVL leaf+0(FP), AX
	MOVL sub+4(FP), CX
	CPUID
	MOVL BX, ebx+8(FP)
	MOVL CX, ecx+12(FP)
	RET

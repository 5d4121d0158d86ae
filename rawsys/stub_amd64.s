#include "textflag.h"

// func StubBase() uintptr
//
// Out:      ret+0(FP) = address of stub 0.
// Clobbers: AX.
TEXT ·StubBase(SB), NOSPLIT, $0-8
	LEAQ ·stubs(SB), AX
	MOVQ AX, ret+0(FP)
	RET

#define STUB SYSCALL; UD2
#define STUB4 STUB; STUB; STUB; STUB
#define STUB16 STUB4; STUB4; STUB4; STUB4
#define STUB64 STUB16; STUB16; STUB16; STUB16

// 256 displaced stubs, never called: the program is resumed at one.
//
// In:       the program's registers, RAX = system call number.
// Out:      the program's registers as the kernel left them, in parent and child,
//           at the UD2.
// Stack:    the program's, untouched.
TEXT ·stubs(SB), NOSPLIT|NOFRAME, $0
	STUB64
	STUB64
	STUB64
	STUB64

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
// Align:    to the size of all of them, so that the unwind information can tell
//           the stub's number from RIP (internal/freestanding/stubframe.go).
TEXT ·stubs(SB), NOSPLIT|NOFRAME, $0
	PCALIGN $1024
	STUB64
	STUB64
	STUB64
	STUB64

// func UnmapExitStub() uintptr
//
// Out:      ret+0(FP) = address of unmapExit.
// Clobbers: AX.
TEXT ·UnmapExitStub(SB), NOSPLIT, $0-8
	LEAQ ·unmapExit(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// unmapExit: a thread's last two calls, never called: the program is resumed
// here.
//
// In:       the program's registers, RAX = SYS_munmap and its arguments.
// Out:      does not return.
// Stack:    none; it is gone after the first SYSCALL.
TEXT ·unmapExit(SB), NOSPLIT|NOFRAME, $0
	SYSCALL
	XORL DI, DI
	MOVL $60, AX // SYS_exit
	SYSCALL
	UD2

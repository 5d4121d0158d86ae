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

// func ExitStub() uintptr
//
// Out:      ret+0(FP) = address of exitStub.
// Clobbers: AX.
TEXT ·ExitStub(SB), NOSPLIT, $0-8
	LEAQ ·exitStub(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// exitStub: a thread's last call, never called: the program is resumed here.
//
// In:       the program's registers, RAX = SYS_exit or SYS_exit_group and its
//           argument; R12 = the word that says that the thread's block is in use. All
//           signals are blocked: the kernel may not use that stack any more.
// Out:      does not return.
// Stack:    none.
//
//	*R12 = 0
//	exit(status)
TEXT ·exitStub(SB), NOSPLIT|NOFRAME, $0
	MOVL $0, (R12)
	SYSCALL
	UD2

#include "go_asm.h"
#include "textflag.h"

// start is the program's entry (the Makefile's -E), before the Go runtime's own:
// what that changes at once is noted here, or put aside. See start.go.
//
// In:       SP = argc, as execve(2) leaves it.
// Clobbers: AX, BX, CX, DX, SI, DI, R8, R10, R11.
TEXT ·start(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	XORQ BX, BX
descriptor:
	MOVQ BX, DI
	MOVQ $1, SI      // F_GETFD
	XORQ DX, DX
	MOVQ $72, AX     // SYS_fcntl
	SYSCALL
	CMPQ AX, $-9     // -EBADF
	JNE  open
	MOVQ $1, AX
	MOVQ BX, CX
	SHLQ CX, AX
	ORQ  AX, ·closedAtStart(SB)
open:
	INCQ BX
	CMPQ BX, $3
	JLT  descriptor

	LEAQ ·pendingSet(SB), DI
	MOVQ $8, SI
	MOVQ $127, AX    // SYS_rt_sigpending
	SYSCALL
	CMPQ ·pendingSet(SB), $0
	JEQ  done
signal:
	CMPQ ·pendingN(SB), $const_maxPending
	JGE  done
	MOVQ ·pendingN(SB), SI
	SHLQ $7, SI      // sizeof(siginfo_t)
	LEAQ ·pendingInfo(SB), R8
	ADDQ R8, SI
	LEAQ ·pendingSet(SB), DI
	LEAQ ·noTime(SB), DX
	MOVQ $8, R10
	MOVQ $128, AX    // SYS_rt_sigtimedwait
	SYSCALL
	TESTQ AX, AX
	JLE  done
	INCQ ·pendingN(SB)
	JMP  signal
done:
	XORQ DX, DX      // no function for atexit(3) (System V ABI, 3.4.1)
	JMP  _rt0_amd64_linux(SB)

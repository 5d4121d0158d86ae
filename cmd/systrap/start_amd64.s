#include "go_asm.h"
#include "textflag.h"

// start is the program's entry (the Makefile's -E), before the Go runtime's own:
// what that changes at once is noted here, or put aside. See start.go.
//
// In:       SP = argc, as execve(2) leaves it.
// Clobbers: AX, BX, CX, DX, SI, DI, R8 to R11.
TEXT ·start(SB), NOSPLIT|NOFRAME|TOPFRAME, $0
	MOVQ SP, ·stackAtStart(SB)
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

	MOVQ $1, BX
handler:
	MOVQ BX, DI
	XORQ SI, SI
	LEAQ ·actionAtStart(SB), DX
	MOVQ $8, R10
	MOVQ $13, AX     // SYS_rt_sigaction
	SYSCALL
	MOVQ ·actionAtStart(SB), AX // sa_handler
	LEAQ ·handlersAtStart(SB), CX
	MOVQ AX, (CX)(BX*8)
	INCQ BX
	CMPQ BX, $64
	JLE  handler

	XORQ DI, DI      // SIG_BLOCK
	XORQ SI, SI
	LEAQ ·maskAtStart(SB), DX
	MOVQ $8, R10
	MOVQ $14, AX     // SYS_rt_sigprocmask
	SYSCALL

	MOVQ $7, SI      // RLIMIT_NOFILE
	XORQ DX, DX
	LEAQ ·filesAtStart(SB), R10
	CALL prlimit<>(SB)

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
	MOVQ $9, SI      // RLIMIT_AS
	MOVQ $const_needAddressSpace, R9
	LEAQ ·addressSpaceAtStart(SB), R8
	CALL raise<>(SB)
	LEAQ ·tooLittle(SB), BX
	TESTQ AX, AX
	JNE  refused
	MOVQ $2, SI      // RLIMIT_DATA
	MOVQ $const_needData, R9
	LEAQ ·dataAtStart(SB), R8
	CALL raise<>(SB)
	LEAQ ·tooLittleData(SB), BX
	TESTQ AX, AX
	JNE  refused
	XORQ DX, DX      // no function for atexit(3) (System V ABI, 3.4.1)
	JMP  _rt0_amd64_linux(SB)

refused:
	MOVQ $2, DI
	MOVQ 0(BX), SI
	MOVQ 8(BX), DX
	MOVQ $1, AX      // SYS_write
	SYSCALL
	MOVQ $1, DI      // exitFail
	MOVQ $231, AX    // SYS_exit_group
	SYSCALL
	INT $3

// raise raises a limit that is below what is needed.
//
// In:       SI = resource, R9 = bytes needed, R8 = its startLimit.
// Out:      AX = 0, or a negated errno if it cannot be raised.
// Clobbers: CX, DX, DI, R10, R11.
TEXT raise<>(SB), NOSPLIT|NOFRAME, $0
	XORQ DX, DX
	LEAQ startLimit_cur(R8), R10
	CALL prlimit<>(SB)
	CMPQ startLimit_cur(R8), R9
	JCC  enough
	MOVQ R9, startLimit_raisedCur(R8)
	MOVQ startLimit_max(R8), AX // it may be raised by a privileged process
	CMPQ AX, R9
	JCC  maximum
	MOVQ R9, AX
maximum:
	MOVQ AX, startLimit_raisedMax(R8)
	LEAQ startLimit_raisedCur(R8), DX
	XORQ R10, R10
	CALL prlimit<>(SB)
	TESTQ AX, AX
	JNE  out
	MOVQ $1, startLimit_raised(R8)
enough:
	XORQ AX, AX
out:
	RET

// prlimit: prlimit64(2) of ourselves.
//
// In:       SI = resource, DX = new limit or 0, R10 = where the old one goes or 0.
// Out:      AX = 0 or a negated errno.
// Clobbers: DI, CX, R11.
TEXT prlimit<>(SB), NOSPLIT|NOFRAME, $0
	XORQ DI, DI
	MOVQ $302, AX    // SYS_prlimit64
	SYSCALL
	RET

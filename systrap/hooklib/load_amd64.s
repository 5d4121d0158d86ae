#include "go_asm.h"
#include "textflag.h"

// load: what the program calls as an initialiser. It fills in the second half of the variable loading.
//
//	if environAt != 0 && *environAt == 0 { *environAt = env } // as glibc's own constructor will, which is called later
//	if sigprocmask != 0 { sigprocmask(SIG_BLOCK, &blocked, &unblocked) }
//	handle = dlmopen != 0 ? dlmopen(LM_ID_NEWLM, path, RTLD_NOW) : dlopen(path, RTLD_NOW)
//	if handle == 0 { message = dlerror(); goto end }
//	for i := range names { if names[i] != 0 { found[i] = dlsym(handle, names[i]) } }
//	if found[0] != 0 { result = found[0](args...) }
//	end: if sigprocmask != 0 { sigprocmask(SIG_SETMASK, &unblocked, 0) }
//	state = loadEnded
//
// In:       SP is what the System V ABI has at a function's entry.
// Stack:    24 bytes, and what the functions use.
// Clobbers: what the System V ABI lets a function clobber.
TEXT ·load(SB), NOSPLIT|NOFRAME, $0
	PUSHQ BX
	PUSHQ R12
	SUBQ $8, SP
	LEAQ ·loading(SB), BX
	MOVQ const_loadEnviron(BX), AX
	TESTQ AX, AX
	JEQ  open
	CMPQ (AX), $0
	JNE  open
	MOVQ const_loadEnv(BX), CX
	MOVQ CX, (AX) // dlmopen hands it on

open:
	MOVQ const_loadMask(BX), AX
	TESTQ AX, AX
	JEQ  blocked
	XORL DI, DI // SIG_BLOCK
	LEAQ const_loadBlocked(BX), SI
	LEAQ const_loadBefore(BX), DX
	CALL AX

blocked:
	MOVQ const_loadDlmopen(BX), AX
	TESTQ AX, AX
	JEQ  plain
	MOVQ $-1, DI // LM_ID_NEWLM
	MOVQ const_loadPath(BX), SI
	MOVL $2, DX  // RTLD_NOW
	CALL AX
	JMP  opened

plain:
	MOVQ const_loadDlopen(BX), AX
	MOVQ const_loadPath(BX), DI
	MOVL $2, SI
	CALL AX

opened:
	MOVQ AX, const_loadHandle(BX)
	TESTQ AX, AX
	JEQ  failed
	XORL R12, R12

next:
	MOVQ const_loadNames(BX)(R12*8), SI
	TESTQ SI, SI
	JEQ  found
	MOVQ const_loadHandle(BX), DI
	MOVQ const_loadDlsym(BX), AX
	CALL AX
	MOVQ AX, const_loadFound(BX)(R12*8)

found:
	INCQ R12
	CMPQ R12, $const_numNames
	JNE  next
	MOVQ const_loadFound(BX), AX
	TESTQ AX, AX
	JEQ  end
	MOVQ (const_loadArgs+0)(BX), DI
	MOVQ (const_loadArgs+8)(BX), SI
	MOVQ (const_loadArgs+16)(BX), DX
	CALL AX
	MOVLQSX AX, AX
	MOVQ AX, const_loadResult(BX)
	JMP  end

failed:
	MOVQ const_loadDlerror(BX), AX
	CALL AX
	MOVQ AX, const_loadMessage(BX)

end:
	MOVQ const_loadMask(BX), AX
	TESTQ AX, AX
	JEQ  ended
	MOVL $2, DI // SIG_SETMASK
	LEAQ const_loadBefore(BX), SI
	XORL DX, DX
	CALL AX

ended:
	MOVL $const_loadEnded, const_loadState(BX)
	ADDQ $8, SP
	POPQ R12
	POPQ BX
	RET

// quickHook: the function at hook, but for calls of the library's own code, which are made.
//
// In:       SP = below a core.HostFrame, as hostEntry calls a function (package chost); the arguments are the hook's.
// Out:      jumps to the hook with these, or AX = 1.
// Stack:    none.
// Clobbers: AX, R10, R11.
//
//	if !ownCode.all.has(frame.regs.rip) { goto hook }
//	for i := range ownCode.n { if ownCode.each[i].has(frame.regs.rip) { return 1 } }
//	goto hook
TEXT ·quickHook(SB), NOSPLIT|NOFRAME, $0
	MOVQ const_quickRIP(SP), AX
	MOVQ AX, R10
	SUBQ ·ownCode+(spans_all+span_start)(SB), R10
	CMPQ R10, ·ownCode+(spans_all+span_size)(SB)
	JCS  near

call:
	MOVQ ·hook(SB), AX
	JMP  AX

near:
	LEAQ ·ownCode+spans_each(SB), R11
	MOVQ ·ownCode+spans_n(SB), R10
	SHLQ $4, R10 // span__size
	ADDQ R11, R10

each:
	CMPQ R11, R10
	JEQ  call
	SUBQ span_start(R11), AX
	CMPQ AX, span_size(R11)
	JCS  own
	ADDQ span_start(R11), AX
	ADDQ $span__size, R11
	JMP  each

own:
	MOVL $1, AX
	RET

// func loadSpan() (from, to uintptr): where the code above lies.
//
// Out:      from+0(FP), to+8(FP).
// Clobbers: AX.
TEXT ·loadSpan(SB), NOSPLIT, $0-16
	LEAQ ·load(SB), AX
	MOVQ AX, from+0(FP)
	LEAQ ·loadSpan(SB), AX
	MOVQ AX, to+8(FP)
	RET

// func quickAddress() uintptr
//
// Out:      ret+0(FP) = the address of quickHook.
// Clobbers: AX.
TEXT ·quickAddress(SB), NOSPLIT, $0-8
	LEAQ ·quickHook(SB), AX
	MOVQ AX, ret+0(FP)
	RET

// func loadAddress() uintptr
//
// Out:      ret+0(FP) = the address of load.
// Clobbers: AX.
TEXT ·loadAddress(SB), NOSPLIT, $0-8
	LEAQ ·load(SB), AX
	MOVQ AX, ret+0(FP)
	RET

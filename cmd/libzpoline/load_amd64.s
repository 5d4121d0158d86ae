#include "go_asm.h"
#include "textflag.h"

// load: what the program calls at the end of DT_INIT. It fills in the second half of the variable loading.
//
//	handle = dlmopen != 0 ? dlmopen(LM_ID_NEWLM, path, RTLD_NOW) : dlopen(path, RTLD_NOW)
//	if handle == 0 { message = dlerror(); goto end }
//	hookInit = dlsym(handle, "__hook_init"); fflush = dlsym(handle, "fflush"); ctype = dlsym(handle, "__ctype_init")
//	hook = next
//	if hookInit != 0 { result = hookInit(0, &hook) }
//	end: state = loadEnded
//
// In:       SP is what the System V ABI has at a function's entry.
// Stack:    8 bytes, and what the functions use.
// Clobbers: what the System V ABI lets a function clobber.
TEXT ·load(SB), NOSPLIT|NOFRAME, $0
	SUBQ $8, SP
	MOVQ ·loading+const_loadDlmopen(SB), AX
	TESTQ AX, AX
	JEQ  plain
	MOVQ $-1, DI // LM_ID_NEWLM
	MOVQ ·loading+const_loadPath(SB), SI
	MOVL $2, DX  // RTLD_NOW
	CALL AX
	JMP  opened

plain:
	MOVQ ·loading+const_loadDlopen(SB), AX
	MOVQ ·loading+const_loadPath(SB), DI
	MOVL $2, SI
	CALL AX

opened:
	MOVQ AX, ·loading+const_loadHandle(SB)
	TESTQ AX, AX
	JEQ  failed
	MOVQ AX, DI
	LEAQ ·initName(SB), SI
	MOVQ ·loading+const_loadDlsym(SB), AX
	CALL AX
	MOVQ AX, ·loading+const_loadInit(SB)
	MOVQ ·loading+const_loadHandle(SB), DI
	LEAQ ·flushName(SB), SI
	MOVQ ·loading+const_loadDlsym(SB), AX
	CALL AX
	MOVQ AX, ·loading+const_loadFlush(SB)
	MOVQ ·loading+const_loadHandle(SB), DI
	LEAQ ·ctypeName(SB), SI
	MOVQ ·loading+const_loadDlsym(SB), AX
	CALL AX
	MOVQ AX, ·loading+const_loadCtype(SB)
	MOVQ ·loading+const_loadNext(SB), AX
	MOVQ AX, ·loading+const_loadHook(SB)
	MOVQ ·loading+const_loadInit(SB), AX
	TESTQ AX, AX
	JEQ  end
	XORL DI, DI
	LEAQ ·loading+const_loadHook(SB), SI
	CALL AX
	MOVLQSX AX, AX
	MOVQ AX, ·loading+const_loadResult(SB)
	JMP  end

failed:
	MOVQ ·loading+const_loadDlerror(SB), AX
	CALL AX
	MOVQ AX, ·loading+const_loadMessage(SB)

end:
	MOVL $const_loadEnded, ·loading+const_loadState(SB)
	ADDQ $8, SP
	RET

// func loadAddress() uintptr
//
// Out:      ret+0(FP) = the address of load.
// Clobbers: AX.
TEXT ·loadAddress(SB), NOSPLIT, $0-8
	LEAQ ·load(SB), AX
	MOVQ AX, ret+0(FP)
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

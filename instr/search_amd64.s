#include "textflag.h"

// Both functions compare 16-bit words at p+i and at p+i+1 with the wanted pairs, so that every byte
// offset is covered, and read nothing outside [p, p+n).
//
//	i = 0
//	while n-i >= 65: if no match in the words at i..i+63: i += 64, else leave the loop
//	while n-i >= 17: if match in the words at i..i+15: return the first, else i += 16
//	while n-i >= 2:  if the word at i matches: return i, else i++
//	return -1
//
// The masks of the 16-byte step have two equal bits for each word. Word k of the even compare is
// offset 2k, of the odd compare 2k+1, so (even & 5555) | (odd & 5555) << 1 is a mask of offsets.

// PAIR16(off) ORs the matches of the pair in X0 at 16 bytes from SI+off into X1.
#define PAIR16(off) \
	MOVOU   off(SI), X2      \
	MOVOU   (off+1)(SI), X3  \
	PCMPEQW X0, X2           \
	PCMPEQW X0, X3           \
	POR     X2, X1           \
	POR     X3, X1

// func searchPair(p unsafe.Pointer, n int, pair uint32) int
//
// In: p+0(FP), n+8(FP) >= 0, pair+16(FP): the pair, twice. Out: ret+24(FP). Stack: no frame. Flags: clobbered; DF not used.
// Clobbers AX, BX, CX, DX, SI, X0-X3. Calls nothing.
TEXT ·searchPair(SB), NOSPLIT, $0-32
	MOVQ   p+0(FP), SI
	MOVQ   n+8(FP), CX
	ADDQ   SI, CX            // end
	MOVL   pair+16(FP), DX
	MOVQ   DX, X0
	PSHUFL $0, X0, X0

block:
	LEAQ     65(SI), AX
	CMPQ     AX, CX
	JHI      line
	PXOR     X1, X1
	PAIR16(0)
	PAIR16(16)
	PAIR16(32)
	PAIR16(48)
	PMOVMSKB X1, AX
	TESTL    AX, AX
	JNE      line
	ADDQ     $64, SI
	JMP      block

line:
	LEAQ     17(SI), AX
	CMPQ     AX, CX
	JHI      byte
	MOVOU    (SI), X2
	MOVOU    1(SI), X3
	PCMPEQW  X0, X2
	PCMPEQW  X0, X3
	PMOVMSKB X2, AX
	PMOVMSKB X3, BX
	ANDL     $0x5555, AX
	ANDL     $0x5555, BX
	LEAL     (AX)(BX*2), AX
	TESTL    AX, AX
	JNE      found
	ADDQ     $16, SI
	JMP      line

byte:
	LEAQ 2(SI), AX
	CMPQ AX, CX
	JHI  none
	CMPW (SI), DX
	JEQ  here
	INCQ SI
	JMP  byte

found:
	BSFL AX, AX
	ADDQ AX, SI

here:
	SUBQ p+0(FP), SI
	MOVQ SI, ret+24(FP)
	RET

none:
	MOVQ $-1, ret+24(FP)
	RET

// ANY16 leaves the matches at 16 bytes from SI+off in X6: first byte 0f before 05 or 34, or cd
// before 80. X0 = 0f.., X1 = 05.., X2 = 34.., X3 = cd.., X4 = 80.. One match byte for each offset.
#define ANY16(off) \
	MOVOU   (off+1)(SI), X6  \
	MOVO    X6, X7           \
	MOVO    X6, X8           \
	MOVOU   off(SI), X9      \
	MOVO    X9, X10          \
	PCMPEQB X1, X6           \
	PCMPEQB X2, X7           \
	PCMPEQB X4, X8           \
	PCMPEQB X0, X9           \
	PCMPEQB X3, X10          \
	POR     X7, X6           \
	PAND    X9, X6           \
	PAND    X10, X8          \
	POR     X8, X6

#define SPLAT(value, reg) \
	MOVL   $value, AX        \
	MOVQ   AX, reg           \
	PSHUFL $0, reg, reg

// func searchAny(p unsafe.Pointer, n int) int
//
// In: p+0(FP), n+8(FP) >= 0. Out: ret+16(FP). Stack: no frame. Flags: clobbered; DF not used.
// Clobbers AX, CX, SI, X0-X10. Calls nothing.
TEXT ·searchAny(SB), NOSPLIT, $0-24
	MOVQ p+0(FP), SI
	MOVQ n+8(FP), CX
	ADDQ SI, CX              // end
	SPLAT(0x0f0f0f0f, X0)
	SPLAT(0x05050505, X1)
	SPLAT(0x34343434, X2)
	SPLAT(0xcdcdcdcd, X3)
	SPLAT(0x80808080, X4)

block:
	LEAQ     65(SI), AX
	CMPQ     AX, CX
	JHI      line
	ANY16(0)
	MOVO     X6, X5
	ANY16(16)
	POR      X6, X5
	ANY16(32)
	POR      X6, X5
	ANY16(48)
	POR      X6, X5
	PMOVMSKB X5, AX
	TESTL    AX, AX
	JNE      line
	ADDQ     $64, SI
	JMP      block

line:
	LEAQ     17(SI), AX
	CMPQ     AX, CX
	JHI      byte
	ANY16(0)
	PMOVMSKB X6, AX
	TESTL    AX, AX
	JNE      found
	ADDQ     $16, SI
	JMP      line

byte:
	LEAQ 2(SI), AX
	CMPQ AX, CX
	JHI  none
	CMPW (SI), $0x050f
	JEQ  here
	CMPW (SI), $0x340f
	JEQ  here
	CMPW (SI), $0x80cd
	JEQ  here
	INCQ SI
	JMP  byte

found:
	BSFL AX, AX
	ADDQ AX, SI

here:
	SUBQ p+0(FP), SI
	MOVQ SI, ret+16(FP)
	RET

none:
	MOVQ $-1, ret+16(FP)
	RET

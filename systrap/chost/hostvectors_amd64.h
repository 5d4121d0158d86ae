// The vector registers of hostEntry, in the room behind its frame (BX): where they lie is plainMXCSR, plainLow, plainHigh and plainMasks,
// none of them in the place of XSAVE's header.

#define SAVE(MOVE, REG, MEM) MOVE REG, MEM
#define LOAD(MOVE, REG, MEM) MOVE MEM, REG

// LOW_XMM: registers 0 to 15, where nothing above 128 bits is in use.
#define LOW_XMM(OP) \
	OP(MOVUPS, X0, (const_plainLow+0*16)(BX)); \
	OP(MOVUPS, X1, (const_plainLow+1*16)(BX)); \
	OP(MOVUPS, X2, (const_plainLow+2*16)(BX)); \
	OP(MOVUPS, X3, (const_plainLow+3*16)(BX)); \
	OP(MOVUPS, X4, (const_plainLow+4*16)(BX)); \
	OP(MOVUPS, X5, (const_plainLow+5*16)(BX)); \
	OP(MOVUPS, X6, (const_plainLow+6*16)(BX)); \
	OP(MOVUPS, X7, (const_plainLow+7*16)(BX)); \
	OP(MOVUPS, X8, (const_plainLow+8*16)(BX)); \
	OP(MOVUPS, X9, (const_plainLow+9*16)(BX)); \
	OP(MOVUPS, X10, (const_plainLow+10*16)(BX)); \
	OP(MOVUPS, X11, (const_plainLow+11*16)(BX)); \
	OP(MOVUPS, X12, (const_plainLow+12*16)(BX)); \
	OP(MOVUPS, X13, (const_plainLow+13*16)(BX)); \
	OP(MOVUPS, X14, (const_plainLow+14*16)(BX)); \
	OP(MOVUPS, X15, (const_plainLow+15*16)(BX))

// LOW_YMM: the same with 256 bits.
#define LOW_YMM(OP) \
	OP(VMOVUPS, Y0, (const_plainLow+0*32)(BX)); \
	OP(VMOVUPS, Y1, (const_plainLow+1*32)(BX)); \
	OP(VMOVUPS, Y2, (const_plainLow+2*32)(BX)); \
	OP(VMOVUPS, Y3, (const_plainLow+3*32)(BX)); \
	OP(VMOVUPS, Y4, (const_plainLow+4*32)(BX)); \
	OP(VMOVUPS, Y5, (const_plainLow+5*32)(BX)); \
	OP(VMOVUPS, Y6, (const_plainLow+6*32)(BX)); \
	OP(VMOVUPS, Y7, (const_plainLow+7*32)(BX)); \
	OP(VMOVUPS, Y8, (const_plainLow+8*32)(BX)); \
	OP(VMOVUPS, Y9, (const_plainLow+9*32)(BX)); \
	OP(VMOVUPS, Y10, (const_plainLow+10*32)(BX)); \
	OP(VMOVUPS, Y11, (const_plainLow+11*32)(BX)); \
	OP(VMOVUPS, Y12, (const_plainLow+12*32)(BX)); \
	OP(VMOVUPS, Y13, (const_plainLow+13*32)(BX)); \
	OP(VMOVUPS, Y14, (const_plainLow+14*32)(BX)); \
	OP(VMOVUPS, Y15, (const_plainLow+15*32)(BX))

// LOW_ZMM: the same with 512 bits.
#define LOW_ZMM(OP) \
	OP(VMOVUPS, Z0, (const_plainLow+0*64)(BX)); \
	OP(VMOVUPS, Z1, (const_plainLow+1*64)(BX)); \
	OP(VMOVUPS, Z2, (const_plainLow+2*64)(BX)); \
	OP(VMOVUPS, Z3, (const_plainLow+3*64)(BX)); \
	OP(VMOVUPS, Z4, (const_plainLow+4*64)(BX)); \
	OP(VMOVUPS, Z5, (const_plainLow+5*64)(BX)); \
	OP(VMOVUPS, Z6, (const_plainLow+6*64)(BX)); \
	OP(VMOVUPS, Z7, (const_plainLow+7*64)(BX)); \
	OP(VMOVUPS, Z8, (const_plainLow+8*64)(BX)); \
	OP(VMOVUPS, Z9, (const_plainLow+9*64)(BX)); \
	OP(VMOVUPS, Z10, (const_plainLow+10*64)(BX)); \
	OP(VMOVUPS, Z11, (const_plainLow+11*64)(BX)); \
	OP(VMOVUPS, Z12, (const_plainLow+12*64)(BX)); \
	OP(VMOVUPS, Z13, (const_plainLow+13*64)(BX)); \
	OP(VMOVUPS, Z14, (const_plainLow+14*64)(BX)); \
	OP(VMOVUPS, Z15, (const_plainLow+15*64)(BX))

// HIGH_ZMM: registers 16 to 31.
#define HIGH_ZMM(OP) \
	OP(VMOVUPS, Z16, (const_plainHigh+0*64)(BX)); \
	OP(VMOVUPS, Z17, (const_plainHigh+1*64)(BX)); \
	OP(VMOVUPS, Z18, (const_plainHigh+2*64)(BX)); \
	OP(VMOVUPS, Z19, (const_plainHigh+3*64)(BX)); \
	OP(VMOVUPS, Z20, (const_plainHigh+4*64)(BX)); \
	OP(VMOVUPS, Z21, (const_plainHigh+5*64)(BX)); \
	OP(VMOVUPS, Z22, (const_plainHigh+6*64)(BX)); \
	OP(VMOVUPS, Z23, (const_plainHigh+7*64)(BX)); \
	OP(VMOVUPS, Z24, (const_plainHigh+8*64)(BX)); \
	OP(VMOVUPS, Z25, (const_plainHigh+9*64)(BX)); \
	OP(VMOVUPS, Z26, (const_plainHigh+10*64)(BX)); \
	OP(VMOVUPS, Z27, (const_plainHigh+11*64)(BX)); \
	OP(VMOVUPS, Z28, (const_plainHigh+12*64)(BX)); \
	OP(VMOVUPS, Z29, (const_plainHigh+13*64)(BX)); \
	OP(VMOVUPS, Z30, (const_plainHigh+14*64)(BX)); \
	OP(VMOVUPS, Z31, (const_plainHigh+15*64)(BX))

// MASKS: k0 to k7, with AVX512BW's 64 bits.
#define MASKS(OP) \
	OP(KMOVQ, K0, (const_plainMasks+0*8)(BX)); \
	OP(KMOVQ, K1, (const_plainMasks+1*8)(BX)); \
	OP(KMOVQ, K2, (const_plainMasks+2*8)(BX)); \
	OP(KMOVQ, K3, (const_plainMasks+3*8)(BX)); \
	OP(KMOVQ, K4, (const_plainMasks+4*8)(BX)); \
	OP(KMOVQ, K5, (const_plainMasks+5*8)(BX)); \
	OP(KMOVQ, K6, (const_plainMasks+6*8)(BX)); \
	OP(KMOVQ, K7, (const_plainMasks+7*8)(BX))

// Clears the header of the XSAVE area at BX but for its first word, XSTATE_BV (SDM vol. 1, 13.4.2).
#define CLEAR_HEADER \
	MOVQ $0, (const_xsaveHeader+8)(BX) \
	MOVQ $0, (const_xsaveHeader+16)(BX) \
	MOVQ $0, (const_xsaveHeader+24)(BX) \
	MOVQ $0, (const_xsaveHeader+32)(BX) \
	MOVQ $0, (const_xsaveHeader+40)(BX) \
	MOVQ $0, (const_xsaveHeader+48)(BX) \
	MOVQ $0, (const_xsaveHeader+56)(BX)

package instr

// An opcode attribute is a uint16; 0 is an opcode that does not exist in 64-bit mode.
//
//	bits 0-3   immediate kind
//	bit  4     ModRM follows
//	bit  5     memory operand invalid
//	bit  6     register operand invalid (bits 5 and 6 together: mod is ignored, always register)
//	bit  7     group: validity or immediate depends on more than the opcode, see group.go
//	bits 8-11  permitted mandatory prefix: none, 66, f3, f2; all four where it means nothing
//	bits 12-15 class
const (
	immMask = 0x0f
	mrm     = 1 << 4
	noMem   = 1 << 5
	noReg   = 1 << 6
	grp     = 1 << 7
	ppShift = 8
	ppMask  = 0xf << ppShift

	clsShift = 12
)

// The immediate kinds. Z is 32 bits, or 16 with an effective 66. V is Z, or 64 bits with REX.W.
const (
	immNone = iota
	imm8
	imm16
	immZ
	immV
	immEnter // 16 bits, then 8
	immMoffs // address: 64 bits, or 32 with 67
	immRel8
	immRel32  // 66 ignored, as Intel does
	immTest8  // f6: 8 bits for /0 and /1 only
	immTestZ  // f7: Z for /0 and /1 only
	imm8x2    // extrq, insertq
	imm32     // XOP map 10
	imm3DNow  // opcode suffix
	immSSE4A  // 0f 78: imm8x2 with 66 or f2, none without (vmread)
	immXbegin // xbegin: Z, a branch displacement
)

// Shorthands of the tables.
const (
	pN  = 1 << ppShift // no mandatory prefix
	p66 = 2 << ppShift
	pF3 = 4 << ppShift
	pF2 = 8 << ppShift
	pA  = ppMask // any

	xx = 0          // invalid, or a prefix or escape that never reaches the table
	o_ = pA         // opcode only
	m_ = pA | mrm   // ModRM
	mg = m_ | grp   // ModRM, group
	mm = m_ | noReg // ModRM, memory only
	mi = m_ | imm8  // ModRM and imm8
	mz = m_ | immZ  // ModRM and immZ
	b_ = pA | imm8  // imm8
	z_ = pA | immZ  // immZ
	v_ = pA | immV  // immV
	w_ = pA | imm16 // imm16
	a_ = pA | immMoffs

	cc = pA | immRel8 | uint16(CondJump)<<clsShift
	cr = pA | noMem | noReg | mrm // mov to and from control and debug registers

	sn = mrm | pN | p66   // packed: none, 66
	s6 = mrm | p66        // 66 only
	s4 = mrm | pA         // none, 66, f3, f2
	i6 = mrm | p66 | imm8 // 66 with imm8
	jz = pA | immRel32 | uint16(CondJump)<<clsShift

	nop  = uint16(Nop) << clsShift
	call = uint16(Call) << clsShift
	jump = uint16(Jump) << clsShift
	ret  = uint16(Ret) << clsShift
)

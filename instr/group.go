package instr

// group settles opcodes whose validity, class or immediate depends on more than the opcode. It
// returns the immediate kind and whether the encoding exists.
func group(in *Inst, kind uint16) (uint16, bool) {
	reg := in.ModRM >> 3 & 7
	isReg := in.ModRM >= 0xc0
	switch uint16(in.Map)<<8 | uint16(in.Opcode) {
	case 0x08c: // mov from segment register
		return kind, reg < 6
	case 0x08e: // mov to segment register, not cs
		return kind, reg < 6 && reg != 1
	case 0x08f: // pop
		return kind, reg == 0
	case 0x0c6: // mov, xabort
		return kind, reg == 0 || in.ModRM == 0xf8
	case 0x0c7: // mov, xbegin
		if in.ModRM == 0xf8 {
			in.Class = CondJump
			return immXbegin, true
		}
		return kind, reg == 0
	case 0x0d8, 0x0d9, 0x0da, 0x0db, 0x0dc, 0x0dd, 0x0de, 0x0df:
		if isReg {
			return kind, x87Reg[in.Opcode-0xd8]>>(in.ModRM-0xc0)&1 != 0
		}
		return kind, x87Mem>>((in.Opcode-0xd8)*8+reg)&1 != 0
	case 0x0fe:
		return kind, reg < 2
	case 0x0ff:
		switch reg {
		case 2, 3:
			in.Class, in.Indirect = Call, true
		case 4, 5:
			in.Class, in.Indirect = Jump, true
		}
		return kind, reg != 7 && !(isReg && (reg == 3 || reg == 5))
	}
	return group0F(in, kind, reg, isReg)
}

// group0F is group for the maps behind 0f.
func group0F(in *Inst, kind uint16, reg byte, isReg bool) (uint16, bool) {
	switch uint16(in.Map)<<8 | uint16(in.Opcode) {
	case 0x100: // sldt ... verw, and lkgs with f2
		return kind, reg < 6 || reg == 6 && in.PP == 3
	case 0x101:
		if isReg {
			tdx := in.PP == 1 && in.ModRM >= 0xcc && in.ModRM <= 0xce // tdcall, seamret, seamops
			return kind, tdx || group7Reg>>(in.ModRM-0xc0)&1 != 0
		}
		return kind, reg != 5 || in.PP == 2 // rstorssp
	case 0x10f:
		return kind, true
	case 0x112: // movlps, movhlps, movlpd, movsldup, movddup
		return kind, !isReg || in.PP != 1
	case 0x116: // movhps, movlhps, movhpd, movshdup
		return kind, !isReg || in.PP != 1
	case 0x171, 0x172: // shifts of words and doublewords by imm8
		return kind, isReg && (reg == 2 || reg == 4 || reg == 6)
	case 0x173: // shifts of quadwords by imm8; by bytes with 66 only
		return kind, isReg && (reg == 2 || reg == 6 || (reg == 3 || reg == 7) && in.PP == 1)
	case 0x178: // vmread, extrq, insertq
		switch in.PP {
		case 0:
			return immNone, true
		case 1:
			return imm8x2, isReg && reg == 0
		}
		return imm8x2, isReg
	case 0x179: // vmwrite, extrq, insertq
		return kind, in.PP == 0 || isReg
	case 0x1a6: // VIA montmul, xsha1, xsha256
		return kind, isReg && reg < 3 && in.ModRM&7 == 0
	case 0x1a7: // VIA xstore, xcrypt
		return kind, isReg && reg < 6 && in.ModRM&7 == 0
	case 0x1ae:
		if !isReg {
			return kind, true
		}
		switch reg {
		case 5: // lfence, incssp
			return kind, in.PP == 0 || in.PP == 2
		case 6, 7: // mfence, tpause, umonitor, umwait, sfence
			return kind, true
		}
		return kind, in.PP == 2 // rdfsbase ... wrgsbase, ptwrite
	case 0x1ba: // bt, bts, btr, btc
		return kind, reg >= 4
	case 0x1c7:
		if isReg {
			return kind, reg >= 6
		}
		return kind, reg != 0 && reg != 2
	case 0x1d6: // movq, movq2dq, movdq2q
		return kind, isReg || in.PP == 1
	case 0x2d8: // aesencwide128kl ... aesdecwide256kl
		return kind, !isReg && reg < 4
	case 0x2dc: // aesenc, aesenc128kl, loadiwkey
		return kind, true
	case 0x2dd, 0x2de, 0x2df:
		return kind, in.PP == 1 || !isReg
	case 0x2f0, 0x2f1: // movbe, crc32
		return kind, in.PP == 3 || !isReg && in.PP < 2
	case 0x2f6: // wrss is memory only
		return kind, in.PP != 0 || !isReg
	case 0x3f0: // hreset
		return kind, in.ModRM == 0xc0
	}
	return kind, false
}

// plainGroup is group for opcodes without ModRM.
func plainGroup(in *Inst) bool {
	switch uint16(in.Map)<<8 | uint16(in.Opcode) {
	case 0x090: // nop and pause; with REX.B xchg
		if in.Rex&1 == 0 {
			in.Class = Nop
		}
	case 0x105: // syscall faults under lock
		return in.Prefixes&PrefixLock == 0
	}
	return true
}

// x87Reg holds, for each of d8 to df, which ModRM bytes c0 to ff exist (SDM volume 2, tables A-7
// to A-22), bit 0 for c0.
var x87Reg = [8]uint64{
	0xffff_ffff_ffff_ffff,
	0xffff_7f33_0001_ffff,
	0x0000_0200_ffff_ffff,
	0x00ff_ff1f_ffff_ffff,
	0xffff_ffff_0000_ffff,
	0x0000_ffff_ffff_00ff,
	0xffff_ffff_0200_ffff,
	0x00ff_ff01_0000_00ff,
}

// x87Mem has bit 8*n+reg set when the memory form d8+n /reg exists.
const x87Mem uint64 = 0xff_ff_df_ff_af_ff_fd_ff

// group7Reg holds which ModRM bytes c0 to ff exist for 0f 01, bit 0 for c0, under any prefix.
const group7Reg uint64 = 0xff_ff_ff_ff_ff_f3_8f_7f

// now3d holds which 3DNow! suffixes exist (AMD APM volume 3, table A-13), 64 a word.
var now3d = [4]uint64{
	1<<0x0c | 1<<0x0d | 1<<0x1c | 1<<0x1d,
	0,
	1<<(0x8a-0x80) | 1<<(0x8e-0x80) | 1<<(0x90-0x80) | 1<<(0x94-0x80) | 1<<(0x96-0x80) |
		1<<(0x97-0x80) | 1<<(0x9a-0x80) | 1<<(0x9e-0x80) | 1<<(0xa0-0x80) | 1<<(0xa4-0x80) |
		1<<(0xa6-0x80) | 1<<(0xa7-0x80) | 1<<(0xaa-0x80) | 1<<(0xae-0x80) | 1<<(0xb0-0x80) |
		1<<(0xb4-0x80) | 1<<(0xb6-0x80) | 1<<(0xb7-0x80) | 1<<(0xbb-0x80) | 1<<(0xbf-0x80),
	0,
}

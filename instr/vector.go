package instr

//go:generate go run ./internal/genvector

// A vector attribute is a uint32; 0 is an opcode that does not exist in its map. The masks are
// unions over all forms of the opcode, so some combinations of prefix, W and length that fault
// with #UD decode as OK.
//
//	bits 0-3   permitted pp: none, 66, f3, f2
//	bits 4-5   permitted W
//	bits 6-8   permitted vector length: 128, 256, 512 bits
//	bit  9     memory operand permitted
//	bit  10    register operand permitted
//	bit  11    imm8 follows
//	bit  12    imm32 follows
//	bit  13    no ModRM (vzeroupper, vzeroall)
//	bit  14    memory operand must have a SIB byte (gather, scatter, tile load and store)
//	bits 16-23 permitted reg field of ModRM
const (
	vecW     = 4
	vecL     = 6
	vecMem   = 1 << 9
	vecReg   = 1 << 10
	vecImm8  = 1 << 11
	vecImm32 = 1 << 12
	vecPlain = 1 << 13
	vecSIB   = 1 << 14
	vecField = 16
)

// vectorPrefixes are the only prefixes that may stand before VEX, EVEX or XOP (SDM volume 2, 2.3.2).
const vectorPrefixes = Prefix67 | PrefixCS | PrefixSS | PrefixDS | PrefixES | PrefixFS | PrefixGS

// decodeVector decodes an instruction whose VEX or EVEX byte is code[p-1] (SDM volume 2, 2.3.5 and
// 2.7.1).
func decodeVector(code []byte, p int, in *Inst) Status {
	if in.Prefixes&^vectorPrefixes != 0 {
		return Invalid
	}
	n := 1 // payload bytes
	in.Enc = VEX2
	switch code[p-1] {
	case 0xc4:
		n, in.Enc = 2, VEX3
	case 0x62:
		n, in.Enc = 3, EVEX
	}
	if p+n >= len(code) {
		return short(code)
	}
	last := code[p+n-1] // of VEX: W vvvv L pp
	attr := uint32(0)
	op := code[p+n]
	switch in.Enc {
	case VEX2:
		in.Map = 1
		last &= 0x7f
		attr = vex[0][op]
	case VEX3:
		in.Map = code[p] & 0x1f
		if in.Map < 1 || in.Map > 3 {
			return Invalid
		}
		attr = vex[in.Map-1][op]
	default:
		return decodeEVEX(code, p, in)
	}
	in.PP = last & 3
	in.W = last >> 7
	in.VL = last >> 2 & 1
	return decodeVectorTail(code, p+n, attr, in)
}

// decodeEVEX decodes an instruction whose three EVEX payload bytes start at code[p] and whose
// opcode is there too.
func decodeEVEX(code []byte, p int, in *Inst) Status {
	p0, p1, p2 := code[p], code[p+1], code[p+2]
	if p0&8 != 0 || p1&4 == 0 {
		return Invalid // APX: B4, or U (X4) cleared
	}
	in.Map = p0 & 7
	in.PP = p1 & 3
	in.W = p1 >> 7
	in.VL = p2 >> 5 & 3
	if in.Map == 0 || in.Map == 4 || in.Map == 7 {
		return Invalid
	}
	slot := in.Map - 1
	if slot > 3 {
		slot--
	}
	attr := evex[slot][code[p+3]]
	if p+4 >= len(code) {
		return short(code)
	}
	if p2&0x10 != 0 && code[p+4] >= 0xc0 {
		// Rounding control: the length field holds the rounding mode and the length is 512 bits.
		attr |= 4 << vecL
		in.VL = 2
	}
	return decodeVectorTail(code, p+3, attr, in)
}

// decodeXOP decodes an instruction whose XOP byte 8f is code[p-1] (AMD APM volume 3, 1.7 and
// volume 6).
func decodeXOP(code []byte, p int, in *Inst) Status {
	if in.Prefixes&^vectorPrefixes != 0 {
		return Invalid
	}
	if p+2 >= len(code) {
		return short(code)
	}
	in.Enc = XOP
	in.Map = code[p] & 0x1f
	if in.Map > 10 {
		return Invalid
	}
	in.PP = code[p+1] & 3
	in.W = code[p+1] >> 7
	in.VL = code[p+1] >> 2 & 1
	return decodeVectorTail(code, p+2, xop[in.Map-8][code[p+2]], in)
}

// decodeVectorTail decodes from the opcode at offset p on.
func decodeVectorTail(code []byte, p int, attr uint32, in *Inst) Status {
	in.Opcode = code[p]
	in.OpcodeOff = uint8(p)
	p++
	if attr>>in.PP&1 == 0 || attr>>vecW>>in.W&1 == 0 || attr>>vecL>>in.VL&1 == 0 || in.VL > 2 {
		return Invalid
	}
	if attr&vecPlain != 0 {
		in.Len = uint8(p)
		return OK
	}
	if p >= len(code) {
		return short(code)
	}
	m := code[p]
	in.HasModRM = true
	in.ModRM = m
	in.ModRMOff = uint8(p)
	p++
	if attr>>vecField>>(m>>3&7)&1 == 0 {
		return Invalid
	}
	if m >= 0xc0 {
		if attr&vecReg == 0 {
			return Invalid
		}
	} else {
		if attr&vecMem == 0 || attr&vecSIB != 0 && m&7 != 4 {
			return Invalid
		}
		var st Status
		if p, st = decodeMemory(code, p, m, in); st != OK {
			return st
		}
	}
	kind := uint16(immNone)
	if attr&vecImm8 != 0 {
		kind = imm8
	} else if attr&vecImm32 != 0 {
		kind = imm32
	}
	if kind != immNone {
		n := immLen(kind, in)
		if p+n > len(code) {
			return short(code)
		}
		in.ImmOff = uint8(p)
		in.ImmLen = uint8(n)
		decodeImm(code[p:p+n], kind, in)
		p += n
	}
	in.Len = uint8(p)
	return OK
}

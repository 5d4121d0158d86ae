package instr

// Decode decodes the instruction at the start of code into in and never reads behind it. On any
// status but OK, in.Len is 0 and the other fields are unspecified.
//
// It covers 64-bit mode: the legacy maps, VEX, EVEX maps 1, 2, 3, 5 and 6, XOP and 3DNow!. It
// rejects APX (REX2, EVEX map 4, EVEX with the B4, X4 or U bits), VEX maps above 3, and opcodes
// that no processor defines, as Invalid. Registers and memory operands are not checked beyond what
// ModRM says, so some encodings that fault with #UD decode as OK; their length is that of their
// well-formed neighbours.
func Decode(code []byte, in *Inst) Status {
	*in = Inst{}
	if len(code) > MaxLen {
		code = code[:MaxLen]
	}
	if len(code) == 0 {
		return Truncated
	}
	// Without a branch for the common case, no prefix or one REX, which no predictor can tell apart.
	b := code[0]
	k := prefixOf[b]
	p := int(k / PrefixRex & 1)
	rex := b & -byte(p)
	if p >= len(code) {
		return short(code)
	}
	b = code[p]
	if k&^PrefixRex|prefixOf[b] != 0 {
		if p = decodePrefixes(code, in); p >= len(code) {
			return short(code)
		}
		b = code[p]
	} else {
		in.Prefixes = k
		in.Rex = rex
		in.W = rex >> 3 & 1
	}
	in.PrefixLen = uint8(p)
	p++

	var attr uint16
	switch b {
	case 0x0f:
		if p >= len(code) {
			return short(code)
		}
		b = code[p]
		p++
		switch b {
		case 0x38, 0x3a:
			table := &threeByte38
			in.Map = 2
			if b == 0x3a {
				table = &threeByte3A
				in.Map = 3
			}
			if p >= len(code) {
				return short(code)
			}
			b = code[p]
			p++
			attr = table[b]
		default:
			in.Map = 1
			attr = twoByte[b]
		}
	case 0xc4, 0xc5, 0x62:
		return decodeVector(code, p, in)
	case 0x8f:
		if p >= len(code) {
			return short(code)
		}
		if code[p]&0x1f >= 8 {
			return decodeXOP(code, p, in)
		}
		attr = oneByte[b]
	default:
		attr = oneByte[b]
	}
	in.Opcode = b
	in.OpcodeOff = uint8(p - 1)
	if attr>>ppShift>>in.PP&1 == 0 {
		return trapped(code, p, b, in)
	}
	return decodeTail(code, p, attr, in)
}

// decodePrefixes takes in the prefixes at the start of code, the first of which is there, and
// returns the offset behind them.
func decodePrefixes(code []byte, in *Inst) int {
	var set Prefix
	var rex, pp byte
	p := 0
	for ; p < len(code); p++ {
		b := code[p]
		k := prefixOf[b]
		if k == 0 {
			break
		}
		set |= k
		rex = 0 // a REX counts only right before the opcode
		switch k {
		case PrefixRex:
			rex = b
		case PrefixF3:
			pp = 2
		case PrefixF2:
			pp = 3
		}
	}
	if pp == 0 && set&Prefix66 != 0 {
		pp = 1
	}
	in.Prefixes = set
	in.Rex = rex
	in.W = rex >> 3 & 1
	in.PP = pp
	return p
}

// short is the status of an instruction that goes on behind code, which was cut to MaxLen.
func short(code []byte) Status {
	if len(code) == MaxLen {
		return TooLong
	}
	return Truncated
}

// decodeTail decodes what follows the opcode, from offset p on.
func decodeTail(code []byte, p int, attr uint16, in *Inst) Status {
	kind := attr & immMask
	in.Class = Class(attr >> clsShift)
	if attr&mrm != 0 {
		if p >= len(code) {
			return short(code)
		}
		m := code[p]
		in.HasModRM = true
		in.ModRM = m
		in.ModRMOff = uint8(p)
		p++
		if attr&(noMem|noReg) == noMem|noReg {
			m |= 0xc0
		} else if m >= 0xc0 && attr&noReg != 0 || m < 0xc0 && attr&noMem != 0 {
			return Invalid
		}
		if attr&grp != 0 {
			k, ok := group(in, kind)
			if !ok {
				return Invalid
			}
			kind = k
		}
		if m < 0xc0 {
			var st Status
			if p, st = decodeMemory(code, p, m, in); st != OK {
				return st
			}
		}
	} else if attr&grp != 0 && !plainGroup(in) {
		return Invalid
	}
	if kind != immNone {
		n := immLen(kind, in)
		if p+n > len(code) {
			return short(code)
		}
		if n != 0 {
			in.ImmOff = uint8(p)
			in.ImmLen = uint8(n)
			decodeImm(code[p:p+n], kind, in)
			p += n
		}
		if kind == imm3DNow && now3d[in.Opcode>>6]>>(in.Opcode&63)&1 == 0 {
			return Invalid
		}
	}
	if in.Opcode == 0xcd && in.Map == 0 && in.Enc == Legacy && in.Imm == -0x80 {
		in.Class = Int80
	}
	in.Len = uint8(p)
	return OK
}

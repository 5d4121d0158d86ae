package instr

// Length returns the length in bytes of the instruction at the start of code, or 0 where [Decode]
// has another status than [OK]. It is the hot path: the common encodings take two table reads, all
// others go through Decode.
func Length(code []byte) int {
	if len(code) < MaxLen {
		return slowLength(code)
	}
	_ = code[MaxLen-1]
	p := 0
	b := code[0]
	w := false
	if b&0xf0 == 0x40 {
		w = b&8 != 0
		p = 1
		b = code[1]
	}
	pp := uint16(pN)
	attr := oneByte[b]
	p++
	if b == 0x0f {
		attr = twoByte[code[p]]
		p++
	}
	if attr&pp == 0 || attr&grp != 0 {
		return slowLength(code)
	}
	if attr&mrm != 0 {
		if attr&(noMem|noReg) != 0 {
			return slowLength(code)
		}
		m := code[p]
		p++
		n := modrmLen[m]
		if n&modrmSIB != 0 && code[p]&7 == 5 && m < 0x40 {
			n += 4
		}
		p += int(n &^ modrmSIB)
		if attr&immMask >= immTest8 && m&0x30 != 0 {
			return p // f6 and f7 with another reg field than 0 and 1
		}
	}
	if n := fastImm[attr&immMask]; n < 8 {
		return p + int(n)
	}
	if attr&immMask == immV {
		if w {
			return p + 8
		}
		return p + 4
	}
	return slowLength(code)
}

// slowLength is Length by way of Decode.
func slowLength(code []byte) int {
	var in Inst
	if Decode(code, &in) != OK {
		return 0
	}
	return int(in.Len)
}

// fastImm holds the length of each immediate kind without 66 and 67; 8 is not fixed.
var fastImm = [16]uint8{
	immNone: 0, imm8: 1, imm16: 2, immZ: 4, immV: 8, immEnter: 3, immMoffs: 8, immRel8: 1,
	immRel32: 4, immTest8: 1, immTestZ: 4, imm8x2: 2, imm32: 4, imm3DNow: 8, immSSE4A: 8, immXbegin: 8,
}

// modrmSIB marks ModRM bytes with a SIB byte.
const modrmSIB = 0x80

// modrmLen holds, for each ModRM byte, the bytes of SIB and displacement behind it, and modrmSIB.
var modrmLen = [256]uint8{
	0, 0, 0, 0, modrmSIB | 1, 4, 0, 0,
	0, 0, 0, 0, modrmSIB | 1, 4, 0, 0,
	0, 0, 0, 0, modrmSIB | 1, 4, 0, 0,
	0, 0, 0, 0, modrmSIB | 1, 4, 0, 0,
	0, 0, 0, 0, modrmSIB | 1, 4, 0, 0,
	0, 0, 0, 0, modrmSIB | 1, 4, 0, 0,
	0, 0, 0, 0, modrmSIB | 1, 4, 0, 0,
	0, 0, 0, 0, modrmSIB | 1, 4, 0, 0,
	1, 1, 1, 1, modrmSIB | 2, 1, 1, 1,
	1, 1, 1, 1, modrmSIB | 2, 1, 1, 1,
	1, 1, 1, 1, modrmSIB | 2, 1, 1, 1,
	1, 1, 1, 1, modrmSIB | 2, 1, 1, 1,
	1, 1, 1, 1, modrmSIB | 2, 1, 1, 1,
	1, 1, 1, 1, modrmSIB | 2, 1, 1, 1,
	1, 1, 1, 1, modrmSIB | 2, 1, 1, 1,
	1, 1, 1, 1, modrmSIB | 2, 1, 1, 1,
	4, 4, 4, 4, modrmSIB | 5, 4, 4, 4,
	4, 4, 4, 4, modrmSIB | 5, 4, 4, 4,
	4, 4, 4, 4, modrmSIB | 5, 4, 4, 4,
	4, 4, 4, 4, modrmSIB | 5, 4, 4, 4,
	4, 4, 4, 4, modrmSIB | 5, 4, 4, 4,
	4, 4, 4, 4, modrmSIB | 5, 4, 4, 4,
	4, 4, 4, 4, modrmSIB | 5, 4, 4, 4,
	4, 4, 4, 4, modrmSIB | 5, 4, 4, 4,
	0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
}

package instr

// Length returns the length in bytes of the instruction at the start of code, or 0 where [Decode]
// has another status than [OK].
func Length(code []byte) int {
	return step(code).length()
}

// stride is what a walk over code needs to know of an instruction: the length in bits 0 to 7, the
// class in bits 8 to 15, and VendorDependent in bit 16. It is 0 where Decode does not return OK.
type stride uint32

func (s stride) length() int  { return int(s & 0xff) }
func (s stride) class() Class { return Class(s >> 8) }
func (s stride) vendor() bool { return s>>16 != 0 }

// step is the hot path of every walk. An instruction of the one-byte and 0f maps with no prefix but
// one REX takes a few table reads and hardly a branch that depends on the code, since no predictor
// could tell it; all others go through Decode. [Length] and [Decode] agree by fuzzing.
func step(code []byte) stride {
	if len(code) < MaxLen {
		return slowStep(code)
	}
	w := le64(code)
	rex := uint(prefixOf[byte(w)]/PrefixRex) & 1
	op := w >> (rex * 8)
	n := 1 + int(rex)
	attr := oneByte[byte(op)]
	if byte(op) == 0x0f {
		op >>= 8
		attr = twoByte[byte(op)]
		n++
	}
	kind := fastImm[attr&immMask]
	modrm := modrmLen[byte(op>>8)]
	if attr&(pN|grp|noMem|noReg) != pN || kind|modrm&-uint8(attr>>4&1) >= odd {
		return oddStep(code, n, op, attr)
	}
	n += int(kind) + int((modrm+1)&-uint8(attr>>4&1))
	return stride(n) | stride(attr>>clsShift)<<8
}

// oddStep is step for what step does not cover. n is the offset behind the opcode, whose byte is the
// lowest of op.
func oddStep(code []byte, n int, op uint64, attr uint16) stride {
	if attr&(ppMask|mrm|grp|immMask) == v_ {
		if code[0]&0xf8 == 0x48 { // REX.W
			return stride(n + 8)
		}
		return stride(n + 4)
	}
	modrm := byte(op >> 8)
	if attr&(pN|grp|noMem|mrm) != pN|mrm || attr&noReg != 0 && modrm >= 0xc0 {
		return slowStep(code)
	}
	n += 1 + int(modrmLen[modrm]&^odd)
	if modrmLen[modrm] >= odd && byte(op>>16)&7 == 5 {
		n += 4
	}
	switch attr & immMask {
	case immTest8:
		if modrm&0x30 == 0 {
			n++
		}
	case immTestZ:
		if modrm&0x30 == 0 {
			n += 4
		}
	default:
		n += int(fastImm[attr&immMask] &^ odd)
	}
	return stride(n) | stride(attr>>clsShift)<<8
}

// slowStep is step by way of Decode.
//
//go:noinline
func slowStep(code []byte) stride {
	var in Inst
	if Decode(code, &in) != OK {
		return 0
	}
	s := stride(in.Len) | stride(in.Class)<<8
	if in.VendorDependent {
		s |= 1 << 16
	}
	return s
}

// odd marks the entries of fastImm and modrmLen that step leaves to oddStep.
const odd = 0x80

// fastImm holds the length of each immediate kind without 66. A kind that no opcode has together
// with ModRM, or only in a group, may be odd alone.
var fastImm = [16]uint8{
	immNone: 0, imm8: 1, imm16: 2, immZ: 4, immV: odd, immEnter: 3, immMoffs: odd, immRel8: 1,
	immRel32: 4, immTest8: odd, immTestZ: odd, imm8x2: 2, imm32: 4, imm3DNow: odd, immSSE4A: odd,
	immXbegin: odd,
}

// modrmLen holds, for each ModRM byte, the bytes of SIB and displacement behind it. It is odd where
// the base field of SIB decides about a displacement.
var modrmLen = [256]uint8{
	0, 0, 0, 0, odd | 1, 4, 0, 0, 0, 0, 0, 0, odd | 1, 4, 0, 0,
	0, 0, 0, 0, odd | 1, 4, 0, 0, 0, 0, 0, 0, odd | 1, 4, 0, 0,
	0, 0, 0, 0, odd | 1, 4, 0, 0, 0, 0, 0, 0, odd | 1, 4, 0, 0,
	0, 0, 0, 0, odd | 1, 4, 0, 0, 0, 0, 0, 0, odd | 1, 4, 0, 0,
	1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1,
	1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1,
	1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1,
	1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1,
	4, 4, 4, 4, 5, 4, 4, 4, 4, 4, 4, 4, 5, 4, 4, 4,
	4, 4, 4, 4, 5, 4, 4, 4, 4, 4, 4, 4, 5, 4, 4, 4,
	4, 4, 4, 4, 5, 4, 4, 4, 4, 4, 4, 4, 5, 4, 4, 4,
	4, 4, 4, 4, 5, 4, 4, 4, 4, 4, 4, 4, 5, 4, 4, 4,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
}

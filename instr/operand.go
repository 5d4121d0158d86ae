package instr

// decodeMemory decodes SIB and displacement behind ModRM byte m (mod below 3), from offset p on,
// and returns the offset behind them (SDM volume 2, 2.1.3 and 2.2.1.6). 67 changes no length.
func decodeMemory(code []byte, p int, m byte, in *Inst) (int, Status) {
	n := 0
	switch m >> 6 {
	case 1:
		n = 1
	case 2:
		n = 4
	}
	switch m & 7 {
	case 4:
		if p >= len(code) {
			return p, short(code)
		}
		s := code[p]
		in.HasSIB = true
		in.SIB = s
		in.SIBOff = uint8(p)
		p++
		if s&7 == 5 && m < 0x40 {
			n = 4
		}
	case 5:
		if m < 0x40 {
			n = 4
			in.RIPRelative = true
		}
	}
	if n == 0 {
		return p, OK
	}
	if p+n > len(code) {
		return p, short(code)
	}
	in.DispOff = uint8(p)
	in.DispLen = uint8(n)
	if n == 1 {
		in.Disp = int32(int8(code[p]))
	} else {
		in.Disp = int32(le32(code[p:]))
	}
	return p + n, OK
}

// immLen returns the length in bytes of an immediate of the given kind.
func immLen(kind uint16, in *Inst) int {
	switch kind {
	case imm8, immRel8, imm3DNow:
		return 1
	case imm16, imm8x2:
		return 2
	case immEnter:
		return 3
	case imm32:
		return 4
	case immRel32:
		in.VendorDependent = in.Prefixes&Prefix66 != 0 && in.W == 0
		return 4
	case immZ, immXbegin:
		if in.Prefixes&Prefix66 != 0 && in.W == 0 {
			return 2
		}
		return 4
	case immTest8:
		if in.ModRM&0x30 == 0 {
			return 1
		}
	case immTestZ:
		if in.ModRM&0x30 != 0 {
			return 0
		}
		if in.Prefixes&Prefix66 != 0 && in.W == 0 {
			return 2
		}
		return 4
	case immV:
		if in.W != 0 {
			return 8
		}
		if in.Prefixes&Prefix66 != 0 {
			return 2
		}
		return 4
	case immMoffs:
		if in.Prefixes&Prefix67 != 0 {
			return 4
		}
		return 8
	}
	return 0
}

// decodeImm stores the immediate b of the given kind.
func decodeImm(b []byte, kind uint16, in *Inst) {
	switch len(b) {
	case 1:
		in.Imm = int64(int8(b[0]))
	case 2, 3:
		in.Imm = int64(int16(uint16(b[0]) | uint16(b[1])<<8))
	case 4:
		in.Imm = int64(int32(le32(b)))
	case 8:
		in.Imm = int64(le64(b))
	}
	switch kind {
	case immRel8, immRel32, immXbegin:
		in.Rel = in.Imm
		in.HasTarget = true
	case immMoffs:
		in.DispOff = in.ImmOff
		in.DispLen = in.ImmLen
		in.Disp = int32(in.Imm)
		in.ImmOff, in.ImmLen, in.Imm = 0, 0, 0
	case imm3DNow:
		in.Enc = ThreeDNow
		in.Opcode = b[0]
		in.OpcodeOff = in.ImmOff
		in.ImmOff, in.ImmLen, in.Imm = 0, 0, 0
	}
}

// le32 reads the first 4 bytes of b, little endian.
func le32(b []byte) uint32 {
	_ = b[3]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// le64 reads the first 8 bytes of b, little endian.
func le64(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

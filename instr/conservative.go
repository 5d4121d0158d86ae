package instr

// The offsets, in bytes before the candidate, from which [conservative] decodes. More than MaxLen
// of them, so that one is the start of an instruction if the bytes are code.
const (
	farStart  = 64
	nearStart = 24
)

// maxNumber is above every system call number.
const maxNumber = 1024

// conservative judges the candidate at offset at of text without knowing any function. It is a
// site when all of this holds:
//
//   - 64 bytes precede it in text;
//   - of the 41 decodings that start 64 to 24 bytes before it, every one that stays valid reaches
//     it as an instruction, and at least one does. No instruction is longer than 15 bytes, so if
//     those bytes are code, one of the decodings is the true one, and it reaches the candidate;
//   - every one of them shows a sign of a system call: among the last 8 instructions a mov of a
//     number below 1024 to eax, an xor of eax with itself, a mov to r10 (which no calling
//     convention but the system call's uses for an argument), or behind it a comparison of rax
//     with -4095 or -4096;
//   - 4 instructions behind it decode.
//
// The second rule proves the boundary if the 24 bytes before are code and nothing but; the third
// and fourth are there because data may precede or be it. What remains: data that looks like all
// of this, and code that runs into the middle of the candidate by a jump from elsewhere.
func conservative(text []byte, at int) (prefix uint8, r Reason) {
	if at < farStart {
		return 0, NoContext
	}
	after := comparesError(text[at+2:])
	found, sign := false, true
	for s := at - farStart; s <= at-nearStart; s++ {
		switch n, signed := converge(text, s, at); {
		case n > 0:
			return 0, Unsynchronised
		case n < 0:
		default:
			found = true
			sign = sign && (signed || after)
		}
	}
	switch {
	case !found:
		return 0, Unsynchronised
	case !sign:
		return 0, Implausible
	case !decodesFrom(text, at+2):
		return 0, Undecodable
	}
	return 0, Accepted
}

// converge decodes from offset p. n is 0 when it reaches the candidate at offset at, positive when
// it misses it and negative when it does not decode. sign is whether one of the last 8 instructions
// before it is a sign of a system call.
func converge(text []byte, p, at int) (n int, sign bool) {
	var in Inst
	seen := uint8(0) // signs of the last 8 instructions
	for p < at {
		if Decode(text[p:], &in) != OK {
			return -1, false
		}
		if p+int(in.PrefixLen) == at && isEntry(in.Class) {
			return 0, seen != 0
		}
		seen <<= 1
		if preparesCall(&in) {
			seen |= 1
		}
		p += int(in.Len)
	}
	return p - at, seen != 0
}

// preparesCall reports whether in loads a system call number or r10.
func preparesCall(in *Inst) bool {
	if in.Enc != Legacy || in.Map != 0 {
		return false
	}
	switch in.Opcode {
	case 0xb8: // mov eax, imm
		return in.Rex&1 == 0 && in.Imm >= 0 && in.Imm < maxNumber
	case 0xc7: // mov rm, imm
		return in.ModRM == 0xc0 && in.Rex&1 == 0 && in.Imm >= 0 && in.Imm < maxNumber
	case 0x31, 0x33: // xor eax, eax
		return in.ModRM == 0xc0 && in.Rex&5 == 0
	case 0x89: // mov rm, reg
		return in.ModRM >= 0xc0 && in.ModRM&7 == 2 && in.Rex&1 != 0
	case 0x8b: // mov reg, rm
		return in.ModRM>>3&7 == 2 && in.Rex&4 != 0
	}
	return false
}

// comparesError reports whether b starts with a comparison of rax with the range of errors.
func comparesError(b []byte) bool {
	if len(b) < 6 || le16(b) != 0x3d48 {
		return false
	}
	v := le32(b[2:])
	return v == 0xfffff000 || v == 0xfffff001
}

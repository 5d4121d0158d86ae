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
//   - it is a syscall: 64-bit code makes no other, so sysenter and int $0x80 are data;
//   - 64 bytes precede it in text;
//   - of the 41 decodings that start 64 to 24 bytes before it, every one that stays valid reaches
//     it as an instruction, and at least one does. No instruction is longer than 15 bytes, so if
//     those bytes are code, one of the decodings is the true one, and it reaches the candidate;
//   - every one of them shows a sign of a system call. Among the last 16 instructions: a number
//     below 1024 is loaded into rax, or r10 is (which only the system call's convention uses for an
//     argument), or rax and two of rdi, rsi and rdx are. Or one of the 4 behind it compares
//     rax with -4095 or -4096;
//   - those 4 instructions decode.
//
// The third rule proves the boundary if the 38 bytes before the candidate are code and this package
// decodes them; the others are there because data may precede it or be it. What can still go wrong:
// data that looks like all of this, and code that jumps into the middle of the candidate.
//
// before is the length in bytes of the instruction before it, 0 if the decodings disagree.
func conservative(text []byte, at int) (prefix, before uint8, r Reason) {
	if at < farStart {
		return 0, 0, NoContext
	}
	if kindOf(text[at:]) != Syscall {
		return 0, 0, Implausible
	}
	after := comparesError(text, at+2)
	found, sign := false, true
	for s := at - farStart; s <= at-nearStart; s++ {
		c := converge(text, s, at)
		switch {
		case c.missed, c.reached && found && c.prefix != prefix:
			return 0, 0, Unsynchronised
		case c.reached:
			if !found {
				before = c.before
			} else if before != c.before {
				before = 0
			}
			found = true
			prefix = c.prefix
			sign = sign && (c.sign || after)
		}
	}
	switch {
	case !found:
		return 0, 0, Unsynchronised
	case !sign:
		return 0, 0, Implausible
	case !decodesFrom(text, at+2):
		return 0, 0, Undecodable
	}
	return prefix, before, Accepted
}

// convergence is how a decoding from some offset ended: at the candidate, beside it, or neither,
// where something does not decode.
type convergence struct {
	reached, missed bool
	prefix          uint8 // bytes of prefixes of the candidate
	before          uint8 // bytes of the instruction before it
	sign            bool  // the last 16 instructions before it are those of a system call
}

// converge decodes from offset p to the candidate at offset at.
func converge(text []byte, p, at int) (c convergence) {
	var in Inst
	var recent signs
	for p <= at {
		if Decode(text[p:], &in) != OK {
			return c
		}
		if p+int(in.PrefixLen) == at && isEntry(in.Class) {
			c.reached = true
			c.prefix = in.PrefixLen
			c.sign = recent.convince()
			return c
		}
		recent.add(&in)
		c.before = in.Len
		p += int(in.Len)
	}
	c.missed = true
	return c
}

// signs holds what the last 16 instructions loaded, one bit for each, the latest in bit 0.
type signs struct {
	number             uint16 // a system call number into rax
	rax, rdi, rsi, rdx uint16
	r10                uint16
}

func (s *signs) add(in *Inst) {
	s.number <<= 1
	s.rax <<= 1
	s.rdi <<= 1
	s.rsi <<= 1
	s.rdx <<= 1
	s.r10 <<= 1
	reg, number := loads(in)
	switch reg {
	case 0:
		s.rax |= 1
		if number {
			s.number |= 1
		}
	case 2:
		s.rdx |= 1
	case 6:
		s.rsi |= 1
	case 7:
		s.rdi |= 1
	case 10:
		s.r10 |= 1
	}
}

func (s *signs) convince() bool {
	args := 0
	for _, r := range [...]uint16{s.rdi, s.rsi, s.rdx} {
		if r != 0 {
			args++
		}
	}
	return s.number != 0 || s.r10 != 0 || s.rax != 0 && args >= 2
}

// loads returns the number of the general register that in loads without computing, by mov, lea or
// xor with itself, or 16. number is whether the value is one that system calls have.
func loads(in *Inst) (reg uint8, number bool) {
	if in.Enc != Legacy || in.Map != 0 {
		return 16, false
	}
	field := in.ModRM>>3&7 | in.Rex<<1&8 // REX.R
	rm := in.ModRM&7 | in.Rex<<3&8       // REX.B
	number = in.Imm >= 0 && in.Imm < maxNumber
	switch op := in.Opcode; {
	case op >= 0xb8 && op < 0xc0: // mov reg, imm
		return op&7 | in.Rex<<3&8, number
	case op == 0xc7 && in.ModRM >= 0xc0: // mov rm, imm
		return rm, number
	case op == 0x8b, op == 0x8d: // mov reg, rm; lea
		return field, false
	case op == 0x89 && in.ModRM >= 0xc0: // mov rm, reg
		return rm, false
	case (op == 0x31 || op == 0x33) && in.ModRM >= 0xc0 && field == rm: // xor reg, reg
		return rm, true
	}
	return 16, false
}

// comparesError reports whether one of the instructions behind offset p compares rax with the range
// of errors.
func comparesError(code []byte, p int) bool {
	for i := 0; i < behind && p < len(code); i++ {
		b := code[p:]
		if len(b) >= 6 && le16(b) == 0x3d48 { // cmp $imm,%rax
			v := le32(b[2:])
			return v == 0xfffff000 || v == 0xfffff001
		}
		n := Length(b)
		if n == 0 {
			return false
		}
		p += n
	}
	return false
}

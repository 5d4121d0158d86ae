package instr

import "bytes"

// difference is a named disagreement with objdump 2.40 and how to recognise it. bad is whether
// objdump sees no instruction; in is what Decode made of it, with status st.
type difference struct {
	name  string
	match func(code []byte, l line, bad bool, st Status, in *Inst) bool
}

// known lists every tolerated disagreement with objdump. Those where both see an instruction must
// name the reason for the other length; in all others objdump, or this package, sees none.
var known = []difference{
	// objdump takes fwait as a prefix of the instruction behind it, and prints REX in front of it
	// alone.
	{"fwait", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return st == OK && in.Map == 0 && in.Enc == Legacy && in.Opcode == 0x9b
	}},
	// objdump ends an instruction after a REX that another prefix makes void.
	{"void-rex", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return isPrefixes(code[:l.len]) && code[l.len-1]&0xf0 == 0x40 && prefixOf[code[l.len]] != 0
	}},
	// objdump ends an instruction at a symbol.
	{"cut-at-symbol", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return st == OK && (bytes.HasPrefix(l.text, []byte(".byte")) || isPrefixes(code[:l.len])) && l.len < int(in.Len)
	}},
	// 0f 0d with a register is a nop; objdump sees none.
	{"0f0d-register", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return bad && st == OK && is(in, 1, 0x0d) && in.ModRM >= 0xc0
	}},
	// 8c and 8e with a segment register that does not exist, and mov to cs: #UD (SDM, MOV).
	{"segment-register", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		reg := in.ModRM >> 3 & 7
		return st == Invalid && in.Map == 0 && (in.Opcode == 0x8c || in.Opcode == 0x8e) && (reg >= 6 || reg == 1)
	}},
	// 287 only.
	{"frstpm", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return st == Invalid && in.Map == 0 && in.Opcode == 0xdb && in.ModRM == 0xe5
	}},
	// MPX forms with a register above bnd3 or a RIP-relative operand: nops where MPX is off or gone.
	{"mpx-operand", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return bad && st == OK && (is(in, 1, 0x1a) || is(in, 1, 0x1b))
	}},
	// A prefix that makes VEX, EVEX or XOP undefined (SDM volume 2, 2.3.2).
	{"prefix-before-vex", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return !bad && st == Invalid && in.Prefixes&^vectorPrefixes != 0 && isVectorByte(code[in.PrefixLen])
	}},
	// objdump shows the prefixes of what is no instruction alone, where VEX follows them (data in the
	// text of mono's compiled files).
	{"prefix-before-bad-vex", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		var rest Inst
		return !bad && st == Invalid && isPrefixes(code[:l.len]) && isVectorByte(code[l.len]) && Decode(code[l.len:], &rest) == Invalid
	}},
	// syscall under lock: #UD.
	{"lock-syscall", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return st == Invalid && is(in, 1, 0x05) && in.Prefixes&PrefixLock != 0
	}},
	// Groups whose members demand a mandatory prefix; ours looks at ModRM alone.
	{"group-prefix", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return bad && st == OK && (is(in, 1, 0x01) || is(in, 1, 0xae) || is(in, 1, 0xc7))
	}},
	// AMD's manual has 66 0f 78 /0 only.
	{"extrq-field", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return st == Invalid && is(in, 1, 0x78) && in.PP == 1 && in.ModRM >= 0xc0
	}},
	// f2 on bsf and bsr: without a meaning, and so ignored.
	{"bsf-f2", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return bad && st == OK && in.PP == 3 && (is(in, 1, 0xbc) || is(in, 1, 0xbd))
	}},
	// 0f d7 with f3 or f2: not in the SDM, which has NP and 66.
	{"pmovmskb-rep", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return st == Invalid && is(in, 1, 0xd7) && in.PP >= 2
	}},
	// lkgs, newer than binutils 2.40.
	{"lkgs", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return bad && st == OK && is(in, 1, 0x00) && in.ModRM>>3&7 == 6 && in.PP == 3
	}},
	// AMX-COMPLEX, SHA512, SM3, SM4 and AVX-VNNI-INT16, newer than binutils 2.40.
	{"newer-vex", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return bad && st == OK && isNewer(in)
	}},
	// objdump gives up on more than 14 prefixes and shows them alone.
	{"prefix-run", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return st == TooLong && l.len == 14 && isPrefixes(code[:l.len])
	}},
	// The tables of vector opcodes are unions over the forms, and the vvvv, mask and broadcast
	// fields are not looked at.
	{"vector-combination", func(code []byte, l line, bad bool, st Status, in *Inst) bool {
		return bad && st == OK && (in.Enc == VEX2 || in.Enc == VEX3 || in.Enc == EVEX || in.Enc == XOP)
	}},
}

// isNewer reports whether in is one of AMX-COMPLEX, SHA512, SM3, SM4 and AVX-VNNI-INT16.
func isNewer(in *Inst) bool {
	switch uint16(in.Map)<<8 | uint16(in.Opcode) {
	case 0x26c, 0x2cb, 0x2cc, 0x2cd, 0x2d2, 0x2d3, 0x2da, 0x3de:
		return in.Enc == VEX3
	}
	return false
}

// isPrefixes reports whether b is nothing but prefixes.
func isPrefixes(b []byte) bool {
	for _, c := range b {
		if prefixOf[c] == 0 {
			return false
		}
	}
	return true
}

// is reports whether in has the given legacy opcode.
func is(in *Inst, m, op uint8) bool { return in.Enc == Legacy && in.Map == m && in.Opcode == op }

func isVectorByte(b byte) bool { return b == 0xc4 || b == 0xc5 || b == 0x62 || b == 0x8f }

// explain names the reason why objdump and Decode differ on the instruction at the start of code,
// or returns "".
func explain(code []byte, l line, bad bool, st Status, in *Inst) string {
	for i := range known {
		if known[i].match(code, l, bad, st, in) {
			return known[i].name
		}
	}
	return ""
}

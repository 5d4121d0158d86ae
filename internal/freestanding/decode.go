package freestanding

import (
	"bytes"

	"golang.org/x/arch/x86/x86asm"
)

// inst is one decoded machine instruction.
type inst struct {
	addr   uint64
	size   uint64
	in     x86asm.Inst
	kind   instKind
	ref    uint64 // address that a RIP-relative operand names, zero if there is none
	target uint64 // address that a direct branch goes to, zero for other instructions
}

// instKind tells instructions that need no effect table from the others.
type instKind uint8

const (
	kindNormal instKind = iota
	kindGLoad           // gLoad as a whole
	kindVector          // VEX or EVEX encoded: never a branch, never touches RSP or %fs
	kindFSBase          // RDFSBASE or RDSSPQ r64
	kindPKRU            // RDPKRU or WRPKRU
	kindRotate          // RORX r64, r64, imm8
	kindSave            // XSAVEC64 (RBX)
)

func (i *inst) end() uint64 { return i.addr + i.size }

// decodeAll decodes code, which starts at addr, from end to end. It stops at the first byte that is
// no instruction it knows; the rest is missing then and ok is false.
func decodeAll(code []byte, addr uint64) (list []inst, ok bool) {
	for len(code) > 0 {
		i, ok := decodeOne(code, addr)
		if !ok {
			return list, false
		}
		list = append(list, i)
		code, addr = code[i.size:], i.end()
	}
	return list, true
}

// decodeOne decodes the first instruction of code.
func decodeOne(code []byte, addr uint64) (inst, bool) {
	i := inst{addr: addr}
	switch {
	case bytes.HasPrefix(code, gLoad):
		i.kind, i.size = kindGLoad, uint64(len(gLoad))
		return i, true
	case isRDFSBASE(code), isRDSSPQ(code):
		i.kind, i.size = kindFSBase, 5
		i.in = x86asm.Inst{Len: 5, Args: x86asm.Args{x86asm.RAX + x86asm.Reg(code[4]&7) + x86asm.Reg(code[1]&1)<<3}}
		return i, true
	}
	if isPKRU(code) {
		i.kind, i.size = kindPKRU, 3
		i.in = x86asm.Inst{Len: 3}
		return i, true
	}
	if bytes.HasPrefix(code, xsavec) {
		i.kind, i.size = kindSave, uint64(len(xsavec))
		i.in = x86asm.Inst{Len: len(xsavec)}
		return i, true
	}
	if isRORX(code) {
		i.kind, i.size = kindRotate, 6
		i.in = x86asm.Inst{Len: 6, Args: x86asm.Args{x86asm.RAX + x86asm.Reg(code[4]>>3&7) + x86asm.Reg(^code[1]>>7)<<3}}
		return i, true
	}
	if n, disp, ok := vexLength(code); ok {
		i.kind, i.size = kindVector, uint64(n)
		if disp >= 0 {
			i.ref = i.end() + uint64(int64(int32(le32(code[disp:]))))
		}
		return i, true
	}
	in, err := x86asm.Decode(code, 64)
	if err != nil || in.Op == 0 || in.Len == 0 {
		return i, false
	}
	i.in, i.size = in, uint64(in.Len)
	for n, a := range in.Args {
		switch a := a.(type) {
		case x86asm.Mem:
			if a.Disp>>32 == 0 {
				// x86asm leaves four-byte displacements unsigned.
				a.Disp = int64(int32(a.Disp))
				i.in.Args[n] = a
			}
			if a.Base == x86asm.RIP {
				i.ref = i.end() + uint64(a.Disp)
			}
		case x86asm.Rel:
			i.target = i.end() + uint64(int64(a))
		}
	}
	return i, true
}

// xsavec is XSAVEC64 (RBX), REX.W 0f c7 /4, which x86asm does not know. It is for code that checks that the processor has it.
var xsavec = []byte{0x48, 0x0f, 0xc7, 0x23}

// isPKRU matches RDPKRU, 0f 01 ee, and WRPKRU, 0f 01 ef, which x86asm does not know.
func isPKRU(code []byte) bool {
	return len(code) >= 3 && code[0] == 0x0f && code[1] == 0x01 && code[2]&^1 == 0xee
}

// isRORX matches RORX r64, r64, imm8, VEX.LZ.F2.0F3A.W1 f0 /r ib between registers, which x86asm does not know. It
// is for code that checks that the processor has BMI2.
func isRORX(code []byte) bool {
	return len(code) >= 6 && code[0] == 0xc4 && code[1]&0x1f == 3 && code[2] == 0xfb && code[3] == 0xf0 && code[4] >= 0xc0
}

// isRDFSBASE matches RDFSBASE r64, f3 REX.W 0f ae /0, which x86asm does not know.
func isRDFSBASE(code []byte) bool {
	return len(code) >= 5 && code[0] == 0xf3 && code[1]&0xfe == 0x48 && code[2] == 0x0f && code[3] == 0xae && code[4]&0xf8 == 0xc0
}

// isRDSSPQ matches RDSSPQ r64, f3 REX.W 0f 1e /1, which x86asm does not know. Without a shadow stack it does
// nothing.
func isRDSSPQ(code []byte) bool {
	return len(code) >= 5 && code[0] == 0xf3 && code[1]&0xfe == 0x48 && code[2] == 0x0f && code[3] == 0x1e && code[4]&0xf8 == 0xc8
}

// vexLength returns the length of a VEX or EVEX encoded instruction and the offset of its
// RIP-relative displacement, -1 if it has none. The layout is in Intel's manual, volume 2, 2.3 and
// 2.7: prefix, opcode, ModRM, SIB, displacement, and an immediate in map 3 and a few opcodes of
// map 1.
func vexLength(code []byte) (n, disp int, ok bool) {
	if len(code) < 6 {
		return 0, 0, false
	}
	var op, opmap int
	switch code[0] {
	case 0xc5:
		op, opmap = 2, 1
	case 0xc4:
		op, opmap = 3, int(code[1]&0x1f)
	case 0x62:
		op, opmap = 4, int(code[1]&7)
	default:
		return 0, 0, false
	}
	if opmap < 1 || opmap > 3 || len(code) <= op+1 {
		return 0, 0, false
	}
	disp = -1
	n = op + 1
	if opmap == 1 && code[op] == 0x77 { // VZEROUPPER and VZEROALL have no ModRM
		return n, disp, true
	}
	modrm := code[n]
	n++
	mod, rm := modrm>>6, modrm&7
	sib := byte(0)
	if mod != 3 && rm == 4 {
		sib = code[n]
		n++
	}
	switch {
	case mod == 0 && rm == 5:
		disp = n
		n += 4
	case mod == 0 && rm == 4 && sib&7 == 5, mod == 2:
		n += 4
	case mod == 1:
		n++
	}
	if opmap == 3 || opmap == 1 && hasImmediate(code[op]) {
		n++
	}
	return n, disp, n <= len(code) && (disp < 0 || disp+4 <= len(code))
}

// hasImmediate lists the opcodes of map 0f that take an immediate byte.
func hasImmediate(op byte) bool {
	switch op {
	case 0x70, 0x71, 0x72, 0x73, 0xc2, 0xc4, 0xc5, 0xc6:
		return true
	}
	return false
}

func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

package instr

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/arch/x86/x86asm"
)

// compareX86asm compares the instruction at the start of code.
func (d *differences) compareX86asm(code []byte) {
	d.lines++
	var in Inst
	st := Decode(code, &in)
	inst, err := x86asm.Decode(code, 64)
	if err != nil && st != OK || err == nil && st == OK && inst.Len == int(in.Len) {
		return
	}
	name := explainX86asm(code, inst, err, st, &in)
	if name != "" {
		d.note(name)
		return
	}
	d.unnamed++
	key := fmt.Sprintf("%v %v %d %d %d", err, st, in.Enc, in.Map, in.Opcode)
	if d.shown[key]++; d.shown[key] == 1 && len(d.shown) <= 200 {
		d.t.Errorf("% x: x86asm %d %v %v, ours %v %d", code[:min(len(code), 16)], inst.Len, inst.Op, err, st, in.Len)
	}
}

// explainX86asm names the reason why x86asm v0.32.0 and Decode differ, or returns "".
func explainX86asm(code []byte, inst x86asm.Inst, err error, st Status, in *Inst) string {
	if err != nil && st == OK {
		return "unknown-to-x86asm"
	}
	switch {
	case inst.Op == 0:
		return "prefix-alone" // x86asm returns a prefix that it cannot use as an instruction
	case inst.Op == x86asm.VZEROUPPER || inst.Op == x86asm.VZEROALL:
		return "vzeroupper-operand" // x86asm reads ModRM and what follows
	case st == OK && is(in, 1, in.Opcode) && in.Opcode >= 0x20 && in.Opcode <= 0x23:
		return "mov-cr-mod" // x86asm reads a memory operand (SDM, MOV CRn: mod is ignored)
	case st != Invalid:
		return ""
	case in.Enc == EVEX && in.Map > 3:
		return "evex-map" // x86asm takes maps 5 and 6 for 1 and 2
	case in.Enc == EVEX && (code[in.PrefixLen+1]&8 != 0 || code[in.PrefixLen+2]&4 == 0):
		return "evex-apx" // x86asm does not look at the bits that must be fixed without APX
	case in.HasModRM && in.ModRM < 0xc0 && in.ModRM&7 != 4 && isGather(in):
		return "gather-without-sib" // #UD (SDM volume 2, 2.3.12)
	case in.Enc == EVEX && in.Map == 1 && in.Opcode >= 0x90 && in.Opcode <= 0x93:
		return "apx-kmov"
	case in.Enc == Legacy:
		return explainLegacy(in)
	case in.Enc == EVEX && isAVX10(in):
		return "avx10.2"
	}
	return ""
}

// isGather reports whether in is an AVX2 or AVX-512 gather or scatter.
func isGather(in *Inst) bool {
	return in.Map == 2 && (in.Opcode&0xfc == 0x90 || in.Opcode&0xfc == 0xa0 || in.Opcode&0xfe == 0xc6)
}

// isAVX10 reports whether in is an opcode of AVX10.2, which this package rejects.
func isAVX10(in *Inst) bool {
	switch uint16(in.Map)<<8 | uint16(in.Opcode) {
	case 0x12e, 0x12f, 0x1d6, 0x252, 0x267, 0x274, 0x2d2, 0x2d3, 0x2da, 0x308, 0x326, 0x352, 0x353,
		0x356, 0x366, 0x3c2:
		return true
	}
	return false
}

// explainLegacy names legacy encodings that x86asm decodes and the SDM does not have.
func explainLegacy(in *Inst) string {
	switch uint16(in.Map)<<8 | uint16(in.Opcode) {
	case 0x109, 0x152, 0x153, 0x177, 0x1c3:
		return "np-prefix"
	case 0x124, 0x126:
		return "test-register"
	case 0x2f0, 0x2f1:
		return "movbe-rep"
	case 0x2c8, 0x2c9, 0x2ca, 0x2cb, 0x2cc, 0x2cd, 0x3cc:
		return "sha-prefix"
	case 0x08e:
		return "segment-register"
	case 0x105:
		return "lock-syscall"
	case 0x112, 0x113, 0x116, 0x117:
		return "movlpd-register"
	case 0x1ae:
		return "lfence-prefix"
	}
	return ""
}

// TestX86asm compares with x86asm on the functions of some libraries.
func TestX86asm(t *testing.T) {
	d := loadDifferences(t, "x86asm-code")
	for _, path := range []string{libc, "/usr/bin/bash", "/usr/lib/x86_64-linux-gnu/libcrypto.so.3"} {
		data, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		var im Image
		if !im.FromFile(data) {
			t.Fatal(path)
		}
		d.file(path, len(data))
		tab, at, enc, n := im.hdrTable()
		for i := 0; i < n; i++ {
			off := i * 2 * pointerSize(enc)
			start, _ := im.pointer(tab[off:], enc, at+uint64(off), im.hdr)
			var f Func
			if !im.Func(start, &f) {
				continue
			}
			for text := im.at(f.Start, f.End-f.Start); len(text) > 0; text = text[max(Length(text), 1):] {
				d.compareX86asm(text)
			}
		}
	}
	d.check()
}

// TestX86asmSweep compares with x86asm on the patterns that the sweeps give to objdump. Its vector
// tables come from XED, ours from binutils.
func TestX86asmSweep(t *testing.T) {
	d := loadDifferences(t, "x86asm-sweep")
	var s sweep
	s.legacyPatterns()
	s.vectorPatterns()
	for code := s.code.Bytes(); len(code) > 0; code = code[slot:] {
		d.compareX86asm(code[:slot])
	}
	d.check()
}

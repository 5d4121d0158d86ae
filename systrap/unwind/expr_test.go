package unwind

import (
	"os"
	"runtime/debug"
	"testing"
	"unsafe"
)

// TestMain: see tracetool's; tables are read by address.
func TestMain(m *testing.M) {
	debug.SetGCPercent(-1)
	os.Exit(m.Run())
}

// at returns the address of b.
func at(b []byte) uint64 { return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) }

// exprMemory is what expressions of the test dereference.
var exprMemory = [2]uint64{0x1122334455667788, 7}

// TestExpr evaluates DWARF expressions (DWARF 5, 2.5): bytes beside mnemonics. RSP
// (breg7) is 1000, RIP (breg16) is 0x4010, RAX (breg0) points at exprMemory.
func TestExpr(t *testing.T) {
	regs := new([numRegs]uint64)
	regs[regRSP], regs[regRIP] = 1000, 0x4010
	regs[0] = uint64(uintptr(unsafe.Pointer(&exprMemory)))
	for _, c := range []struct {
		name string
		code []byte
		want uint64
		bad  bool
	}{
		{"breg7 8", []byte{0x77, 8}, 1008, false},
		{"breg7 -8", []byte{0x77, 0x78}, 992, false},
		// A procedure linkage table's rule, as ld writes it.
		{"breg7 8; breg16 0; lit15; and; lit11; ge; lit3; shl; plus", []byte{0x77, 8, 0x80, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22}, 1008, false},
		{"breg7 8; breg16 11; lit15; and; lit11; ge; lit3; shl; plus", []byte{0x77, 8, 0x80, 11, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22}, 1016, false},
		{"breg0 0; deref", []byte{0x70, 0, 0x06}, 0x1122334455667788, false},
		{"breg0 8; deref_size 1", []byte{0x70, 8, 0x94, 1}, 7, false},
		{"bregx rsp 300", []byte{0x92, 7, 0xac, 0x02}, 1300, false},
		{"const1s -1; const2u 0x102; minus", []byte{0x09, 0xff, 0x0a, 2, 1, 0x1c}, ^uint64(0x102), false},
		{"const4s -2; const1u 3; mul", []byte{0x0d, 0xfe, 0xff, 0xff, 0xff, 0x08, 3, 0x1e}, ^uint64(5), false},
		{"const8u; lit4; shr", []byte{0x0e, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x34, 0x25}, 1 << 59, false},
		{"const8u; lit4; shra", []byte{0x0e, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x34, 0x26}, 0xf8 << 56, false},
		{"lit1; constu 64; shl", []byte{0x31, 0x10, 64, 0x24}, 0, false},
		{"lit1; lit2; over; plus; plus", []byte{0x31, 0x32, 0x14, 0x22, 0x22}, 4, false},
		{"lit5; lit2; swap; minus", []byte{0x35, 0x32, 0x16, 0x1c}, ^uint64(2), false},
		{"lit1; lit2; lit3; rot; drop; plus_uconst 128", []byte{0x31, 0x32, 0x33, 0x17, 0x13, 0x23, 0x80, 0x01}, 129, false},
		{"lit7; lit2; pick 1; div; mod", []byte{0x37, 0x32, 0x15, 1, 0x1b, 0x1d}, 0, true},
		{"lit6; lit4; xor; not; neg", []byte{0x36, 0x34, 0x27, 0x20, 0x1f}, 3, false},
		{"consts -7; abs", []byte{0x11, 0x79, 0x19}, 7, false},
		{"lit1; bra +1; lit9; lit8", []byte{0x31, 0x28, 1, 0, 0x39, 0x38}, 8, false},
		{"lit3; skip +1; lit9", []byte{0x33, 0x2f, 1, 0, 0x39}, 3, false},
		// What must end without a value.
		{"skip -3 forever", []byte{0x2f, 0xfd, 0xff}, 0, true},
		{"jump out", []byte{0x2f, 0x10, 0}, 0, true},
		{"nothing", nil, 0, true},
		{"plus of nothing", []byte{0x22}, 0, true},
		{"deref of 8", []byte{0x38, 0x06}, 0, true},
		{"unknown operation", []byte{0x31, 0xf0}, 0, true},
		{"cut operand", []byte{0x0e, 1, 2}, 0, true},
		{"division by 0", []byte{0x31, 0x30, 0x1b}, 0, true},
		{"seventeen values", []byte{0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x30}, 0, true},
	} {
		block := append([]byte{byte(len(c.code))}, c.code...)
		w := new(window)
		got, ok := expr(w, at(block), regs, false, 0)
		if ok == c.bad || ok && got != c.want {
			t.Errorf("%s = %#x, %v; want %#x, %v", c.name, got, ok, c.want, !c.bad)
		}
	}
}

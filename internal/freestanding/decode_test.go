package freestanding

import (
	"testing"

	"golang.org/x/arch/x86/x86asm"
)

// TestDecodeByHand is about the instructions that x86asm does not know: which register they write, and what is
// not one of them.
func TestDecodeByHand(t *testing.T) {
	for _, c := range []struct {
		name string
		code string
		kind instKind
		reg  x86asm.Reg // 0 for none
	}{
		{"rdsspq %rcx", "\xf3\x48\x0f\x1e\xc9", kindFSBase, x86asm.RCX},
		{"rdsspq %r9", "\xf3\x49\x0f\x1e\xc9", kindFSBase, x86asm.R9},
		{"rdfsbase %rax", "\xf3\x48\x0f\xae\xc0", kindFSBase, x86asm.RAX},
		{"wrpkru", "\x0f\x01\xef", kindPKRU, 0},
		{"rdpkru", "\x0f\x01\xee", kindPKRU, 0},
	} {
		i, ok := decodeOne([]byte(c.code), 0x1000)
		if !ok || i.kind != c.kind || int(i.size) != len(c.code) {
			t.Errorf("%s: %v, kind %d, %d bytes", c.name, ok, i.kind, i.size)
			continue
		}
		if c.reg != 0 && i.in.Args[0] != x86asm.Arg(c.reg) {
			t.Errorf("%s: writes %v", c.name, i.in.Args[0])
		}
	}
	for name, code := range map[string]string{
		"incsspq %rcx":   "\xf3\x48\x0f\xae\xe9", // it changes the shadow stack
		"wrfsbase %rax":  "\xf3\x48\x0f\xae\xd0",
		"rdsspd, a load": "\xf3\x48\x0f\x1e\x09",
	} {
		if i, ok := decodeOne([]byte(code), 0x1000); ok && i.kind == kindFSBase {
			t.Errorf("%s is taken for one that only reads", name)
		}
	}
}

package instr

import "testing"

// TestSetTrap: with int3 or hlt as the trap, that and 05 behind it are one instruction, and everything else is
// what it was.
func TestSetTrap(t *testing.T) {
	for _, first := range []byte{0xcc, 0xf4} {
		was := oneByte
		class := Int3
		if first == 0xf4 {
			class = Hlt
		}
		SetTrap(first)
		for _, c := range []struct {
			name  string
			code  []byte
			len   int
			class Class
		}{
			{"trap", []byte{first, 0x05, 0x48, 0x3d, 0, 0xf0, 0xff, 0xff}, 2, UD2},
			{"trap at the end", []byte{first, 0x05}, 2, UD2},
			{"with REX", []byte{0x48, first, 0x05, 0xc3}, 3, UD2},
			{"with REP", []byte{0xf3, first, 0x05, 0xc3}, 3, UD2},
			{"alone", []byte{first, 0xc3}, 1, class},
			{"alone at the end", []byte{first}, 1, class},
			{"padding", []byte{first, first, first, 0x05, 1, 2, 3, 4}, 1, class},
			{"add", []byte{0x05, 1, 2, 3, 4, first, 0x05}, 5, Other},
			{"immediate", []byte{0xb8, first, 0x05, 0, 0, 0xc3}, 5, Other},
		} {
			var in Inst
			long := append(append([]byte{}, c.code...), 0xc3, 0xc3, 0xc3, 0xc3, 0xc3, 0xc3, 0xc3, 0xc3, 0xc3, 0xc3, 0xc3, 0xc3, 0xc3, 0xc3)
			for _, b := range [][]byte{c.code, long} {
				if s := Decode(b, &in); s != OK || int(in.Len) != c.len || in.Class != c.class {
					t.Errorf("%x: %s: %v, %d bytes, %v; want %d, %v", first, c.name, s, in.Len, in.Class, c.len, c.class)
				}
				if s := step(b); s.length() != c.len || s.class() != c.class {
					t.Errorf("%x: %s: a step of %d, %v; want %d, %v", first, c.name, s.length(), s.class(), c.len, c.class)
				}
			}
		}
		oneByte, trapFirst = was, 0
	}
}

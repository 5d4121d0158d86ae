package instr

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// slot is the distance in bytes of two patterns in a file of patterns. What a pattern leaves free
// is filled with prefixes before a nop, so that what objdump makes of the rest is few instructions
// and none crosses into the next slot.
const slot = 24

var filler = [slot]byte{
	0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x90,
	0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x90,
}

// sweep collects patterns and compares them with objdump.
type sweep struct {
	code bytes.Buffer
}

func (s *sweep) add(parts ...[]byte) {
	n := 0
	for _, p := range parts {
		s.code.Write(p)
		n += len(p)
	}
	s.code.Write(filler[n:])
}

// run compares the first instruction of every pattern.
func (s *sweep) run(t *testing.T, d *differences) {
	code := s.code.Bytes()
	path := filepath.Join(t.TempDir(), "patterns")
	if err := os.WriteFile(path, code, 0o600); err != nil {
		t.Fatal(err)
	}
	seen := 0
	objdump(t, func(l line) {
		if l.addr%slot == 0 {
			seen++
			d.compare(code[l.addr:l.addr+slot], l)
		}
	}, "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel64", path)
	if want := len(code) / slot; seen != want {
		t.Errorf("objdump shows %d of %d patterns", seen, want)
	}
}

// modrms is every ModRM byte, or with few a selection: each reg field with each kind of operand.
func modrms(few bool) []byte {
	var out []byte
	for m := 0; m < 256; m++ {
		rm, mod := m&7, m>>6
		if !few || mod != 3 && (rm == 0 || rm == 4) || mod == 0 && rm == 5 || mod == 3 && rm == 0 {
			out = append(out, byte(m))
		}
	}
	return out
}

// legacyPatterns adds every opcode of the legacy maps, with every ModRM byte, under a set of
// prefixes.
func (s *sweep) legacyPatterns() {
	prefixes := [][]byte{
		{}, {0x66}, {0xf3}, {0xf2}, {0x48}, {0x67}, {0xf0}, {0x41}, {0x66, 0x48}, {0x66, 0xf2}, {0xf3, 0x48},
	}
	escapes := [][]byte{{}, {0x0f}, {0x0f, 0x38}, {0x0f, 0x3a}}
	for i, pre := range prefixes {
		for k, esc := range escapes {
			for op := 0; op < 256; op++ {
				if k == 0 && prefixOf[op] != 0 {
					continue
				}
				for _, m := range modrms(!full && (i > 3 || k > 1)) {
					s.add(pre, esc, []byte{byte(op), m})
					if m&7 == 4 && m < 0xc0 {
						s.add(pre, esc, []byte{byte(op), m, 0x25})
					}
				}
			}
		}
	}
}

// TestSweepLegacy compares the legacy maps.
func TestSweepLegacy(t *testing.T) {
	needObjdump(t)
	d := loadDifferences(t, "sweep-legacy")
	var s sweep
	s.legacyPatterns()
	s.run(t, d)
	d.check()
}

// vectorPatterns adds every opcode of every VEX, EVEX and XOP map with every pp, W and length,
// memory and register operands and every reg field; with other maps, vvvv, masks and the bits that
// must be fixed on a selection.
func (s *sweep) vectorPatterns() {
	operands := [][]byte{{0x00}, {0x04, 0x08}, {0x45}, {0x98, 0x01}, {0xc0}, {0xd9}}
	if full {
		operands = nil
		for reg := byte(0); reg < 8; reg++ {
			operands = append(operands, []byte{reg << 3}, []byte{reg<<3 | 4, 0x08}, []byte{0xc0 | reg<<3},
				[]byte{0x44 | reg<<3, 0x25}, []byte{0x85 | reg<<3}, []byte{0xc1 | reg<<3})
		}
	}
	maps := []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 31}
	for _, m := range maps {
		for op := 0; op < 256; op++ {
			for k := byte(0); k < 16; k++ { // pp, L, W
				for _, rm := range operands {
					last := k&7 | k>>3<<7
					s.add([]byte{0xc4, 0xe0 | m, last | 0x78, byte(op)}, rm)
					if m == 1 {
						s.add([]byte{0xc5, last | 0x78, byte(op)}, rm)
					}
					if m >= 8 && m < 16 {
						s.add([]byte{0x8f, 0xe0 | m, last | 0x78, byte(op)}, rm)
					}
					if m < 8 {
						wpp := k&3 | k>>3<<7
						s.add([]byte{0x62, 0xf0 | m, wpp | 0x7c, 0x08 | k>>2&1<<5, byte(op)}, rm)
						s.add([]byte{0x62, 0xf0 | m, wpp | 0x7c, 0x49 | k>>2&1<<5, byte(op)}, rm)
						s.add([]byte{0x62, 0xf0 | m, wpp | 0x7c, 0x18 | k>>2&1<<6, byte(op)}, rm)
					}
				}
			}
		}
	}
	for op := 0; op < 256; op++ {
		for m := byte(1); m < 4; m++ {
			s.add([]byte{0xc4, 0x40 | m, 0x05, byte(op), 0xc0})
			s.add([]byte{0x62, 0xf8 | m, 0x7c, 0x08, byte(op), 0xc0})
			s.add([]byte{0x62, 0xf0 | m, 0x78, 0x08, byte(op), 0xc0})
			s.add([]byte{0x66, 0xc4, 0xe0 | m, 0x78, byte(op), 0xc0})
			s.add([]byte{0x2e, 0x67, 0xc4, 0xe0 | m, 0x78, byte(op), 0xc0})
		}
	}
}

// TestSweepVector compares the VEX, EVEX and XOP maps.
func TestSweepVector(t *testing.T) {
	needObjdump(t)
	d := loadDifferences(t, "sweep-vector")
	var s sweep
	s.vectorPatterns()
	s.run(t, d)
	d.check()
}

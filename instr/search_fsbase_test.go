package instr

import (
	"math/rand"
	"testing"
)

// TestHasWRFSBASE: the instruction is seen at every offset of a text, with each register and prefix, and what
// only looks like it is not.
func TestHasWRFSBASE(t *testing.T) {
	buf := guarded(t, 200, true)
	for reg := byte(0xd0); reg < 0xd8; reg++ {
		for _, in := range [][]byte{{0xf3, 0x0f, 0xae, reg}, {0xf3, 0x48, 0x0f, 0xae, reg}, {0xf3, 0x49, 0x0f, 0xae, reg}, {0xf3, 0x2e, 0x48, 0x0f, 0xae, reg}} {
			for n := len(in); n < len(buf); n += 7 {
				text := buf[len(buf)-n:]
				for at := 0; at+len(in) <= n; at++ {
					for i := range text {
						text[i] = 0x0f
					}
					if HasWRFSBASE(text) {
						t.Fatal("seen in 0f 0f …")
					}
					copy(text[at:], in)
					if !HasWRFSBASE(text) {
						t.Fatalf("% x at %d of %d is not seen", in, at, n)
					}
				}
			}
		}
	}
	for _, in := range [][]byte{{}, {0xf3}, {0xf3, 0x0f, 0xae}, {0x0f, 0xae, 0xd0}, {0xf3, 0x0f, 0xae, 0xc8}, {0xf3, 0x0f, 0xae, 0xd8}, {0xf3, 0x0f, 0xae, 0x10}, {0x0f, 0xae, 0xf0}} {
		text := buf[len(buf)-len(in):]
		copy(text, in)
		if HasWRFSBASE(text) {
			t.Errorf("seen in % x", in)
		}
	}
	rng := rand.New(rand.NewSource(1))
	for range 2000 {
		rng.Read(buf)
		want := false
		for i := range buf {
			for d := 1; d <= 4; d++ {
				want = want || i+d+2 < len(buf) && buf[i] == 0xf3 && buf[i+d] == 0x0f && buf[i+d+1] == 0xae && buf[i+d+2]&0xf8 == 0xd0
			}
		}
		if HasWRFSBASE(buf) != want {
			t.Fatalf("% x: %v", buf, !want)
		}
	}
}

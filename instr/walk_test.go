package instr

import (
	"math/rand/v2"
	"testing"
)

func TestStarts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s := starts{1}
	at := 0
	begun := map[int]bool{0: true}
	for range 1000 {
		n := 1 + r.IntN(MaxLen)
		s.advance(uint(n))
		at += n
		begun[at] = true
		for d := -1; d < 140; d++ {
			if want := d >= 0 && d < 128 && begun[at-d]; s.has(d) != want {
				t.Fatalf("at %d, %d bytes before: %v, want %v", at, d, !want, want)
			}
		}
	}
}

// TestTarget compares with Decode.
func TestTarget(t *testing.T) {
	tests := []struct {
		code string
		want int
	}{
		{"\xeb\x02\x90\x90\x90", 4}, {"\x75\x00\x90", 2}, {"\xe9\x01\x00\x00\x00\x90\x90", 6},
		{"\x0f\x85\xfa\xff\xff\xff", 0}, {"\xeb\x7f", -1}, {"\xe9\x00\x00\x00\x80", -1}, {"\xff\xe0", -1},
		{"\xe3\xfe", 0}, {"\x67\xe3\xfd", 0}, {"\x3e\x74\x00\x90", 3}, {"\xf2\xe9\x00\x00\x00\x00\x90", 6},
	}
	for _, tt := range tests {
		code := []byte(tt.code)
		var in Inst
		if Decode(code, &in) != OK {
			t.Fatalf("% x does not decode", code)
		}
		if got := target(code, 0, int(in.Len)); got != tt.want {
			t.Errorf("% x leads to %d, want %d", code, got, tt.want)
		}
	}
}

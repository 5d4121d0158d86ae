package text

import (
	"math/rand/v2"
	"strings"
	"testing"

	"libsystrap/systrap"
)

// TestEscapeAll compares what is escaped in runs with what is escaped byte by byte.
func TestEscapeAll(t *testing.T) {
	defer func(s Options) { Opt = s }(Opt)
	var together, single [2048]byte
	check := func(b []byte, hex, z bool) {
		t.Helper()
		p := Printer{Line: systrap.LineOn(together[:])}
		q := Quote{hex: hex}
		n := p.EscapeAll(&q, b, z)
		p.EndQuote(&q)
		o := Printer{Line: systrap.LineOn(single[:])}
		q = Quote{hex: hex}
		want := len(b)
		for i, c := range b {
			if z && c == 0 {
				want = i
				break
			}
			o.Escape(&q, c)
		}
		o.EndQuote(&q)
		if n != want || string(p.Bytes()) != string(o.Bytes()) {
			t.Fatalf("%q (hex %v, z %v): %d bytes, %s\nwant %d, %s", b, hex, z, n, p.Bytes(), want, o.Bytes())
		}
	}
	for _, hexStrings := range []int{0, HexBytes} {
		Opt.HexStrings = hexStrings
		for c := range 256 { // each byte at each place among others
			for at := range 17 {
				b := []byte(strings.Repeat("x7", 9))
				b[at] = byte(c)
				check(b, false, false)
				b[at+1] = byte(255 - c)
				check(b, false, true)
				check(b, true, true)
			}
		}
		r := rand.New(rand.NewPCG(1, 2))
		for range 20000 {
			b := make([]byte, r.IntN(40))
			for i := range b {
				b[i] = byte(r.IntN(128))
				if r.IntN(3) > 0 {
					b[i] = "a0z\" ~"[r.IntN(6)]
				}
			}
			check(b, false, r.IntN(2) == 0)
		}
	}
}

package line

import (
	"fmt"
	"testing"
)

func TestLineNumbersAgainstFmt(t *testing.T) {
	var buf [64]byte
	for _, v := range []uint64{0, 1, 7, 8, 9, 10, 15, 16, 99, 100, 4095, 1 << 31, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
		for _, c := range []struct {
			name, want string
			write      func(*Line)
		}{
			{"Uint", fmt.Sprint(v), func(l *Line) { l.Uint(v) }},
			{"Int", fmt.Sprint(int64(v)), func(l *Line) { l.Int(int64(v)) }},
			{"Hex", fmt.Sprintf("%#x", v), func(l *Line) { l.Hex(v) }},
			{"HexDigits", fmt.Sprintf("%08x", v), func(l *Line) { l.HexDigits(v, 8) }},
			{"Oct", fmt.Sprintf("%#o", v), func(l *Line) { l.Oct(v) }},
			{"OctDigits", fmt.Sprintf("%03o", v), func(l *Line) { l.OctDigits(v, 3) }},
			{"UintPad", fmt.Sprintf("%09d", v), func(l *Line) { l.UintPad(v, 9) }},
		} {
			l := On(buf[:])
			c.write(&l)
			if got := string(l.Bytes()); got != c.want {
				t.Errorf("%s(%d) = %q, want %q", c.name, v, got, c.want)
			}
		}
	}
}

// TestLineNumbersOfEachLength are numbers at both sides of each power, in lines of each length
// around theirs: what does not fit is cut on the right.
func TestLineNumbersOfEachLength(t *testing.T) {
	var values []uint64
	for p := uint64(1); ; p *= 10 {
		values = append(values, p-1, p, p+1, p*9)
		if p > 1<<63/10 {
			break
		}
	}
	for s := range 64 {
		values = append(values, 1<<s-1, 1<<s, 1<<s+1)
	}
	var buf [64]byte
	for _, v := range values {
		for room := range 26 {
			for _, c := range []struct {
				want  string
				write func(*Line)
			}{
				{fmt.Sprint(v), func(l *Line) { l.Uint(v) }},
				{fmt.Sprint(int64(v)), func(l *Line) { l.Int(int64(v)) }},
				{fmt.Sprintf("%#x", v), func(l *Line) { l.Hex(v) }},
				{fmt.Sprintf("%016x", v), func(l *Line) { l.HexDigits(v, 16) }},
				{fmt.Sprintf("%020d", v), func(l *Line) { l.UintPad(v, 20) }},
				{fmt.Sprintf("%03d", v), func(l *Line) { l.UintPad(v, 3) }},
				{fmt.Sprintf("%24s", ""), func(l *Line) { l.Pad(24) }},
			} {
				l := On(buf[:room])
				c.write(&l)
				want := c.want[:min(room, len(c.want))]
				over := room < len(c.want) && c.want[0] != ' ' // Pad drops nothing
				if got := string(l.Bytes()); got != want || l.Overflow() != over {
					t.Fatalf("%q in %d bytes: %q, overflow %v", c.want, room, got, l.Overflow())
				}
			}
		}
	}
}

func TestLineOverflowDropsAndSays(t *testing.T) {
	var buf [4]byte
	l := On(buf[:])
	l.Str("abc")
	if l.Overflow() {
		t.Error("overflow before the buffer is full")
	}
	l.Str("def")
	if string(l.Bytes()) != "abcd" || !l.Overflow() {
		t.Errorf("got %q, overflow %v", l.Bytes(), l.Overflow())
	}
	l.Truncate(1)
	l.Pad(3)
	if string(l.Bytes()) != "a  " || l.Overflow() {
		t.Errorf("after Truncate and Pad: %q, overflow %v", l.Bytes(), l.Overflow())
	}
}

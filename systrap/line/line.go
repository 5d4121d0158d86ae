package line

import "math/bits"

// Line builds text in a fixed buffer that its owner supplies; it never
// allocates. Text that does not fit is dropped and Overflow says so.
type Line struct {
	buf      []byte
	n        int
	overflow bool
	refused  bool // Spare returned nil
}

// On returns an empty line that writes to buf. On a buffer in the caller's
// frame it must be this, as escape analysis gives up on [Line.Init].
func On(buf []byte) Line { return Line{buf: buf} }

// Init makes the line empty and lets it write to buf.
func (l *Line) Init(buf []byte) {
	l.buf = buf
	l.n = 0
	l.overflow = false
	l.refused = false
}

// Len returns the number of bytes written so far.
func (l *Line) Len() int { return l.n }

// Room returns the number of bytes that still fit.
func (l *Line) Room() int { return len(l.buf) - l.n }

// Overflow says whether text was dropped since Init or Truncate, or Spare had
// nothing to give since Init.
func (l *Line) Overflow() bool { return l.overflow || l.refused }

// Bytes returns the text written so far. It aliases the buffer.
func (l *Line) Bytes() []byte { return l.buf[:l.n] }

// Spare returns n bytes at the end of the buffer, for use until the text comes
// near them; nil if it could be soon.
func (l *Line) Spare(n int) []byte {
	if len(l.buf)-l.n < 6*n {
		l.refused = true
		return nil
	}
	return l.buf[len(l.buf)-n:]
}

// Truncate shortens the text to n bytes; n beyond Len does nothing.
func (l *Line) Truncate(n int) {
	if n >= 0 && n < l.n {
		l.n = n
		l.overflow = false
	}
}

// Byte appends one byte.
func (l *Line) Byte(c byte) {
	if l.n < len(l.buf) {
		l.buf[l.n] = c
		l.n++
		return
	}
	l.overflow = true
}

// Str appends s.
func (l *Line) Str(s string) {
	k := copy(l.buf[l.n:], s)
	l.n += k
	if k < len(s) {
		l.overflow = true
	}
}

// Raw appends b as it is.
func (l *Line) Raw(b []byte) {
	k := copy(l.buf[l.n:], b)
	l.n += k
	if k < len(b) {
		l.overflow = true
	}
}

// Int appends v in decimal.
func (l *Line) Int(v int64) {
	if v < 0 {
		l.Byte('-')
		l.Uint(-uint64(v))
		return
	}
	l.Uint(uint64(v))
}

// Uint appends v in decimal.
func (l *Line) Uint(v uint64) { l.decimal(v, decimals(v)) }

// decimal appends v in n digits.
func (l *Line) decimal(v uint64, n int) {
	b := l.take(n)
	if b == nil {
		var d [20]byte
		putDecimal(d[:n], v)
		l.Raw(d[:n])
		return
	}
	putDecimal(b, v)
}

// take appends n bytes, which the caller fills in; nil if they do not fit.
func (l *Line) take(n int) []byte {
	if len(l.buf)-l.n < n {
		return nil
	}
	b := l.buf[l.n : l.n+n]
	l.n += n
	return b
}

// powers are those of ten, but for the first, which lets 0 have a digit.
var powers = [...]uint64{0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// decimals is how many digits v has.
func decimals(v uint64) int {
	n := bits.Len64(v) * 1233 >> 12 // log10(2)
	if v >= powers[n] {
		n++
	}
	return n
}

// putDecimal fills b with the digits of v, from the right.
func putDecimal(b []byte, v uint64) {
	i := len(b)
	for v >= 10 && i >= 2 {
		r := v % 100 * 2
		v /= 100
		i -= 2
		b[i+1] = digitPairs[r+1]
		b[i] = digitPairs[r]
	}
	for i > 0 {
		i--
		b[i] = byte('0' + v%10)
		v /= 10
	}
}

const digitPairs = "00010203040506070809101112131415161718192021222324252627282930313233343536373839" +
	"40414243444546474849505152535455565758596061626364656667686970717273747576777879" +
	"8081828384858687888990919293949596979899"

// UintPad appends v in decimal, padded with zeros to at least width digits
// (printf's %0*llu); width is at most 20.
func (l *Line) UintPad(v uint64, width int) {
	l.decimal(v, max(decimals(v), min(width, 20)))
}

const hexDigits = "0123456789abcdef"

// Hex appends v as 0x… (printf's %#llx, but 0 is "0x0").
func (l *Line) Hex(v uint64) {
	l.Str("0x")
	l.HexDigits(v, 1)
}

// HexDigits appends v in hexadecimal without prefix, in at least width digits;
// width is at most 16.
func (l *Line) HexDigits(v uint64, width int) {
	n := max((bits.Len64(v)+3)/4, width, 1)
	b := l.take(n)
	if b == nil {
		for n--; n >= 0; n-- {
			l.Byte(hexDigits[v>>(uint(n)*4)&15])
		}
		return
	}
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = hexDigits[v&15]
		v >>= 4
	}
}

// Oct appends v in octal with a leading 0 (printf's %#llo: 0 is "0").
func (l *Line) Oct(v uint64) {
	if v != 0 {
		l.Byte('0')
	}
	l.OctDigits(v, 1)
}

// OctDigits appends v in octal without prefix, in at least width digits; width
// is at most 22.
func (l *Line) OctDigits(v uint64, width int) {
	k := 1
	for t := v >> 3; t != 0; t >>= 3 {
		k++
	}
	if k < width {
		k = width
	}
	for k--; k >= 0; k-- {
		l.Byte('0' + byte(v>>(uint(k)*3)&7))
	}
}

// Pad appends spaces until the text is col bytes long.
func (l *Line) Pad(col int) {
	for b := l.buf[l.n:max(l.n, min(col, len(l.buf)))]; len(b) > 0; {
		k := copy(b, spaces)
		l.n += k
		b = b[k:]
	}
}

const spaces = "                                "

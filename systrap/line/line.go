package line

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
func (l *Line) Uint(v uint64) {
	var d [20]byte
	i := len(d)
	for {
		i--
		d[i] = byte('0' + v%10)
		v /= 10
		if v == 0 {
			break
		}
	}
	l.Raw(d[i:])
}

// UintPad appends v in decimal, padded with zeros to at least width digits
// (printf's %0*llu); width is at most 20.
func (l *Line) UintPad(v uint64, width int) {
	k := 1
	for t := v; t >= 10; t /= 10 {
		k++
	}
	for ; k < width; k++ {
		l.Byte('0')
	}
	l.Uint(v)
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
	k := 1
	for t := v >> 4; t != 0; t >>= 4 {
		k++
	}
	if k < width {
		k = width
	}
	for k--; k >= 0; k-- {
		l.Byte(hexDigits[v>>(uint(k)*4)&15])
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
	for l.n < col && l.n < len(l.buf) {
		l.Byte(' ')
	}
}

package ctext

import "unsafe"

// Text as the kernel hands it out: NUL-terminated, and the lines of files of /proc.

// Fields is a cursor over the text of a line; beyond the end it reads NULs.
type Fields struct {
	b []byte
	i int
}

// FieldsOf returns a cursor at the beginning of b.
func FieldsOf(b []byte) Fields { return Fields{b: b} }

// Rest is what lies from the cursor on.
func (p *Fields) Rest() []byte { return p.b[p.i:] }

// At returns the byte k bytes behind the cursor.
func (p *Fields) At(k int) byte {
	if p.i+k < len(p.b) {
		return p.b[p.i+k]
	}
	return 0
}

// Skip moves the cursor n bytes on.
func (p *Fields) Skip(n int) {
	p.i += n
	if p.i > len(p.b) {
		p.i = len(p.b)
	}
}

// Hex reads a number in hexadecimal, and Dec one in decimal; both stop at what is no digit.
func (p *Fields) Hex() (v uint64) {
	for {
		c := p.At(0)
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | uint64(c-'a'+10)
		default:
			return v
		}
		p.Skip(1)
	}
}

func (p *Fields) Dec() (v uint64) {
	for c := p.At(0); c >= '0' && c <= '9'; c = p.At(0) {
		v = v*10 + uint64(c-'0')
		p.Skip(1)
	}
	return v
}

// Fd reads a descriptor's number, or "-1".
func (p *Fields) Fd() int64 {
	if p.At(0) == '-' {
		p.Skip(1)
		p.Dec()
		return -1
	}
	return int64(p.Dec())
}

// StartsWith says whether b begins with s.
func StartsWith(b []byte, s string) bool {
	if len(b) < len(s) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if b[i] != s[i] {
			return false
		}
	}
	return true
}

// EndsWith says whether b ends with s.
func EndsWith(b []byte, s string) bool {
	return len(b) >= len(s) && StartsWith(b[len(b)-len(s):], s)
}

// HasPrefix says whether the NUL-terminated text at p begins with s.
func HasPrefix(p *byte, s string) bool {
	for i := 0; i < len(s); i++ {
		if *(*byte)(unsafe.Add(unsafe.Pointer(p), i)) != s[i] {
			return false
		}
	}
	return true
}

// CLen returns the length of the NUL-terminated text at p.
func CLen(p *byte) int {
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return n
}

// CString is the NUL-terminated text at p, which must not change or go away.
func CString(p *byte) string { return unsafe.String(p, CLen(p)) }

// CopyPath copies the NUL-terminated text at p to dst, which ends with NUL.
func CopyPath(dst []byte, p *byte) {
	if p == nil {
		return
	}
	n := copy(dst[:len(dst)-1], CString(p))
	dst[n] = 0
}

// Word skips s if it comes next, and says whether it does.
func (p *Fields) Word(s string) bool {
	if !StartsWith(p.b[min(p.i, len(p.b)):], s) {
		return false
	}
	p.Skip(len(s))
	return true
}

// Line skips the rest of the line.
func (p *Fields) Line() {
	for p.At(0) != '\n' && p.At(0) != 0 {
		p.Skip(1)
	}
	p.Skip(1)
}

// Byte reads two hexadecimal digits.
func (p *Fields) Byte() byte {
	v := HexDigit(p.At(0))<<4 | HexDigit(p.At(1))
	p.Skip(2)
	return v
}

// HexDigit is the value of a digit, in lower case.
func HexDigit(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

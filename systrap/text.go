package systrap

import "unsafe"

// Text as the kernel hands it out: NUL-terminated, and the lines of files of /proc.

// fields is a cursor over the text of a line; beyond the end it reads NULs.
type fields struct {
	b []byte
	i int
}

// fieldsOf returns a cursor at the beginning of b.
func fieldsOf(b []byte) fields { return fields{b: b} }

// rest is what lies from the cursor on.
func (p *fields) rest() []byte { return p.b[p.i:] }

func (p *fields) at(k int) byte {
	if p.i+k < len(p.b) {
		return p.b[p.i+k]
	}
	return 0
}

func (p *fields) skip(n int) {
	p.i += n
	if p.i > len(p.b) {
		p.i = len(p.b)
	}
}

func (p *fields) hex() (v uint64) {
	for {
		c := p.at(0)
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | uint64(c-'a'+10)
		default:
			return v
		}
		p.skip(1)
	}
}

func (p *fields) dec() (v uint64) {
	for c := p.at(0); c >= '0' && c <= '9'; c = p.at(0) {
		v = v*10 + uint64(c-'0')
		p.skip(1)
	}
	return v
}

// fd reads a descriptor's number, or "-1".
func (p *fields) fd() int64 {
	if p.at(0) == '-' {
		p.skip(1)
		p.dec()
		return -1
	}
	return int64(p.dec())
}

// startsWith says whether b begins with s.
func startsWith(b []byte, s string) bool {
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

// endsWith says whether b ends with s.
func endsWith(b []byte, s string) bool {
	return len(b) >= len(s) && startsWith(b[len(b)-len(s):], s)
}

// hasPrefix says whether the NUL-terminated text at p begins with s.
func hasPrefix(p *byte, s string) bool {
	for i := 0; i < len(s); i++ {
		if *(*byte)(unsafe.Add(unsafe.Pointer(p), i)) != s[i] {
			return false
		}
	}
	return true
}

// cLen returns the length of the NUL-terminated text at p.
func cLen(p *byte) int {
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return n
}

// cString is the NUL-terminated text at p, which must not change or go away.
func cString(p *byte) string { return unsafe.String(p, cLen(p)) }

// copyPath copies the NUL-terminated text at p to dst, which ends with NUL.
func copyPath(dst []byte, p *byte) {
	if p == nil {
		return
	}
	n := copy(dst[:len(dst)-1], cString(p))
	dst[n] = 0
}

// word skips s if it comes next, and says whether it does.
func (p *fields) word(s string) bool {
	if !startsWith(p.b[min(p.i, len(p.b)):], s) {
		return false
	}
	p.skip(len(s))
	return true
}

// line skips the rest of the line.
func (p *fields) line() {
	for p.at(0) != '\n' && p.at(0) != 0 {
		p.skip(1)
	}
	p.skip(1)
}

// byte reads two hexadecimal digits.
func (p *fields) byte() byte {
	v := hexDigit(p.at(0))<<4 | hexDigit(p.at(1))
	p.skip(2)
	return v
}

func hexDigit(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

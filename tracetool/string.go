package tracetool

import "libsystrap/systrap"

// pathMax is PATH_MAX of <linux/limits.h>.
const pathMax = 4096

// chunk is how much of a string is read at a time, into the stack.
const chunk = 256

// quote is the state of a string being escaped. A byte that is printed in
// octal waits for the one that follows it, as a digit there makes all three
// digits necessary.
type quote struct {
	pending bool
	c       byte
	hex     bool
}

func printable(c byte) bool { return c >= ' ' && c < 0x7f }

func (p *printer) escape(q *quote, c byte) {
	if q.pending {
		p.octal(q.c, c >= '0' && c <= '7')
		q.pending = false
	}
	if q.hex {
		p.Str("\\x")
		p.HexDigits(uint64(c), 2)
		return
	}
	switch {
	case c == '"' || c == '\\':
		p.Byte('\\')
		p.Byte(c)
	case printable(c):
		p.Byte(c)
	case c == '\n':
		p.Str("\\n")
	case c == '\t':
		p.Str("\\t")
	case c == '\r':
		p.Str("\\r")
	case c == '\v':
		p.Str("\\v")
	case c == '\f':
		p.Str("\\f")
	case opt.hexStrings == hexBytes:
		p.Str("\\x")
		p.HexDigits(uint64(c), 2)
	default:
		q.pending, q.c = true, c
	}
}

func (p *printer) octal(c byte, full bool) {
	p.Byte('\\')
	w := 1
	if full {
		w = 3
	}
	p.OctDigits(uint64(c), w)
}

func (p *printer) endQuote(q *quote) {
	if q.pending {
		p.octal(q.c, false)
	}
	p.Byte('"')
}

// hexQuote says whether -x or -xx wants the n bytes of b in hexadecimal.
func hexQuote(b []byte) bool {
	switch opt.hexStrings {
	case 0, hexBytes:
		return false
	case hexSome:
		for _, c := range b {
			if !printable(c) && (c < '\t' || c > '\r') {
				return true
			}
		}
		return false
	}
	return true
}

// bytes prints b as a quoted string.
func (p *printer) bytes(b []byte) {
	q := quote{hex: hexQuote(b)}
	p.Byte('"')
	for _, c := range b {
		p.escape(&q, c)
	}
	p.endQuote(&q)
}

// cstr prints the bytes of b up to a NUL as a quoted string.
func (p *printer) cstr(b []byte) {
	n := 0
	for n < len(b) && b[n] != 0 {
		n++
	}
	p.bytes(b[:n])
}

// buf prints the n bytes at addr, or as many as -s allows.
func (p *printer) buf(addr, n uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	p.text(addr, n, opt.strLen, false)
}

// random prints n bytes that are not text, always in hexadecimal.
func (p *printer) random(addr, n uint64) {
	p.allHex = true
	p.buf(addr, n)
	p.allHex = false
}

// str prints the NUL-terminated string at addr, shortened as -s says.
func (p *printer) str(addr uint64) { p.zstr(addr, opt.strLen) }

// path prints a path name, which -s does not shorten.
func (p *printer) path(addr uint64) { p.zstr(addr, pathMax-1) }

// pathn prints the path of n bytes at addr.
func (p *printer) pathn(addr, n uint64) { p.text(addr, n, pathMax, false) }

// zstr prints the NUL-terminated string at addr, at most max bytes of it.
func (p *printer) zstr(addr, max uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	p.text(addr, 1<<62, max, true)
}

// text prints a string of n bytes, or up to its NUL, but at most max bytes; if
// the memory cannot be read it prints the address.
//
//go:noinline
func (p *printer) text(addr, n, max uint64, z bool) {
	var b [chunk]byte
	start := p.Len()
	want := n
	if want > max {
		want = max
		if z {
			want++ // to see whether it ends there
		}
	}
	q := quote{hex: opt.hexStrings == hexAll || p.allHex}
	if opt.hexStrings == hexSome && !q.hex {
		q.hex = p.scan(&b, addr, want, z)
	}
	p.Byte('"')
	done := uint64(0)
	ended := false
	for done < want && !ended {
		a := addr + done
		k := chunk - a%chunk
		if k > want-done {
			k = want - done
		}
		m := uint64(systrap.Read(b[:k], a))
		for i := uint64(0); i < m; i++ {
			if z && b[i] == 0 {
				ended = true
				break
			}
			if done == max {
				break
			}
			p.escape(&q, b[i])
			done++
		}
		if ended || done == max {
			break
		}
		if m < k {
			p.Truncate(start)
			p.Hex(addr)
			return
		}
	}
	p.endQuote(&q)
	if (z && !ended) || (!z && n > max) {
		p.Str("...")
	}
}

// scan says whether a string needs -x's hexadecimal form; b is for its use.
//
//go:noinline
func (p *printer) scan(b *[chunk]byte, addr, want uint64, z bool) bool {
	for done := uint64(0); done < want; {
		a := addr + done
		k := chunk - a%chunk
		if k > want-done {
			k = want - done
		}
		m := systrap.Read(b[:k], a)
		for i := 0; i < m; i++ {
			if z && b[i] == 0 {
				return hexQuote(b[:i])
			}
		}
		if hexQuote(b[:m]) {
			return true
		}
		if uint64(m) < k {
			return false
		}
		done += k
	}
	return false
}

package tracetool

import "libsystrap/systrap"

// pathMax is PATH_MAX of <linux/limits.h>.
const pathMax = 4096

// chunk is how much of a string is read at a time, into the stack.
const chunk = 128

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
	case look.hexStrings == hexBytes:
		p.Str("\\x")
		p.HexDigits(uint64(c), 2)
	default:
		q.pending, q.c = true, c
	}
}

// beforeDigit prints a waiting octal that c follows, which is not printed.
func (p *printer) beforeDigit(q *quote, c byte) {
	if q.pending {
		p.octal(q.c, c >= '0' && c <= '7')
		q.pending = false
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
	switch look.hexStrings {
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
	p.text(addr, n, look.strLen, false)
}

// random prints n bytes that are not text, always in hexadecimal.
func (p *printer) random(addr, n uint64) {
	p.allHex = true
	p.buf(addr, n)
	p.allHex = false
}

// str prints the NUL-terminated string at addr, shortened as -s says.
func (p *printer) str(addr uint64) { p.zstr(addr, look.strLen) }

// path prints a path name, which -s does not shorten.
func (p *printer) path(addr uint64) { p.zstr(addr, pathMax-1) }

// pathn prints the path at addr that is n bytes long, or shorter if it has a NUL
// before.
func (p *printer) pathn(addr, n uint64) { p.text(addr, n+1, pathMax, true) }

// zstr prints the NUL-terminated string at addr, at most max bytes of it.
func (p *printer) zstr(addr, max uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	p.text(addr, 1<<62, max, true)
}

// zstrn prints a string of at most n bytes, which a NUL may end before, as far
// as -s allows.
func (p *printer) zstrn(addr, n uint64) {
	max := look.strLen
	if max > n {
		max = n
	}
	if addr == 0 {
		p.Str("NULL")
		return
	}
	p.text(addr, n, max, true)
}

// text prints a string of n bytes, or up to its NUL, but at most max bytes; if
// the memory of these, and of the byte behind them, cannot be read it prints
// the address.
//
//go:noinline
func (p *printer) text(addr, n, max uint64, z bool) {
	var b [chunk]byte
	start := p.Len()
	want := n
	if want > max {
		want = max + 1 // to see whether it ends there
	}
	q := quote{hex: look.hexStrings == hexAll || p.allHex}
	if look.hexStrings == hexSome && !q.hex {
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
		for i := uint64(0); i < m && !ended; i++ {
			switch {
			case z && b[i] == 0:
				ended = true
			case done < max:
				p.escape(&q, b[i])
				done++
			default:
				p.beforeDigit(&q, b[i])
				done++
			}
		}
		if m < k && !ended {
			p.Truncate(start)
			p.Hex(addr)
			p.shortRead(done, want, addr)
			return
		}
	}
	p.endQuote(&q)
	if z && !ended && n > 0 || !z && n > max {
		p.Str("...")
	}
}

// shortRead says, as strace does, that memory ends within an object of n bytes
// at addr: not in the trace, and only for systrap trace, as in a program that has
// the library by itself standard error is its own.
//
//go:noinline
func (p *printer) shortRead(done, n, addr uint64) {
	if done == 0 || look.starter == "" {
		return
	}
	spare := p.Spare(256) // the stack may be deep here
	if spare == nil {
		return
	}
	l := systrap.LineOn(spare)
	l.Str(look.starter)
	l.Str(": short read (")
	l.Uint(done)
	l.Str(" < ")
	l.Uint(n)
	l.Str(") @")
	l.Hex(addr)
	l.Str(": Bad address\n")
	systrap.ToStderr(l.Bytes())
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

// nonzero prints, behind sep, the bytes from offset from to offset to of the
// object at addr if one of them is not 0: a structure of a kernel younger than
// this text. It returns whether it did. What lies past a page is not looked at.
//
//go:noinline
func (p *printer) nonzero(sep string, addr, from, to uint64) bool {
	const page = 4096
	if to > page {
		to = page
	}
	if from >= to {
		return false
	}
	var b [chunk]byte
	start := p.Len()
	p.Str(sep)
	p.Str("/* bytes ")
	p.Uint(from)
	p.Str("..")
	p.Uint(to - 1)
	p.Str(" */ \"")
	any := false
	q := quote{hex: true}
	for off := from; off < to; {
		n := to - off
		if n > chunk {
			n = chunk
		}
		if systrap.Read(b[:n], addr+off) != int(n) {
			p.Truncate(start)
			p.Str(sep)
			p.Str("???")
			return true
		}
		for _, c := range b[:n] {
			any = any || c != 0
			p.escape(&q, c)
		}
		off += n
	}
	if !any {
		p.Truncate(start)
		return false
	}
	p.Byte('"')
	return true
}

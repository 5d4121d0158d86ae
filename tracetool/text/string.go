package text

import (
	"unsafe"

	"libsystrap/internal/tracelog"
	"libsystrap/systrap"
)

// pathMax is PATH_MAX of <linux/limits.h>.
const pathMax = 4096

// chunk is how much of a string is read at a time, into the stack.
const chunk = 128

// Quote is the state of a string being escaped. A byte that is printed in
// octal waits for the one that follows it, as a digit there makes all three
// digits necessary.
type Quote struct {
	pending bool
	c       byte
	hex     bool
}

func Printable(c byte) bool { return c >= ' ' && c < 0x7f }

func (p *Printer) Escape(q *Quote, c byte) {
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
	case Printable(c):
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
	case Opt.HexStrings == HexBytes:
		p.Str("\\x")
		p.HexDigits(uint64(c), 2)
	default:
		q.pending, q.c = true, c
	}
}

// beforeDigit prints a waiting octal that c follows, which is not printed.
func (p *Printer) beforeDigit(q *Quote, c byte) {
	if q.pending {
		p.octal(q.c, c >= '0' && c <= '7')
		q.pending = false
	}
}

func (p *Printer) octal(c byte, full bool) {
	p.Byte('\\')
	if full || c >= 0100 {
		p.Byte('0' + c>>6)
	}
	if full || c >= 010 {
		p.Byte('0' + c>>3&7)
	}
	p.Byte('0' + c&7)
}

// EscapeAll escapes the bytes of b; with z it stops at a NUL. It returns how many they were.
func (p *Printer) EscapeAll(q *Quote, b []byte, z bool) int {
	octals := Opt.HexStrings != HexBytes
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case z && c == 0:
			return i
		case q.hex:
			p.Escape(q, c)
		case plain(c):
			p.beforeDigit(q, c)
			n := plainRun(b[i:])
			p.Raw(b[i : i+n])
			i += n
			continue
		case c >= '\t' && c <= '\r' || !octals || i+1 == len(b) || c == '"' || c == '\\':
			p.Escape(q, c)
		default:
			p.beforeDigit(q, c)
			p.octal(c, b[i+1] >= '0' && b[i+1] <= '7')
		}
		i++
	}
	return len(b)
}

// plain says whether c stands for itself in a string.
func plain(c byte) bool { return Printable(c) && c != '"' && c != '\\' }

// plainRun is how many bytes at the beginning of b stand for themselves in a string.
func plainRun(b []byte) int {
	const (
		ones = 0x0101010101010101
		high = 0x80 * ones
	)
	i := 0
	for ; len(b)-i >= 8; i += 8 {
		// Eight at a time: a byte's upper bit is set if it may be below ' ' or above '~', or is '"' or '\\'.
		v := *(*uint64)(unsafe.Pointer(&b[i]))
		quote, slash := v^'"'*ones, v^'\\'*ones
		if (v|(v-' '*ones)|(v+ones)|(quote-ones)&^quote|(slash-ones)&^slash)&high != 0 {
			break
		}
	}
	for i < len(b) && plain(b[i]) {
		i++
	}
	return i
}

func (p *Printer) EndQuote(q *Quote) {
	if q.pending {
		p.octal(q.c, false)
	}
	p.Byte('"')
}

// hexQuote says whether -x or -xx wants the n bytes of b in hexadecimal.
func hexQuote(b []byte) bool {
	switch Opt.HexStrings {
	case 0, HexBytes:
		return false
	case HexSome:
		for _, c := range b {
			if !Printable(c) && (c < '\t' || c > '\r') {
				return true
			}
		}
		return false
	}
	return true
}

// Quoted prints b as a quoted string.
func (p *Printer) Quoted(b []byte) {
	q := Quote{hex: hexQuote(b)}
	p.Byte('"')
	p.EscapeAll(&q, b, false)
	p.EndQuote(&q)
}

// Cstr prints the bytes of b up to a NUL as a quoted string.
func (p *Printer) Cstr(b []byte) {
	n := 0
	for n < len(b) && b[n] != 0 {
		n++
	}
	p.Quoted(b[:n])
}

// Buf prints the n bytes at addr, or as many as -s allows.
func (p *Printer) Buf(addr, n uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	p.Text(addr, n, Opt.StrLen, false)
}

// Random prints n bytes that are not text, always in hexadecimal.
func (p *Printer) Random(addr, n uint64) {
	p.AllHex = true
	p.Buf(addr, n)
	p.AllHex = false
}

// StrAt prints the NUL-terminated string at addr, shortened as -s says.
func (p *Printer) StrAt(addr uint64) { p.Zstr(addr, Opt.StrLen) }

// Path prints a path name, which -s does not shorten.
func (p *Printer) Path(addr uint64) { p.Zstr(addr, pathMax-1) }

// PathOf prints the path at addr that is n bytes long, or shorter if it has a NUL
// before.
func (p *Printer) PathOf(addr, n uint64) { p.Text(addr, n+1, pathMax, true) }

// Zstr prints the NUL-terminated string at addr, at most max bytes of it.
func (p *Printer) Zstr(addr, max uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	p.Text(addr, 1<<62, max, true)
}

// Zstrn prints a string of at most n bytes, which a NUL may end before, as far
// as -s allows.
func (p *Printer) Zstrn(addr, n uint64) {
	max := Opt.StrLen
	if max > n {
		max = n
	}
	if addr == 0 {
		p.Str("NULL")
		return
	}
	p.Text(addr, n, max, true)
}

// Text prints a string of n bytes, or up to its NUL, but at most max bytes; if
// the memory of these, and of the byte behind them, cannot be read it prints
// the address.
//
//go:noinline
func (p *Printer) Text(addr, n, max uint64, z bool) {
	var b [chunk]byte
	start := p.Len()
	want := n
	if want > max {
		want = max + 1 // to see whether it ends there
	}
	q := Quote{hex: Opt.HexStrings == HexAll || p.AllHex}
	if Opt.HexStrings == HexSome && !q.hex {
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
		for i := uint64(0); i < m && !ended; {
			switch {
			case z && b[i] == 0:
				ended = true
			case done < max:
				n := uint64(p.EscapeAll(&q, b[i:min(m, i+max-done)], z))
				done += n
				i += n
			default:
				p.beforeDigit(&q, b[i])
				done++
				i++
			}
		}
		if m < k && !ended {
			p.Truncate(start)
			p.Hex(addr)
			p.shortRead(done, want, addr)
			return
		}
	}
	p.EndQuote(&q)
	if z && !ended && n > 0 || !z && n > max {
		p.Str("...")
	}
}

// shortRead says, as strace does, that memory ends within an object of n bytes
// at addr: not in the trace, and only for systrap trace, as in a program that has
// the library by itself standard error is its own.
//
//go:noinline
func (p *Printer) shortRead(done, n, addr uint64) {
	if done == 0 || Opt.Starter == "" {
		return
	}
	spare := p.Spare(256) // the stack may be deep here
	if spare == nil {
		return
	}
	l := systrap.LineOn(spare)
	l.Str(Opt.Starter)
	l.Str(": short read (")
	l.Uint(done)
	l.Str(" < ")
	l.Uint(n)
	l.Str(") @")
	l.Hex(addr)
	l.Str(": Bad address\n")
	tracelog.ToStderr(l.Bytes())
}

// scan says whether a string needs -x's hexadecimal form; b is for its use.
//
//go:noinline
func (p *Printer) scan(b *[chunk]byte, addr, want uint64, z bool) bool {
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

// Nonzero prints, behind sep, the bytes from offset from to offset to of the
// object at addr if one of them is not 0: a structure of a kernel younger than
// this text. It returns whether it did. What lies past a page is not looked at.
//
//go:noinline
func (p *Printer) Nonzero(sep string, addr, from, to uint64) bool {
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
	q := Quote{hex: true}
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
			p.Escape(&q, c)
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

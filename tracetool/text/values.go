package text

import (
	"libsystrap/systrap/abi/names"
)

// KeySerial prints the number of a key; those of special keyrings are negative.
func (p *Printer) KeySerial(v int32) { p.ValInt(names.KeySerial, v) }

// ValInt is valDec for an int whose names are of unsigned numbers.
func (p *Printer) ValInt(x names.ID, v int32) {
	p.Constant(uint64(int64(v)), NameOf(x, uint64(uint32(v))), names.Tables[x].Unknown.String(), Decimal)
}

// Ticks prints clock ticks, of which the kernel tells programs there are 100 a
// second (USER_HZ), with the seconds they are.
func (p *Printer) Ticks(t uint64) {
	p.Uint(t)
	if t == 0 || Opt.Style == StyleRaw {
		return
	}
	p.Str(" /* ")
	p.Uint(t / 100)
	p.Byte('.')
	p.UintPad(t%100, 2)
	p.Str(" s */")
}

// was prints number i that was kept and what it has become, if that is another.
func (p *Printer) was(w *Window, off uint64, i int) {
	v := uint32(w.Num(off, 4))
	if o := p.KeptOr(i, v); o != v {
		p.Uint(uint64(o))
		p.Str(" => ")
	}
	p.Uint(uint64(v))
}

// Classed prints the name of v. A number without one is shown as an offset in its class,
// the upper half of it, which the table before names.
func (p *Printer) Classed(id names.ID, v uint64) {
	const inClass = 0xffff
	s := NameOf(id, v)
	class := NameOf(id-1, v&^inClass)
	if s != "" || class == "" {
		p.Constant(v, s, names.Tables[id].Unknown.String(), Hexadecimal)
		return
	}
	if p.Named(v, Hexadecimal) {
		p.Str(class)
		p.Byte('+')
		p.AltHex(v & inClass)
		p.EndNamed()
	}
}

// fourcc prints a four-character code, with its name in table id.
func (p *Printer) fourcc(id names.ID, v uint64) {
	if Opt.Style == StyleRaw {
		p.AltHex(v)
		return
	}
	p.Str("v4l2_fourcc(")
	for i := 0; i < 4; i++ {
		if i > 0 {
			p.Comma()
		}
		c := byte(v >> (8 * i))
		p.Byte('\'')
		switch {
		case c == '\'' || c == '\\':
			p.Byte('\\')
			p.Byte(c)
		case Printable(c):
			p.Byte(c)
		default:
			p.Str("\\x")
			p.HexDigits(uint64(c), 2)
		}
		p.Byte('\'')
	}
	p.Byte(')')
	p.Comment(NameOf(id, v))
}

// Rect prints struct v4l2_rect.
func (p *Printer) Rect(left, top, width, height uint32) {
	p.First("left")
	p.Int(int64(int32(left)))
	p.FieldInt("top", int64(int32(top)))
	p.FieldUint("width", uint64(width))
	p.FieldUint("height", uint64(height))
	p.Byte('}')
}

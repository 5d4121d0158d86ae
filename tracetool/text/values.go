package tracetool

// keySerial prints the number of a key; those of special keyrings are negative.
func (p *printer) keySerial(v int32) { p.valInt(xKeySerial, v) }

// valInt is valDec for an int whose names are of unsigned numbers.
func (p *printer) valInt(x nameID, v int32) {
	p.constant(uint64(int64(v)), name(x, uint64(uint32(v))), xtabs[x].dflt, decBase)
}

// ticks prints clock ticks, of which the kernel tells programs there are 100 a
// second (USER_HZ), with the seconds they are.
func (p *printer) ticks(t uint64) {
	p.Uint(t)
	if t == 0 || look.xlat == xlatRaw {
		return
	}
	p.Str(" /* ")
	p.Uint(t / 100)
	p.Byte('.')
	p.UintPad(t%100, 2)
	p.Str(" s */")
}

// was prints number i that was kept and what it has become, if that is another.
func (p *printer) was(w *window, off uint64, i int) {
	v := uint32(w.num(off, 4))
	if o := p.keptOr(i, v); o != v {
		p.Uint(uint64(o))
		p.Str(" => ")
	}
	p.Uint(uint64(v))
}

// classed prints the name of v. A number without one is shown as an offset in its class,
// the upper half of it, which the table before names.
func (p *printer) classed(id nameID, v uint64) {
	const inClass = 0xffff
	s := name(id, v)
	class := name(id-1, v&^inClass)
	if s != "" || class == "" {
		p.constant(v, s, xtabs[id].dflt, hexBase)
		return
	}
	if p.named(v, hexBase) {
		p.Str(class)
		p.Byte('+')
		p.hex(v & inClass)
		p.endNamed()
	}
}

// fourcc prints a four-character code, with its name in table id.
func (p *printer) fourcc(id nameID, v uint64) {
	if look.xlat == xlatRaw {
		p.hex(v)
		return
	}
	p.Str("v4l2_fourcc(")
	for i := 0; i < 4; i++ {
		if i > 0 {
			p.comma()
		}
		c := byte(v >> (8 * i))
		p.Byte('\'')
		switch {
		case c == '\'' || c == '\\':
			p.Byte('\\')
			p.Byte(c)
		case printable(c):
			p.Byte(c)
		default:
			p.Str("\\x")
			p.HexDigits(uint64(c), 2)
		}
		p.Byte('\'')
	}
	p.Byte(')')
	p.comment(name(id, v))
}

// rect prints struct v4l2_rect.
func (p *printer) rect(left, top, width, height uint32) {
	p.first("left")
	p.Int(int64(int32(left)))
	p.fieldInt("top", int64(int32(top)))
	p.fieldUint("width", uint64(width))
	p.fieldUint("height", uint64(height))
	p.Byte('}')
}

package tracetool

// xlatStyle is how constants are printed: -X.
type xlatStyle uint8

const (
	xlatAbbrev  xlatStyle = iota // by name
	xlatRaw                      // as a number
	xlatVerbose                  // as a number with the name as a comment
)

// styleOf returns the style that -X's argument names.
func styleOf(arg string) (s xlatStyle, ok bool) {
	switch arg {
	case "abbrev":
		return xlatAbbrev, true
	case "raw":
		return xlatRaw, true
	case "verbose":
		return xlatVerbose, true
	}
	return 0, false
}

// base is how a number is written that has no name, or is shown beside it.
type base uint8

const (
	hexBase base = iota
	decBase
	unsBase
)

// number prints v in base b.
func (p *printer) number(v uint64, b base) {
	switch b {
	case decBase:
		p.Int(int64(v))
	case unsBase:
		p.Uint(v)
	default:
		p.hex(v)
	}
}

// comment prints s as a comment, if there is any.
func (p *printer) comment(s string) {
	if s == "" {
		return
	}
	p.Str(" /* ")
	p.Str(s)
	p.Str(" */")
}

// named begins a value that is shown by an expression of names, whose number
// is v: it prints the number if -X asks for it and returns whether the
// expression is wanted, too. endNamed comes behind that.
func (p *printer) named(v uint64, b base) bool {
	if look.xlat != xlatAbbrev {
		p.number(v, b)
	}
	if look.xlat == xlatVerbose {
		p.Str(" /* ")
	}
	return look.xlat != xlatRaw
}

func (p *printer) endNamed() {
	if look.xlat == xlatVerbose {
		p.Str(" */")
	}
}

// abbrevFlags prints flags by name, whatever -X says.
func (p *printer) abbrevFlags(id nameID, v uint64) {
	rest, any := p.someFlags(id, v, false)
	if rest != 0 || !any {
		if any {
			p.Byte('|')
		}
		p.hex(rest)
	}
}

// flags prints v as names joined by '|', in the table's order, and what no
// name is known for in hexadecimal.
func (p *printer) flags(id nameID, v uint64) { p.flags2(id, id, v) }

// flags2 is flags with names from two tables, those of id first.
func (p *printer) flags2(id, id2 nameID, v uint64) { p.flagsStyle(id, id2, v, look.xlat) }

func (p *printer) flagsStyle(id, id2 nameID, v uint64, style xlatStyle) {
	if style == xlatRaw {
		p.hex(v)
		return
	}
	if style == xlatVerbose {
		p.hex(v)
	}
	start := p.Len()
	if style == xlatVerbose {
		p.Str(" /* ")
	}
	rest, any := p.someFlags(id, v, false)
	if id2 != id && (rest != 0 || !any) {
		var more bool
		rest, more = p.someFlags(id2, rest, any)
		any = any || more
	}
	if !any {
		p.Truncate(start)
		if style == xlatAbbrev {
			p.hex(v)
		}
		if v != 0 {
			p.comment(xtabs[id].dflt)
		}
		return
	}
	if rest != 0 {
		p.Byte('|')
		p.Hex(rest)
	}
	if style == xlatVerbose {
		p.Str(" */")
	}
}

// moreFlags prints those of v's bits that are set behind other flags, names
// and the rest, in the style of -X.
func (p *printer) moreFlags(id nameID, v uint64) {
	if v == 0 {
		return
	}
	p.Byte('|')
	if look.xlat == xlatRaw {
		p.hex(v)
		return
	}
	start := p.Len()
	if look.xlat == xlatVerbose {
		p.hex(v)
		p.Str(" /* ")
	}
	rest, any := p.someFlags(id, v, false)
	if !any {
		p.Truncate(start)
		p.hex(v)
		return
	}
	if rest != 0 {
		p.Byte('|')
		p.Hex(rest)
	}
	if look.xlat == xlatVerbose {
		p.Str(" */")
	}
}

// someFlags prints the names of v's bits that have one, after a '|' if sep,
// and returns the other bits and whether a name was printed. It does not look
// at -X.
func (p *printer) someFlags(id nameID, v uint64, sep bool) (rest uint64, any bool) {
	t := *xtabs[id].t
	for i := range t {
		e := &t[i]
		if v != e.v && (e.v == 0 || v&e.v != e.v) {
			continue
		}
		if any || sep {
			p.Byte('|')
		}
		p.Str(e.name)
		any = true
		v &^= e.v
		if v == 0 {
			break
		}
	}
	return v, any
}

// name returns the name of v, or "".
func name(id nameID, v uint64) string {
	t := *xtabs[id].t
	for i := range t {
		if t[i].v == v {
			return t[i].name
		}
	}
	return ""
}

// constant prints v, whose name is s if it has one; dflt is what it may be
// otherwise.
func (p *printer) constant(v uint64, s, dflt string, b base) {
	if s != "" && look.xlat == xlatAbbrev {
		p.Str(s)
		return
	}
	p.number(v, b)
	if look.xlat == xlatRaw {
		return
	}
	if s == "" {
		s = dflt
	}
	p.comment(s)
}

// val prints the name of v.
func (p *printer) val(id nameID, v uint64) { p.constant(v, name(id, v), xtabs[id].dflt, hexBase) }

// valDec is val for numbers that are better known in decimal.
func (p *printer) valDec(id nameID, v int64) {
	p.constant(uint64(v), name(id, uint64(v)), xtabs[id].dflt, decBase)
}

// valUint is val for numbers that are better known in decimal and have no sign.
func (p *printer) valUint(id nameID, v uint64) {
	p.constant(v, name(id, v), xtabs[id].dflt, unsBase)
}

// valNoted is val with the number always beside the name.
func (p *printer) valNoted(id nameID, v uint64) { p.noteVal(id, v, hexBase) }

// valNotedDec is valNoted in decimal.
func (p *printer) valNotedDec(id nameID, v int64) { p.noteVal(id, uint64(v), decBase) }

func (p *printer) noteVal(id nameID, v uint64, b base) {
	p.number(v, b)
	if look.xlat == xlatRaw {
		return
	}
	s := name(id, v)
	if s == "" {
		s = xtabs[id].dflt
	}
	p.comment(s)
}

// flagsNoted is flags with the number always beside the names.
func (p *printer) flagsNoted(id nameID, v uint64) {
	style := look.xlat
	if style == xlatAbbrev {
		style = xlatVerbose
	}
	p.flagsStyle(id, id, v, style)
}

package tracetool

// xlat is one named constant; xtab a table of them.
type xlat struct {
	v    uint64
	name string
}

type xtab struct {
	dflt string // what an unknown value may be, as in "0x5 /* AF_??? */"
	t    *[]xlat
}

// flags prints v as names joined by '|', in the table's order, and what no
// name is known for in hexadecimal.
func (p *printer) flags(id kind, v uint64) {
	if rest, n := p.someFlags(id, v, false); n && rest == 0 {
		return
	} else if n {
		p.Byte('|')
		p.Hex(rest)
	} else {
		p.unknown(rest, xtabs[id].dflt)
	}
}

// someFlags prints the names of v's bits that have one, after a '|' if sep,
// and returns the other bits and whether a name was printed.
func (p *printer) someFlags(id kind, v uint64, sep bool) (rest uint64, any bool) {
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

// unknown prints a value without a name.
func (p *printer) unknown(v uint64, dflt string) {
	p.hex(v)
	if v != 0 && dflt != "" {
		p.Str(" /* ")
		p.Str(dflt)
		p.Str(" */")
	}
}

// name returns the name of v, or "".
func name(id kind, v uint64) string {
	t := *xtabs[id].t
	for i := range t {
		if t[i].v == v {
			return t[i].name
		}
	}
	return ""
}

// val prints the name of v.
func (p *printer) val(id kind, v uint64) {
	if s := name(id, v); s != "" {
		p.Str(s)
		return
	}
	p.hex(v)
	if d := xtabs[id].dflt; d != "" {
		p.Str(" /* ")
		p.Str(d)
		p.Str(" */")
	}
}

// valDec is val for numbers that are better known in decimal.
func (p *printer) valDec(id kind, v int64) {
	if s := name(id, uint64(v)); s != "" {
		p.Str(s)
		return
	}
	p.Int(v)
	p.Str(" /* ")
	p.Str(xtabs[id].dflt)
	p.Str(" */")
}

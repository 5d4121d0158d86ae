package text

import (
	"libsystrap/systrap/abi/names"
)

// Style is how constants are printed: -X.
type Style uint8

const (
	StyleAbbrev  Style = iota // by name
	StyleRaw                  // as a number
	StyleVerbose              // as a number with the name as a comment
)

// StyleNamed returns the style that -X's argument names.
func StyleNamed(arg string) (s Style, ok bool) {
	switch arg {
	case "abbrev":
		return StyleAbbrev, true
	case "raw":
		return StyleRaw, true
	case "verbose":
		return StyleVerbose, true
	}
	return 0, false
}

// base is how a number is written that has no name, or is shown beside it.
type base uint8

const (
	Hexadecimal base = iota
	Decimal
	Unsigned
)

// number prints v in base b.
func (p *Printer) number(v uint64, b base) {
	switch b {
	case Decimal:
		p.Int(int64(v))
	case Unsigned:
		p.Uint(v)
	default:
		p.AltHex(v)
	}
}

// Comment prints s as a comment, if there is any.
func (p *Printer) Comment(s string) {
	if s == "" {
		return
	}
	p.Str(" /* ")
	p.Str(s)
	p.Str(" */")
}

// Named begins a value that is shown by an expression of names, whose number
// is v: it prints the number if -X asks for it and returns whether the
// expression is wanted, too. endNamed comes behind that.
func (p *Printer) Named(v uint64, b base) bool {
	if Opt.Style != StyleAbbrev {
		p.number(v, b)
	}
	if Opt.Style == StyleVerbose {
		p.Str(" /* ")
	}
	return Opt.Style != StyleRaw
}

func (p *Printer) EndNamed() {
	if Opt.Style == StyleVerbose {
		p.Str(" */")
	}
}

// AbbrevFlags prints flags by name, whatever -X says.
func (p *Printer) AbbrevFlags(id names.ID, v uint64) {
	rest, any := p.SomeFlags(id, v, false)
	if rest != 0 || !any {
		if any {
			p.Byte('|')
		}
		p.AltHex(rest)
	}
}

// Flags prints v as names joined by '|', in the table's order, and what no
// name is known for in hexadecimal.
func (p *Printer) Flags(id names.ID, v uint64) { p.EitherFlags(id, id, v) }

// EitherFlags is flags with names from two tables, those of id first.
func (p *Printer) EitherFlags(id, id2 names.ID, v uint64) { p.flagsStyle(id, id2, v, Opt.Style) }

func (p *Printer) flagsStyle(id, id2 names.ID, v uint64, style Style) {
	if style == StyleRaw {
		p.AltHex(v)
		return
	}
	if style == StyleVerbose {
		p.AltHex(v)
	}
	start := p.Len()
	if style == StyleVerbose {
		p.Str(" /* ")
	}
	rest, any := p.SomeFlags(id, v, false)
	if id2 != id && (rest != 0 || !any) {
		var more bool
		rest, more = p.SomeFlags(id2, rest, any)
		any = any || more
	}
	if !any {
		p.Truncate(start)
		if style == StyleAbbrev {
			p.AltHex(v)
		}
		if v != 0 {
			p.Comment(names.Tables[id].Unknown.String())
		}
		return
	}
	if rest != 0 {
		p.Byte('|')
		p.Hex(rest)
	}
	if style == StyleVerbose {
		p.Str(" */")
	}
}

// MoreFlags prints those of v's bits that are set behind other flags, names
// and the rest, in the style of -X.
func (p *Printer) MoreFlags(id names.ID, v uint64) {
	if v == 0 {
		return
	}
	p.Byte('|')
	if Opt.Style == StyleRaw {
		p.AltHex(v)
		return
	}
	start := p.Len()
	if Opt.Style == StyleVerbose {
		p.AltHex(v)
		p.Str(" /* ")
	}
	rest, any := p.SomeFlags(id, v, false)
	if !any {
		p.Truncate(start)
		p.AltHex(v)
		return
	}
	if rest != 0 {
		p.Byte('|')
		p.Hex(rest)
	}
	if Opt.Style == StyleVerbose {
		p.Str(" */")
	}
}

// SomeFlags prints the names of v's bits that have one, after a '|' if sep,
// and returns the other bits and whether a name was printed. It does not look
// at -X.
func (p *Printer) SomeFlags(id names.ID, v uint64, sep bool) (rest uint64, any bool) {
	t := names.Rows(id)
	for i := range t {
		e := &t[i]
		if v != e.Value && (e.Value == 0 || v&e.Value != e.Value) {
			continue
		}
		if any || sep {
			p.Byte('|')
		}
		p.Str(e.Name.String())
		any = true
		v &^= e.Value
		if v == 0 {
			break
		}
	}
	return v, any
}

// NameOf returns the name of v, or "".
func NameOf(id names.ID, v uint64) string {
	t := names.Rows(id)
	for i := range t {
		if t[i].Value == v {
			return t[i].Name.String()
		}
	}
	return ""
}

// Constant prints v, whose name is s if it has one; dflt is what it may be
// otherwise.
func (p *Printer) Constant(v uint64, s, dflt string, b base) {
	if s != "" && Opt.Style == StyleAbbrev {
		p.Str(s)
		return
	}
	p.number(v, b)
	if Opt.Style == StyleRaw {
		return
	}
	if s == "" {
		s = dflt
	}
	p.Comment(s)
}

// Val prints the name of v.
func (p *Printer) Val(id names.ID, v uint64) {
	p.Constant(v, NameOf(id, v), names.Tables[id].Unknown.String(), Hexadecimal)
}

// ValDec is val for numbers that are better known in decimal.
func (p *Printer) ValDec(id names.ID, v int64) {
	p.Constant(uint64(v), NameOf(id, uint64(v)), names.Tables[id].Unknown.String(), Decimal)
}

// ValUint is val for numbers that are better known in decimal and have no sign.
func (p *Printer) ValUint(id names.ID, v uint64) {
	p.Constant(v, NameOf(id, v), names.Tables[id].Unknown.String(), Unsigned)
}

// ValNoted is val with the number always beside the name.
func (p *Printer) ValNoted(id names.ID, v uint64) { p.noteVal(id, v, Hexadecimal) }

// ValNotedDec is valNoted in decimal.
func (p *Printer) ValNotedDec(id names.ID, v int64) { p.noteVal(id, uint64(v), Decimal) }

func (p *Printer) noteVal(id names.ID, v uint64, b base) {
	p.number(v, b)
	if Opt.Style == StyleRaw {
		return
	}
	s := NameOf(id, v)
	if s == "" {
		s = names.Tables[id].Unknown.String()
	}
	p.Comment(s)
}

// FlagsNoted is flags with the number always beside the names.
func (p *Printer) FlagsNoted(id names.ID, v uint64) {
	style := Opt.Style
	if style == StyleAbbrev {
		style = StyleVerbose
	}
	p.flagsStyle(id, id, v, style)
}

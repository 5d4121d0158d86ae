package text

import (
	"libsystrap/systrap/abi/names"
)

// Errno prints the name of e, or its number.
func (p *Printer) Errno(e uint64) {
	s := ""
	if e < uint64(len(names.Errnos)) {
		s = names.Errnos[e].Name
	}
	p.Constant(e, s, "", Unsigned)
}

// ErrnoNeg prints the name of -e behind a minus sign, or the number e.
func (p *Printer) ErrnoNeg(e int64) {
	s := ""
	if e < 0 && -e < int64(len(names.Errnos)) {
		s = names.Errnos[-e].Name
	}
	if s == "" {
		p.Int(e)
	} else if p.Named(uint64(e), Decimal) {
		p.Byte('-')
		p.Str(s)
		p.EndNamed()
	}
}

// Failure prints "-1 ENOENT (No such file or directory)".
func (p *Printer) Failure(e int) {
	p.Str("-1 ")
	p.ErrnoText(e)
}

// ErrnoText prints "ENOENT (No such file or directory)".
func (p *Printer) ErrnoText(e int) {
	if e < len(names.Errnos) && names.Errnos[e].Name != "" {
		p.Str(names.Errnos[e].Name)
		p.Str(" (")
		p.Str(names.Errnos[e].Text)
		p.Byte(')')
		return
	}
	p.Str("(errno ")
	p.Int(int64(e))
	p.Byte(')')
}

package tracetool

// errno prints the name of e, or its number.
func (p *printer) errno(e uint64) {
	s := ""
	if e < uint64(len(errnos)) {
		s = errnos[e].name
	}
	p.constant(e, s, "", unsBase)
}

// errnoNeg prints the name of -e behind a minus sign, or the number e.
func (p *printer) errnoNeg(e int64) {
	s := ""
	if e < 0 && -e < int64(len(errnos)) {
		s = errnos[-e].name
	}
	if s == "" {
		p.Int(e)
	} else if p.named(uint64(e), decBase) {
		p.Byte('-')
		p.Str(s)
		p.endNamed()
	}
}

// failure prints "-1 ENOENT (No such file or directory)".
func (p *printer) failure(e int) {
	p.Str("-1 ")
	p.errnoText(e)
}

// errnoText prints "ENOENT (No such file or directory)".
func (p *printer) errnoText(e int) {
	if e < len(errnos) && errnos[e].name != "" {
		p.Str(errnos[e].name)
		p.Str(" (")
		p.Str(errnos[e].text)
		p.Byte(')')
		return
	}
	p.Str("(errno ")
	p.Int(int64(e))
	p.Byte(')')
}

package tracetool

// errnoText is the name of an errno and what strerror(3) says of it.
type errnoText struct{ name, text string }

// errno prints the name of e, or its number.
func (p *printer) errno(e uint64) {
	if e < uint64(len(errnos)) && errnos[e].name != "" {
		p.Str(errnos[e].name)
		return
	}
	p.Uint(e)
}

// failure prints "-1 ENOENT (No such file or directory)".
func (p *printer) failure(e int) {
	p.Str("-1 ")
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

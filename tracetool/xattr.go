package tracetool

// xattr prints the value of an extended attribute.
func (p *printer) xattr(addr, n uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	p.buf(addr, n)
}

package tracetool

// sig prints a signal by name.
func (p *printer) sig(s int32) {
	if s <= 0 || s > nsig {
		p.Int(int64(s))
	} else if p.named(uint64(s), decBase) {
		p.Str("SIG")
		p.sigName(s)
		p.endNamed()
	}
}

// sigName prints a signal's name without "SIG"; ok is false if it has none.
func (p *printer) sigName(s int32) (ok bool) {
	switch {
	case s > 0 && int(s) < len(signalNames):
		p.Str(signalNames[s])
	case s > 32 && s <= nsig:
		p.Str("RT_")
		p.Int(int64(s - 32))
	default:
		return false
	}
	return true
}

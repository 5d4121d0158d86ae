package text

import "libsystrap/systrap/abi"

// Sig prints a signal by name.
func (p *Printer) Sig(s int32) {
	name := abi.SignalName(int(s))
	if name == "" {
		p.Int(int64(s))
	} else if p.Named(uint64(s), Decimal) {
		p.Str(name)
		p.EndNamed()
	}
}

// SigName prints a signal's name without "SIG"; ok is false if it has none.
func (p *Printer) SigName(s int32) (ok bool) {
	name := abi.SignalName(int(s))
	if name == "" {
		return false
	}
	p.Str(name[len("SIG"):])
	return true
}

package text

import (
	"libsystrap/systrap/abi"
)

// Sig prints a signal by name.
func (p *Printer) Sig(s int32) {
	if s <= 0 || s > abi.Nsig {
		p.Int(int64(s))
	} else if p.Named(uint64(s), Decimal) {
		p.Str("SIG")
		p.SigName(s)
		p.EndNamed()
	}
}

// SigName prints a signal's name without "SIG"; ok is false if it has none.
func (p *Printer) SigName(s int32) (ok bool) {
	switch {
	case s > 0 && int(s) < len(abi.SignalNames):
		p.Str(abi.SignalNames[s])
	case s > 32 && s <= abi.Nsig:
		p.Str("RT_")
		p.Int(int64(s - 32))
	default:
		return false
	}
	return true
}

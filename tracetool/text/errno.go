package text

import "libsystrap/systrap/abi"

// Errno prints the name of e, or its number.
func (p *Printer) Errno(e uint64) {
	p.Constant(e, abi.ErrnoName(int(e)), "", Unsigned)
}

// ErrnoNeg prints the name of -e behind a minus sign, or the number e.
func (p *Printer) ErrnoNeg(e int64) {
	s := abi.ErrnoName(int(-e))
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
	if s := abi.ErrnoName(e); s != "" {
		p.Str(s)
		p.Str(" (")
		p.Str(abi.ErrnoText(e))
		p.Byte(')')
		return
	}
	p.Str("(errno ")
	p.Int(int64(e))
	p.Byte(')')
}

package text

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
)

// Mode prints permission bits as strace prints all octal numbers of that
// kind, in three digits at least.
func (p *Printer) Mode(m uint32) { p.ModeLong(uint64(m & 0xffff)) }

func (p *Printer) ModeLong(m uint64) {
	p.Byte('0')
	p.OctDigits(m, 2)
}

// OpenFlags prints the flags of open(2), whose two lowest bits are a number.
func (p *Printer) OpenFlags(f uint64) {
	if p.Named(f, Hexadecimal) {
		p.OpenModes(f)
		p.EndNamed()
	}
}

// OpenModes prints the names of open(2)'s flags, whatever -X says.
func (p *Printer) OpenModes(f uint64) {
	p.Str(NameOf(names.AccMode, f&unix.O_ACCMODE))
	f &^= unix.O_ACCMODE
	if f == 0 {
		return
	}
	if rest, _ := p.SomeFlags(names.Open, f, true); rest != 0 {
		p.Byte('|')
		p.Hex(rest)
	}
}

// FileMode prints st_mode: the type's name and the rest in octal.
func (p *Printer) FileMode(m uint32) {
	const special = unix.S_ISUID | unix.S_ISGID | unix.S_ISVTX
	s := ""
	if m&unix.S_IFMT != 0 {
		s = NameOf(names.Mode, uint64(m&unix.S_IFMT))
		if s == "" {
			p.ModeLong(uint64(m))
			return
		}
	}
	if Opt.Style != StyleAbbrev {
		p.ModeLong(uint64(m))
	}
	if Opt.Style == StyleRaw {
		return
	}
	if Opt.Style == StyleVerbose {
		p.Str(" /* ")
	}
	if s != "" {
		p.Str(s)
		p.Byte('|')
	}
	if m&unix.S_ISUID != 0 {
		p.Str("S_ISUID|")
	}
	if m&unix.S_ISGID != 0 {
		p.Str("S_ISGID|")
	}
	if m&unix.S_ISVTX != 0 {
		p.Str("S_ISVTX|")
	}
	p.ModeLong(uint64(m &^ (unix.S_IFMT | special)))
	p.EndNamed()
}

// Dev prints a device number (makedev(3)).
func (p *Printer) Dev(d uint64) {
	if !p.Named(d, Hexadecimal) {
		return
	}
	p.Str("makedev(")
	p.AltHex(d>>8&0xfff | d>>32&^0xfff)
	p.Comma()
	p.AltHex(d&0xff | d>>12&0xffffff00)
	p.Byte(')')
	p.EndNamed()
}

package tracetool

import "golang.org/x/sys/unix"

// mode prints permission bits as strace prints all octal numbers of that
// kind, in three digits at least.
func (p *printer) mode(m uint32) { p.modeLong(uint64(m & 0xffff)) }

func (p *printer) modeLong(m uint64) {
	p.Byte('0')
	p.OctDigits(m, 2)
}

// openFlags prints the flags of open(2), whose two lowest bits are a number.
func (p *printer) openFlags(f uint64) {
	if p.named(f, hexBase) {
		p.openModes(f)
		p.endNamed()
	}
}

// openModes prints the names of open(2)'s flags, whatever -X says.
func (p *printer) openModes(f uint64) {
	p.Str(name(xAccMode, f&unix.O_ACCMODE))
	f &^= unix.O_ACCMODE
	if f == 0 {
		return
	}
	if rest, _ := p.someFlags(xOpen, f, true); rest != 0 {
		p.Byte('|')
		p.Hex(rest)
	}
}

// fileMode prints st_mode: the type's name and the rest in octal.
func (p *printer) fileMode(m uint32) {
	const special = unix.S_ISUID | unix.S_ISGID | unix.S_ISVTX
	s := ""
	if m&unix.S_IFMT != 0 {
		s = name(xMode, uint64(m&unix.S_IFMT))
		if s == "" {
			p.modeLong(uint64(m))
			return
		}
	}
	if look.xlat != xlatAbbrev {
		p.modeLong(uint64(m))
	}
	if look.xlat == xlatRaw {
		return
	}
	if look.xlat == xlatVerbose {
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
	p.modeLong(uint64(m &^ (unix.S_IFMT | special)))
	p.endNamed()
}

// dev prints a device number (makedev(3)).
func (p *printer) dev(d uint64) {
	if !p.named(d, hexBase) {
		return
	}
	p.Str("makedev(")
	p.hex(d>>8&0xfff | d>>32&^0xfff)
	p.comma()
	p.hex(d&0xff | d>>12&0xffffff00)
	p.Byte(')')
	p.endNamed()
}

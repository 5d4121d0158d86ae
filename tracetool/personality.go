package tracetool

func (p *printer) bpfProgram(addr uint64) { p.fprog(addr, 16, true) }

// personalityArg prints the argument of personality(2): 0xffffffff asks only.
func (p *printer) personalityArg(v uint32) {
	if v == 0xffffffff {
		p.Str("0xffffffff")
		return
	}
	p.personality(uint64(v))
}

func (p *printer) personality(v uint64) {
	if s := name(xPersonality, v); s != "" {
		p.Str(s)
		return
	}
	if s := name(xPersonality, v&0xff); s != "" {
		p.Str(s)
	} else {
		p.hex(v & 0xff)
		p.Str(" /* PER_??? */")
	}
	if rest, _ := p.someFlags(xPersFlag, v&^0xff, true); rest != 0 {
		p.Byte('|')
		p.Hex(rest)
	}
}

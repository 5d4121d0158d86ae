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

// personality prints the type and the flags of an execution domain.
func (p *printer) personality(v uint64) {
	const typeMask = 0xff
	p.val(xPersonality, v&typeMask)
	p.moreFlags(xPersFlag, v&^typeMask)
}

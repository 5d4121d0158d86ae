package decode

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/bpf"
	"libsystrap/tracetool/text"
)

func bpfProgram(p *text.Printer, addr uint64) { bpf.Fprog(p, addr, 16, true) }

// personalityArg prints the argument of personality(2): 0xffffffff asks only.
func personalityArg(p *text.Printer, v uint32) {
	if v == 0xffffffff {
		p.Str("0xffffffff")
		return
	}
	personality(p, uint64(v))
}

// personality prints the type and the flags of an execution domain.
func personality(p *text.Printer, v uint64) {
	const typeMask = 0xff
	p.Val(names.Personality, v&typeMask)
	p.MoreFlags(names.PersFlag, v&^typeMask)
}

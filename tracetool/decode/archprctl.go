package tracetool

import "unsafe"

// archPrctl prints the arguments of arch_prctl(2).
func (p *printer) archPrctl() step {
	const getFs, getGs, getCpuid = 0x1003, 0x1004, 0x1011
	op, v := uint32(p.c.Args[0]), p.c.Args[1]
	if !p.cont {
		p.val(xArchPrctl, uint64(op))
		if op == getCpuid {
			return last
		}
		p.comma()
	}
	switch op {
	case getFs, getGs:
		if !p.exit {
			return wait
		}
		p.numOut(kPtrOut, v)
	case archXcompSupp, archXcompPerm, archXcompGuestPerm:
		if !p.exit {
			return wait
		}
		p.xfeatures(v)
	case archReqXcompPerm, archReqXcompGuestPerm:
		p.valNoted(xXfeature, v)
	default:
		p.hex(v)
	}
	return last
}

// Options of arch_prctl(2) about the components of the extended state.
const (
	archXcompSupp = 0x1021 + iota
	archXcompPerm
	archReqXcompPerm
	archXcompGuestPerm
	archReqXcompGuestPerm
)

// xfeatures prints a mask of components. The names are the kernel's own, not
// of its headers for programs: so the number stands beside them.
func (p *printer) xfeatures(addr uint64) {
	var m uint64
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&m), 8, addr) {
		return
	}
	p.Byte('[')
	p.flagsNoted(xXfeatureMask, m)
	p.Byte(']')
}

// archPrctlResult prints the result of arch_prctl(2).
func (p *printer) archPrctlResult() {
	switch op := uint32(p.c.Args[0]); {
	case (op == archReqXcompPerm || op == archReqXcompGuestPerm) && p.c.Result > 0:
		p.flagsNote(xXfeatureMask, uint64(p.c.Result), true)
	default:
		p.Int(p.c.Result)
	}
}

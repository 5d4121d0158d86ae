package decode

import (
	"unsafe"

	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// archPrctl prints the arguments of arch_prctl(2).
func archPrctl(p *text.Printer) text.Step {
	const getFs, getGs, getCpuid = 0x1003, 0x1004, 0x1011
	op, v := uint32(p.C.Args[0]), p.C.Args[1]
	if !p.Cont {
		p.Val(names.ArchPrctl, uint64(op))
		if op == getCpuid {
			return text.Last
		}
		p.Comma()
	}
	switch op {
	case getFs, getGs:
		if !p.Exit {
			return text.Wait
		}
		p.NumOut(abi.PtrOut, v)
	case ArchXcompSupp, archXcompPerm, archXcompGuestPerm:
		if !p.Exit {
			return text.Wait
		}
		xfeatures(p, v)
	case archReqXcompPerm, archReqXcompGuestPerm:
		p.ValNoted(names.Xfeature, v)
	default:
		p.AltHex(v)
	}
	return text.Last
}

// Options of arch_prctl(2) about the components of the extended state.
const (
	ArchXcompSupp = 0x1021 + iota
	archXcompPerm
	archReqXcompPerm
	archXcompGuestPerm
	archReqXcompGuestPerm
)

// xfeatures prints a mask of components. The names are the kernel's own, not
// of its headers for programs: so the number stands beside them.
func xfeatures(p *text.Printer, addr uint64) {
	var m uint64
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&m), 8, addr) {
		return
	}
	p.Byte('[')
	p.FlagsNoted(names.XfeatureMask, m)
	p.Byte(']')
}

// archPrctlResult prints the result of arch_prctl(2).
func archPrctlResult(p *text.Printer) {
	switch op := uint32(p.C.Args[0]); {
	case (op == archReqXcompPerm || op == archReqXcompGuestPerm) && p.C.Result > 0:
		flagsNote(p, names.XfeatureMask, uint64(p.C.Result), true)
	default:
		p.Int(p.C.Result)
	}
}

package decode

import (
	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// one prints argument i, which is of kind k.
func one(p *text.Printer, k abi.Kind, i int) text.Step {
	v := p.C.Args[i]
	switch k / 1000 * 1000 {
	case abi.Flags32:
		p.Flags(names.ID(k-abi.Flags32), uint64(uint32(v)))
		return text.Next
	case abi.Flags64:
		p.Flags(names.ID(k-abi.Flags64), v)
		return text.Next
	case abi.Const32:
		p.Val(names.ID(k-abi.Const32), uint64(uint32(v)))
		return text.Next
	case abi.IpcCmd:
		ipcCmd(p, names.ID(k-abi.IpcCmd), uint32(v))
		return text.Next
	}
	if k > abi.FirstOut && k < abi.FirstMany && !p.Exit {
		return text.Wait
	}
	if k < abi.ScalarEnd {
		scalar(p, k, v)
		return text.Next
	}
	if k > abi.FirstMany {
		return many(p, k, i)
	}
	if !text.Opt.Verb.Has(p.C.Sysno) && k.Structured() {
		p.Ptr(v)
		return text.Next
	}
	if k > abi.FirstOut {
		return written(p, k, i, v)
	}
	return read(p, k, i, v)
}

package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// IoctlResult prints what a command returned.
func IoctlResult(p *text.Printer) {
	v := p.C.Result
	switch uint32(p.C.Args[1]) {
	case names.KVM_CREATE_VM, names.KVM_CREATE_VCPU, names.NS_GET_USERNS, names.NS_GET_PARENT:
		p.Fd(int32(v))
	case names.NS_GET_NSTYPE:
		p.Int(v)
		if s := text.NameOf(names.Setns, uint64(v)); s != "" {
			p.Str(" (")
			p.Str(s)
			p.Byte(')')
		}
	case names.KVM_RUN:
		p.Int(v)
		if text.Opt.Vcpu {
			vcpuExit(p, int32(p.C.Args[0]))
		}
	default:
		p.Int(v)
		v4l2Result(p)
	}
}

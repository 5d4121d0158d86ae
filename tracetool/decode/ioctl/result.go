package tracetool

// ioctlResult prints what a command returned.
func (p *printer) ioctlResult() {
	v := p.c.Result
	switch uint32(p.c.Args[1]) {
	case cmdKVM_CREATE_VM, cmdKVM_CREATE_VCPU, cmdNS_GET_USERNS, cmdNS_GET_PARENT:
		p.fd(int32(v))
	case cmdNS_GET_NSTYPE:
		p.Int(v)
		if s := name(xSetns, uint64(v)); s != "" {
			p.Str(" (")
			p.Str(s)
			p.Byte(')')
		}
	case cmdKVM_RUN:
		p.Int(v)
		if look.vcpu {
			p.vcpuExit(int32(p.c.Args[0]))
		}
	default:
		p.Int(v)
		p.v4l2Result()
	}
}

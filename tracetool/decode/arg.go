package tracetool

// one prints argument i, which is of kind k.
func (p *printer) one(k kind, i int) step {
	v := p.c.Args[i]
	switch k / 1000 * 1000 {
	case kF:
		p.flags(nameID(k-kF), uint64(uint32(v)))
		return next
	case kG:
		p.flags(nameID(k-kG), v)
		return next
	case kV:
		p.val(nameID(k-kV), uint64(uint32(v)))
		return next
	case kIpcCmd:
		p.ipcCmd(nameID(k-kIpcCmd), uint32(v))
		return next
	}
	if k > kOut && k < kMany && !p.exit {
		return wait
	}
	if k < kScalarEnd {
		p.scalar(k, v)
		return next
	}
	if k > kMany {
		return p.many(k, i)
	}
	if !look.verb.has(p.c.Sysno) && k.structured() {
		p.ptr(v)
		return next
	}
	if k > kOut {
		return p.written(k, i, v)
	}
	return p.read(k, i, v)
}

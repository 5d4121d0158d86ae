package tracetool

import "golang.org/x/sys/unix"

// sockType prints the type of a socket and the flags or-ed to it.
func (p *printer) sockType(t uint32) {
	s := name(xSockType, uint64(t&0xf))
	if s == "" {
		p.flags(xSockFlag, uint64(t))
		return
	}
	p.Str(s)
	t &^= 0xf
	if t == 0 {
		return
	}
	p.Byte('|')
	p.flags(xSockFlag, uint64(t))
}

// sockProto prints the protocol of a socket, which depends on its family.
func (p *printer) sockProto(family uint32, v uint64) {
	proto := uint32(v)
	switch family {
	case unix.AF_INET, unix.AF_INET6:
		p.val(xIpproto, uint64(proto))
	case unix.AF_NETLINK:
		p.val(xNetlinkProto, uint64(proto))
	case unix.AF_PACKET:
		p.Str("htons(")
		p.val(xEthP, uint64(proto>>8&0xff|proto&0xff<<8))
		p.Byte(')')
	default:
		p.Uint(v)
	}
}

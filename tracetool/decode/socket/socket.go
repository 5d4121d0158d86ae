package tracetool

import "golang.org/x/sys/unix"

// sockType prints the type of a socket and the flags or-ed to it.
func (p *printer) sockType(t uint32) {
	s := name(xSockType, uint64(t&0xf))
	if s == "" {
		p.flags(xSockFlag, uint64(t))
		return
	}
	p.constant(uint64(t&0xf), s, "", hexBase)
	t &^= 0xf
	if t == 0 {
		return
	}
	p.Byte('|')
	p.flags(xSockFlag, uint64(t))
}

// sockProtos are the families whose protocols are named, other than AF_PACKET
// and AF_AX25.
var sockProtos = [...]struct {
	family uint16
	x      nameID
}{
	{unix.AF_INET, xIpproto}, {unix.AF_INET6, xIpproto}, {unix.AF_NETLINK, xNetlinkProto}, {unix.AF_CAN, xCanProto},
	{unix.AF_BLUETOOTH, xBtProto}, {unix.AF_RXRPC, xAf}, {unix.AF_ISDN, xIsdnProto}, {unix.AF_PHONET, xPhonetProto},
	{unix.AF_CAIF, xCaifProto}, {unix.AF_NFC, xNfcSockProto}, {unix.AF_KCM, xKcmProto}, {unix.AF_SMC, xSmcProto},
}

// sockProto prints the protocol of a socket, which depends on its family.
func (p *printer) sockProto(family uint32, v uint64) {
	proto := uint32(v)
	switch family {
	case unix.AF_PACKET:
		p.Str("htons(")
		p.val(xEthP, uint64(proto>>8&0xff|proto&0xff<<8))
		p.Byte(')')
		return
	case unix.AF_AX25:
		p.valNoted(xAx25Proto, uint64(proto))
		return
	}
	for i := range sockProtos {
		if uint32(sockProtos[i].family) == family {
			p.val(sockProtos[i].x, uint64(proto))
			return
		}
	}
	p.Uint(v)
}

package socket

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// SockType prints the type of a socket and the flags or-ed to it.
func SockType(p *text.Printer, t uint32) {
	s := text.NameOf(names.SockType, uint64(t&0xf))
	if s == "" {
		p.Flags(names.SockFlag, uint64(t))
		return
	}
	p.Constant(uint64(t&0xf), s, "", text.Hexadecimal)
	t &^= 0xf
	if t == 0 {
		return
	}
	p.Byte('|')
	p.Flags(names.SockFlag, uint64(t))
}

// sockProtos are the families whose protocols are named, other than AF_PACKET
// and AF_AX25.
var sockProtos = [...]struct {
	family uint16
	x      names.ID
}{
	{unix.AF_INET, names.Ipproto}, {unix.AF_INET6, names.Ipproto}, {unix.AF_NETLINK, names.NetlinkProto}, {unix.AF_CAN, names.CanProto},
	{unix.AF_BLUETOOTH, names.BtProto}, {unix.AF_RXRPC, names.Af}, {unix.AF_ISDN, names.IsdnProto}, {unix.AF_PHONET, names.PhonetProto},
	{unix.AF_CAIF, names.CaifProto}, {unix.AF_NFC, names.NfcSockProto}, {unix.AF_KCM, names.KcmProto}, {unix.AF_SMC, names.SmcProto},
}

// SockProto prints the protocol of a socket, which depends on its family.
func SockProto(p *text.Printer, family uint32, v uint64) {
	proto := uint32(v)
	switch family {
	case unix.AF_PACKET:
		p.Str("htons(")
		p.Val(names.EthP, uint64(proto>>8&0xff|proto&0xff<<8))
		p.Byte(')')
		return
	case unix.AF_AX25:
		p.ValNoted(names.Ax25Proto, uint64(proto))
		return
	}
	for i := range sockProtos {
		if uint32(sockProtos[i].family) == family {
			p.Val(sockProtos[i].x, uint64(proto))
			return
		}
	}
	p.Uint(v)
}

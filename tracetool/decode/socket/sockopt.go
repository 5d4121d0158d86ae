package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// sockoptTabs are the tables of options by level.
var sockoptTabs = [...]struct {
	level uint32
	x     nameID
}{
	{unix.AF_VSOCK, xVsockOpt}, // not a level by name (linux/vm_sockets.h)
	{unix.SOL_TCP, xTcpOpt}, {unix.SOL_UDP, xUdpOpt}, {unix.SOL_PACKET, xPacketOpt}, {unix.SOL_NETLINK, xNetlinkOpt},
	{unix.SOL_RAW, xRawOpt}, {unix.SOL_CAN_RAW, xCanOpt}, {132, xSctpOpt}, {256, xIpxOpt}, {257, xAx25Opt}, {266, xIrdaOpt},
	{268, xLlcOpt}, {269, xDccpOpt}, {271, xTipcOpt}, {272, xRxrpcOpt}, {273, xPppOpt}, {274, xBtOpt}, {275, xPnpOpt},
	{276, xRdsOpt}, {277, xIucvOpt}, {278, xCaifOpt}, {279, xAlgOpt}, {280, xNfcOpt}, {281, xKcmOpt}, {282, xTlsOpt},
	{283, xXdpOpt},
}

// sockopt prints an option's name, which depends on its level and for a few on
// whether it is set or asked for.
func (p *printer) sockopt(level, o uint32, get bool) {
	v := uint64(o)
	switch level {
	case unix.SOL_SOCKET:
		p.eitherVal(xSoOpt, xSoSet, xSoGet, v, get)
		return
	case unix.SOL_IP:
		p.eitherVal(xIpOpt, xIpSet, xIpGet, v, get)
		return
	case unix.SOL_IPV6:
		p.eitherVal(xIp6Opt, xIp6Set, xIp6Get, v, get)
		return
	}
	for i := range sockoptTabs {
		if sockoptTabs[i].level == level {
			p.val(sockoptTabs[i].x, v)
			return
		}
	}
	p.Uint(v)
}

// eitherVal prints a name of table x or else of one of the two others.
func (p *printer) eitherVal(x, set, get nameID, v uint64, isGet bool) {
	s := name(x, v)
	if s == "" && isGet {
		s = name(get, v)
	} else if s == "" {
		s = name(set, v)
	}
	p.constant(v, s, xtabs[x].dflt, hexBase)
}

// intOptions has a bit for each option of level SOL_SOCKET that is an int
// (socket(7), net/core/sock.c); options with more in them, and those that were
// never decoded, have none.
var intOptions = [...]uint32{
	1<<1 | 1<<2 | 1<<5 | 1<<6 | 1<<7 | 1<<8 | 1<<9 | 1<<10 | 1<<11 | 1<<12 | 1<<14 | 1<<15 | 1<<16 | 1<<18 | 1<<19 |
		1<<27 | 1<<29 | 1<<30,
	1<<0 | 1<<1 | 1<<2 | 1<<3 | 1<<4 | 1<<5 | 1<<8 | 1<<9 | 1<<10 | 1<<11 | 1<<12 | 1<<13 | 1<<14 | 1<<17 | 1<<21 |
		1<<24 | 1<<28 | 1<<31,
	1<<0 | 1<<1 | 1<<4 | 1<<5 | 1<<6 | 1<<9 | 1<<11,
}

func intOption(o uint32) bool { return o < 96 && intOptions[o/32]>>(o%32)&1 != 0 }

const soTxrehash = 74

var (
	sLinger    = []field{{"", fPart, 0}, {"l_onoff", fD32, 0}, {"l_linger", fD32, 0}}
	sUcred     = []field{{"", fPart, 0}, {"pid", fPid, 0}, {"uid", fId, 0}, {"gid", fId, 0}}
	sTpStats   = []field{{"", fPart, 0}, {"tp_packets", fU32, 0}, {"tp_drops", fU32, 0}, {"tp_freeze_q_cnt", fU32, 0}}
	sMreq      = []field{{"imr_multiaddr", fIn4, 0}, {"imr_interface", fIn4, 0}}
	sMreq6     = []field{{"ipv6mr_multiaddr", fIn6, 0}, {"ipv6mr_interface", fIfindex, 0}}
	sTpReq     = []field{{"tp_block_size", fU32, 0}, {"tp_block_nr", fU32, 0}, {"tp_frame_size", fU32, 0}, {"tp_frame_nr", fU32, 0}}
	sPacketMrq = []field{{"mr_ifindex", fIfindex, 0}, {"mr_type", fV16, xPacketMr}, {"mr_alen", fU16, 0}, {"mr_address", fMacLen, 8}}
)

// sockoptIn prints the value of an option being set.
func (p *printer) sockoptIn(addr uint64, n int32) {
	level, o := uint32(p.c.Args[1]), uint32(p.c.Args[2])
	if addr == 0 {
		p.Str("NULL")
		return
	}
	switch level {
	case unix.SOL_SOCKET:
		switch {
		case o == unix.SO_LINGER:
			p.sizedStruct(addr, sLinger, n, false)
			return
		case o == unix.SO_ATTACH_FILTER || o == unix.SO_ATTACH_REUSEPORT_CBPF:
			if n != 16 {
				p.ptr(addr)
				return
			}
			p.fprog(addr, 16, false)
			return
		case o == soTxrehash:
			p.txrehash(addr, n)
			return
		case intOption(o):
			p.intOrPtr(addr, n)
			return
		}
	case unix.SOL_IP, unix.SOL_IPV6:
		if p.multicast(level, o, addr, n) {
			return
		}
	case unix.SOL_PACKET:
		switch o {
		case unix.PACKET_RX_RING, unix.PACKET_TX_RING:
			p.sizedStruct(addr, sTpReq, n, true)
			return
		case unix.PACKET_ADD_MEMBERSHIP, unix.PACKET_DROP_MEMBERSHIP:
			p.sizedStruct(addr, sPacketMrq, n, true)
			return
		}
	case unix.SOL_RAW:
		if o == 1 {
			p.icmpFilter(addr, n)
			return
		}
	case unix.SOL_NETLINK:
		p.intOrPtr(addr, n)
		return
	}
	p.otherOption(addr, n)
}

func (p *printer) intOrPtr(addr uint64, n int32) {
	if n < 4 {
		p.ptr(addr)
		return
	}
	p.intAt(addr)
}

// otherOption prints a value of which only the size is known.
func (p *printer) otherOption(addr uint64, n int32) {
	if n == 4 {
		p.intAt(addr)
		return
	}
	p.buf(addr, uint64(int64(n)))
}

// sizedStruct prints a structure, if the size given is enough, or just right.
func (p *printer) sizedStruct(addr uint64, s []field, n int32, exact bool) {
	size := sizeOf(s)
	if int64(n) < int64(size) || exact && int64(n) != int64(size) {
		p.ptr(addr)
		return
	}
	p.structAt(addr, s)
}

// multicast prints what joins or leaves a group (ip(7), ipv6(7)).
func (p *printer) multicast(level, o uint32, addr uint64, n int32) bool {
	switch {
	case o == unix.MCAST_JOIN_GROUP || o == unix.MCAST_LEAVE_GROUP:
		p.groupReq(addr, n)
	case level == unix.SOL_IP && (o == unix.IP_ADD_MEMBERSHIP || o == unix.IP_DROP_MEMBERSHIP):
		p.sizedStruct(addr, sMreq, n, false)
	case level == unix.SOL_IPV6 && (o == unix.IPV6_ADD_MEMBERSHIP || o == unix.IPV6_DROP_MEMBERSHIP ||
		o == unix.IPV6_JOIN_ANYCAST || o == unix.IPV6_LEAVE_ANYCAST):
		p.sizedStruct(addr, sMreq6, n, false)
	default:
		return false
	}
	return true
}

// groupReq prints struct group_req.
func (p *printer) groupReq(addr uint64, n int32) {
	const size = 8 + sockaddrMax
	var i uint32
	if n < size || !readable(addr, size) {
		p.ptr(addr)
		return
	}
	peek(unsafe.Pointer(&i), 4, addr)
	p.Str("{gr_interface=")
	p.ifindex(i)
	p.field("gr_group")
	p.sockaddr(addr+8, sockaddrMax)
	p.Byte('}')
}

func (p *printer) txrehash(addr uint64, n int32) {
	var v int32
	switch {
	case n < 4 && !p.exit:
		p.ptr(addr)
	case n < 4:
		p.random(addr, uint64(int64(n)))
	case p.fetch(unsafe.Pointer(&v), 4, addr):
		p.Byte('[')
		p.valDec(xTxrehash, int64(v))
		p.Byte(']')
	}
}

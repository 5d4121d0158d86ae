package socket

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/bpf"
	"libsystrap/tracetool/decode/common"
	"libsystrap/tracetool/text"
)

// sockoptTabs are the tables of options by level.
var sockoptTabs = [...]struct {
	level uint32
	x     names.ID
}{
	{unix.AF_VSOCK, names.VsockOpt}, // not a level by name (linux/vm_sockets.h)
	{unix.SOL_TCP, names.TcpOpt}, {unix.SOL_UDP, names.UdpOpt}, {unix.SOL_PACKET, names.PacketOpt}, {unix.SOL_NETLINK, names.NetlinkOpt},
	{unix.SOL_RAW, names.RawOpt}, {unix.SOL_CAN_RAW, names.CanOpt}, {132, names.SctpOpt}, {256, names.IpxOpt}, {257, names.Ax25Opt}, {266, names.IrdaOpt},
	{268, names.LlcOpt}, {269, names.DccpOpt}, {271, names.TipcOpt}, {272, names.RxrpcOpt}, {273, names.PppOpt}, {274, names.BtOpt}, {275, names.PnpOpt},
	{276, names.RdsOpt}, {277, names.IucvOpt}, {278, names.CaifOpt}, {279, names.AlgOpt}, {280, names.NfcOpt}, {281, names.KcmOpt}, {282, names.TlsOpt},
	{283, names.XdpOpt},
}

// Sockopt prints an option's name, which depends on its level and for a few on
// whether it is set or asked for.
func Sockopt(p *text.Printer, level, o uint32, get bool) {
	v := uint64(o)
	switch level {
	case unix.SOL_SOCKET:
		eitherVal(p, names.SoOpt, names.SoSet, names.SoGet, v, get)
		return
	case unix.SOL_IP:
		eitherVal(p, names.IpOpt, names.IpSet, names.IpGet, v, get)
		return
	case unix.SOL_IPV6:
		eitherVal(p, names.Ip6Opt, names.Ip6Set, names.Ip6Get, v, get)
		return
	}
	for i := range sockoptTabs {
		if sockoptTabs[i].level == level {
			p.Val(sockoptTabs[i].x, v)
			return
		}
	}
	p.Uint(v)
}

// eitherVal prints a name of table x or else of one of the two others.
func eitherVal(p *text.Printer, x, set, get names.ID, v uint64, isGet bool) {
	s := text.NameOf(x, v)
	if s == "" && isGet {
		s = text.NameOf(get, v)
	} else if s == "" {
		s = text.NameOf(set, v)
	}
	p.Constant(v, s, names.Tables[x].Unknown.String(), text.Hexadecimal)
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
	sLinger    = []text.Field{{Kind: text.Part}, {Name: "l_onoff", Kind: text.D32}, {Name: "l_linger", Kind: text.D32}}
	sUcred     = []text.Field{{Kind: text.Part}, {Name: "pid", Kind: text.Pid}, {Name: "uid", Kind: text.Id}, {Name: "gid", Kind: text.Id}}
	sTpStats   = []text.Field{{Kind: text.Part}, {Name: "tp_packets", Kind: text.U32}, {Name: "tp_drops", Kind: text.U32}, {Name: "tp_freeze_q_cnt", Kind: text.U32}}
	sMreq      = []text.Field{{Name: "imr_multiaddr", Kind: text.In4}, {Name: "imr_interface", Kind: text.In4}}
	sMreq6     = []text.Field{{Name: "ipv6mr_multiaddr", Kind: text.In6}, {Name: "ipv6mr_interface", Kind: text.Ifindex}}
	sTpReq     = []text.Field{{Name: "tp_block_size", Kind: text.U32}, {Name: "tp_block_nr", Kind: text.U32}, {Name: "tp_frame_size", Kind: text.U32}, {Name: "tp_frame_nr", Kind: text.U32}}
	sPacketMrq = []text.Field{{Name: "mr_ifindex", Kind: text.Ifindex}, {Name: "mr_type", Kind: text.V16, Arg: names.PacketMr}, {Name: "mr_alen", Kind: text.U16}, {Name: "mr_address", Kind: text.MacLen, Arg: 8}}
)

// SockoptIn prints the value of an option being set.
func SockoptIn(p *text.Printer, addr uint64, n int32) {
	level, o := uint32(p.C.Args[1]), uint32(p.C.Args[2])
	if addr == 0 {
		p.Str("NULL")
		return
	}
	switch level {
	case unix.SOL_SOCKET:
		switch {
		case o == unix.SO_LINGER:
			sizedStruct(p, addr, sLinger, n, false)
			return
		case o == unix.SO_ATTACH_FILTER || o == unix.SO_ATTACH_REUSEPORT_CBPF:
			if n != 16 {
				p.Ptr(addr)
				return
			}
			bpf.Fprog(p, addr, 16, false)
			return
		case o == soTxrehash:
			txrehash(p, addr, n)
			return
		case intOption(o):
			intOrPtr(p, addr, n)
			return
		}
	case unix.SOL_IP, unix.SOL_IPV6:
		if multicast(p, level, o, addr, n) {
			return
		}
	case unix.SOL_PACKET:
		switch o {
		case unix.PACKET_RX_RING, unix.PACKET_TX_RING:
			sizedStruct(p, addr, sTpReq, n, true)
			return
		case unix.PACKET_ADD_MEMBERSHIP, unix.PACKET_DROP_MEMBERSHIP:
			sizedStruct(p, addr, sPacketMrq, n, true)
			return
		}
	case unix.SOL_RAW:
		if o == 1 {
			icmpFilter(p, addr, n)
			return
		}
	case unix.SOL_NETLINK:
		intOrPtr(p, addr, n)
		return
	}
	otherOption(p, addr, n)
}

func intOrPtr(p *text.Printer, addr uint64, n int32) {
	if n < 4 {
		p.Ptr(addr)
		return
	}
	p.IntAt(addr)
}

// otherOption prints a value of which only the size is known.
func otherOption(p *text.Printer, addr uint64, n int32) {
	if n == 4 {
		p.IntAt(addr)
		return
	}
	p.Buf(addr, uint64(int64(n)))
}

// sizedStruct prints a structure, if the size given is enough, or just right.
func sizedStruct(p *text.Printer, addr uint64, s []text.Field, n int32, exact bool) {
	size := text.SizeOf(s)
	if int64(n) < int64(size) || exact && int64(n) != int64(size) {
		p.Ptr(addr)
		return
	}
	p.StructAt(addr, s)
}

// multicast prints what joins or leaves a group (ip(7), ipv6(7)).
func multicast(p *text.Printer, level, o uint32, addr uint64, n int32) bool {
	switch {
	case o == unix.MCAST_JOIN_GROUP || o == unix.MCAST_LEAVE_GROUP:
		groupReq(p, addr, n)
	case level == unix.SOL_IP && (o == unix.IP_ADD_MEMBERSHIP || o == unix.IP_DROP_MEMBERSHIP):
		sizedStruct(p, addr, sMreq, n, false)
	case level == unix.SOL_IPV6 && (o == unix.IPV6_ADD_MEMBERSHIP || o == unix.IPV6_DROP_MEMBERSHIP ||
		o == unix.IPV6_JOIN_ANYCAST || o == unix.IPV6_LEAVE_ANYCAST):
		sizedStruct(p, addr, sMreq6, n, false)
	default:
		return false
	}
	return true
}

// groupReq prints struct group_req.
func groupReq(p *text.Printer, addr uint64, n int32) {
	const size = 8 + common.SockaddrMax
	var i uint32
	if n < size || !text.Readable(addr, size) {
		p.Ptr(addr)
		return
	}
	text.Peek(unsafe.Pointer(&i), 4, addr)
	p.Str("{gr_interface=")
	p.Ifindex(i)
	p.Field("gr_group")
	common.Sockaddr(p, addr+8, common.SockaddrMax)
	p.Byte('}')
}

func txrehash(p *text.Printer, addr uint64, n int32) {
	var v int32
	switch {
	case n < 4 && !p.Exit:
		p.Ptr(addr)
	case n < 4:
		p.Random(addr, uint64(int64(n)))
	case p.Fetch(unsafe.Pointer(&v), 4, addr):
		p.Byte('[')
		p.ValDec(names.Txrehash, int64(v))
		p.Byte(']')
	}
}

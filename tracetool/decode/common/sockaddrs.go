package common

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// saTables are the socket addresses that are plain structures; min is the
// length from which on they are taken for what they should be.
var saTables = [...]struct {
	family uint32
	min    uint8
	s      []text.Field
}{
	{unix.AF_INET, 16, []text.Field{{Kind: text.At, Arg: 2}, {Name: "sin_port", Kind: text.B16}, {Name: "sin_addr", Kind: text.In4}}},
	{unix.AF_NETLINK, 12, []text.Field{{Kind: text.At, Arg: 2}, {Kind: text.Nonzero}, {Name: "nl_pad", Kind: text.X16}, {Name: "nl_pid", Kind: text.Pid}, {Name: "nl_groups", Kind: text.Z32}}},
	{unix.AF_IPX, 16, []text.Field{{Kind: text.At, Arg: 2}, {Name: "sipx_port", Kind: text.B16}, {Name: "sipx_network", Kind: text.BigX32}, {Kind: text.Times, Arg: 6}, {Name: "sipx_node", Kind: text.Z8},
		{Name: "sipx_type", Kind: text.Z8}, {Kind: text.Nonzero}, {Name: "sipx_zero", Kind: text.X8}}},
	{unix.AF_X25, 18, []text.Field{{Kind: text.At, Arg: 2}, {Name: "sx25_addr", Kind: text.Open}, {Name: "x25_addr", Kind: text.Str, Arg: 16}, {Kind: text.Close}}},
	{unix.AF_VSOCK, 16, []text.Field{{Kind: text.At, Arg: 2}, {Kind: text.Nonzero}, {Name: "svm_reserved1", Kind: text.X16}, {Kind: text.At, Arg: 8}, {Name: "svm_cid", Kind: text.V32, Arg: names.VmCid},
		{Kind: text.At, Arg: 4}, {Name: "svm_port", Kind: text.V32, Arg: names.VmPort}, {Kind: text.At, Arg: 12}, {Name: "svm_flags", Kind: text.F8, Arg: names.VmFlag}, {Kind: text.Nonzero}, {Name: "svm_zero", Kind: text.Bytes, Arg: 3}}},
	{unix.AF_QIPCRTR, 12, []text.Field{{Kind: text.At, Arg: 4}, {Name: "sq_node", Kind: text.V32, Arg: names.QrtrNode}, {Name: "sq_port", Kind: text.V32, Arg: names.QrtrPort}}},
	{unix.AF_MCTP, 12, []text.Field{{Kind: text.At, Arg: 2}, {Kind: text.Nonzero}, {Name: "__smctp_pad0", Kind: text.X16}, {Name: "smctp_network", Kind: text.V32, Arg: names.MctpNet},
		{Name: "smctp_addr", Kind: text.Open}, {Name: "s_addr", Kind: text.V8, Arg: names.MctpAddr}, {Kind: text.Close}, {Name: "smctp_type", Kind: text.X8}, {Name: "smctp_tag", Kind: text.X8},
		{Kind: text.Nonzero}, {Name: "__smctp_pad1", Kind: text.X8}}},
}

var (
	sSaIn6    = []text.Field{{Kind: text.At, Arg: 2}, {Name: "sin6_port", Kind: text.B16}, {Name: "sin6_flowinfo", Kind: text.B32}, {Name: "sin6_addr", Kind: text.In6}}
	sSaScope  = []text.Field{{Kind: text.At, Arg: 24}, {Name: "sin6_scope_id", Kind: text.U32}}
	sSaScopeL = []text.Field{{Kind: text.At, Arg: 24}, {Name: "sin6_scope_id", Kind: text.Ifindex}}
	sSaPacket = []text.Field{{Kind: text.At, Arg: 4}, {Name: "sll_ifindex", Kind: text.Ifindex}, {Name: "sll_hatype", Kind: text.V16, Arg: names.Arphrd}, {Name: "sll_pkttype", Kind: text.V8, Arg: names.PacketType},
		{Name: "sll_halen", Kind: text.U8}}
	sSaAlg   = []text.Field{{Kind: text.At, Arg: 2}, {Name: "salg_type", Kind: text.Str, Arg: 14}, {Name: "salg_feat", Kind: text.FlagsNoted, Arg: names.AlgFlag}, {Name: "salg_mask", Kind: text.FlagsNoted, Arg: names.AlgFlag}}
	sSaXdp   = []text.Field{{Kind: text.At, Arg: 2}, {Name: "sxdp_flags", Kind: text.F16, Arg: names.XdpFlags}, {Name: "sxdp_ifindex", Kind: text.Ifindex}, {Name: "sxdp_queue_id", Kind: text.U32}}
	sSaXdpFd = []text.Field{{Kind: text.At, Arg: 12}, {Name: "sxdp_shared_umem_fd", Kind: text.Fd}}
	sSaXdpNo = []text.Field{{Kind: text.At, Arg: 12}, {Kind: text.Nonzero}, {Name: "sxdp_shared_umem_fd", Kind: text.X32}}
	sSaNfc   = []text.Field{{Kind: text.At, Arg: 4}, {Name: "dev_idx", Kind: text.Ifindex}, {Name: "target_idx", Kind: text.X32}, {Name: "nfc_protocol", Kind: text.V32, Arg: names.NfcProto}}
)

// in6 prints struct sockaddr_in6; old ones have no scope. For link-local
// addresses it is an interface (ipv6(7)).
func in6(p *text.Printer, w *text.Window) {
	p.FieldsIn(w, sSaIn6, true)
	if w.End <= 24 {
		return
	}
	hi, lo := w.Num(8, 1), w.Num(9, 1)
	if hi == 0xfe && lo&0xc0 == 0x80 || hi == 0xff && lo&0xf == 2 {
		p.FieldsIn(w, sSaScopeL, false)
		return
	}
	p.FieldsIn(w, sSaScope, false)
}

// packet prints struct sockaddr_ll (packet(7)).
func packet(p *text.Printer, w *text.Window) {
	n := w.End
	p.Str("sll_protocol=")
	if p.RawBytes(w.Bytes(2, 2)) {
		p.Str("htons(")
		v := text.Bswap(w.Num(2, 2), 2)
		if s := text.NameOf(names.EthP, v); s != "" {
			p.Str(s)
		} else {
			p.AltHex(v)
			p.Comment(names.Tables[names.EthP].Unknown.String())
		}
		p.Byte(')')
		p.EndNamed()
	}
	p.Comma()
	p.FieldsIn(w, sSaPacket, true)
	k := w.Num(11, 1)
	if k == 0 {
		return
	}
	p.Field("sll_addr")
	p.Byte('[')
	for i := uint64(0); i < k; i++ {
		if i > 0 {
			p.Comma()
		}
		if i >= n-12 {
			p.Str("...")
			break
		}
		p.Zhex(w.Num(12+i, 1), 1)
	}
	p.Byte(']')
}

// nfc prints struct sockaddr_nfc or, if it is long enough, sockaddr_nfc_llcp
// (linux/nfc.h).
func nfc(p *text.Printer, w *text.Window) {
	n := w.End
	const long, name, nameLen, nameMax = 96, 18, 88, 63
	p.FieldsIn(w, sSaNfc, true)
	if n < long {
		if n > 16 {
			p.Str(", ...")
		}
		return
	}
	size := w.Num(nameLen, 8)
	shown := size
	if shown > nameMax {
		shown = nameMax
	}
	p.Str(", dsap=")
	p.ValNoted(names.NfcSap, w.Num(16, 1))
	p.Str(", ssap=")
	p.ValNoted(names.NfcSap, w.Num(17, 1))
	p.Str(", service_name=")
	p.WinText(w, name, name+shown)
	p.FieldUint("service_name_len", size)
}

// xdp prints struct sockaddr_xdp; its last member counts with one flag only.
func xdp(p *text.Printer, w *text.Window) {
	const sharedUmem = 1 // XDP_SHARED_UMEM
	p.FieldsIn(w, sSaXdp, true)
	if w.Num(2, 1)&sharedUmem != 0 {
		p.FieldsIn(w, sSaXdpFd, false)
		return
	}
	p.FieldsIn(w, sSaXdpNo, false)
}

// rxrpc prints struct sockaddr_rxrpc, which holds another address.
func rxrpc(p *text.Printer, w *text.Window) {
	n := w.End
	p.Str("srx_service=")
	p.ValNoted(names.RxrpcService, w.Num(2, 2))
	p.Field("transport_type")
	p.Val(names.SockType, w.Num(4, 2))
	size := w.Num(6, 2)
	p.FieldUint("transport_len", size)
	p.Str(", transport={")
	family := w.Num(8, 2)
	rest := size // bytes of the transport's address that are there
	if rest > n-8 {
		rest = n - 8
	}
	if rest > 2 {
		rest -= 2
	} else {
		rest = 0
	}
	whole := false
	switch family {
	case unix.AF_INET:
		p.Str("sin={sin_family=")
		whole = size >= 16
	case unix.AF_INET6:
		p.Str("sin6={sin6_family=")
		whole = size >= 24
	default:
		p.Str("family=")
	}
	p.Val(names.Af, family)
	switch {
	case whole:
		// The window moves to the address within.
		*w = text.Window{Addr: w.Addr + 8, End: rest + 2}
		p.Comma()
		if family == unix.AF_INET {
			p.FieldsIn(w, saTables[0].s, true)
		} else {
			in6(p, w)
		}
	case rest > 0:
		p.Comma()
		p.WinText(w, 10, 10+rest)
	}
	if family == unix.AF_INET || family == unix.AF_INET6 {
		p.Byte('}')
	}
	p.Byte('}')
}

package tracetool

import "golang.org/x/sys/unix"

// saTables are the socket addresses that are plain structures; min is the
// length from which on they are taken for what they should be.
var saTables = [...]struct {
	family uint32
	min    uint8
	s      []field
}{
	{unix.AF_INET, 16, []field{{"", fAt, 2}, {"sin_port", fB16, 0}, {"sin_addr", fIn4, 0}}},
	{unix.AF_NETLINK, 12, []field{{"", fAt, 2}, {"", fNonzero, 0}, {"nl_pad", fX16, 0}, {"nl_pid", fPid, 0}, {"nl_groups", fZ32, 0}}},
	{unix.AF_IPX, 16, []field{{"", fAt, 2}, {"sipx_port", fB16, 0}, {"sipx_network", fBigX32, 0}, {"", fTimes, 6}, {"sipx_node", fZ8, 0},
		{"sipx_type", fZ8, 0}, {"", fNonzero, 0}, {"sipx_zero", fX8, 0}}},
	{unix.AF_X25, 18, []field{{"", fAt, 2}, {"sx25_addr", fOpen, 0}, {"x25_addr", fStr, 16}, {"", fClose, 0}}},
	{unix.AF_VSOCK, 16, []field{{"", fAt, 2}, {"", fNonzero, 0}, {"svm_reserved1", fX16, 0}, {"", fAt, 8}, {"svm_cid", fV32, xVmCid},
		{"", fAt, 4}, {"svm_port", fV32, xVmPort}, {"", fAt, 12}, {"svm_flags", fF8, xVmFlag}, {"", fNonzero, 0}, {"svm_zero", fBytes, 3}}},
	{unix.AF_QIPCRTR, 12, []field{{"", fAt, 4}, {"sq_node", fV32, xQrtrNode}, {"sq_port", fV32, xQrtrPort}}},
	{unix.AF_MCTP, 12, []field{{"", fAt, 2}, {"", fNonzero, 0}, {"__smctp_pad0", fX16, 0}, {"smctp_network", fV32, xMctpNet},
		{"smctp_addr", fOpen, 0}, {"s_addr", fV8, xMctpAddr}, {"", fClose, 0}, {"smctp_type", fX8, 0}, {"smctp_tag", fX8, 0},
		{"", fNonzero, 0}, {"__smctp_pad1", fX8, 0}}},
}

var (
	sSaIn6    = []field{{"", fAt, 2}, {"sin6_port", fB16, 0}, {"sin6_flowinfo", fB32, 0}, {"sin6_addr", fIn6, 0}}
	sSaScope  = []field{{"", fAt, 24}, {"sin6_scope_id", fU32, 0}}
	sSaScopeL = []field{{"", fAt, 24}, {"sin6_scope_id", fIfindex, 0}}
	sSaPacket = []field{{"", fAt, 4}, {"sll_ifindex", fIfindex, 0}, {"sll_hatype", fV16, xArphrd}, {"sll_pkttype", fV8, xPacketType},
		{"sll_halen", fU8, 0}}
	sSaAlg   = []field{{"", fAt, 2}, {"salg_type", fStr, 14}, {"salg_feat", fFlagsNoted, xAlgFlag}, {"salg_mask", fFlagsNoted, xAlgFlag}}
	sSaXdp   = []field{{"", fAt, 2}, {"sxdp_flags", fF16, xXdpFlags}, {"sxdp_ifindex", fIfindex, 0}, {"sxdp_queue_id", fU32, 0}}
	sSaXdpFd = []field{{"", fAt, 12}, {"sxdp_shared_umem_fd", fFd, 0}}
	sSaXdpNo = []field{{"", fAt, 12}, {"", fNonzero, 0}, {"sxdp_shared_umem_fd", fX32, 0}}
	sSaNfc   = []field{{"", fAt, 4}, {"dev_idx", fIfindex, 0}, {"target_idx", fX32, 0}, {"nfc_protocol", fV32, xNfcProto}}
)

// in6 prints struct sockaddr_in6; old ones have no scope. For link-local
// addresses it is an interface (ipv6(7)).
func (p *printer) in6(w *window) {
	p.fieldsIn(w, sSaIn6, true)
	if w.end <= 24 {
		return
	}
	hi, lo := w.num(8, 1), w.num(9, 1)
	if hi == 0xfe && lo&0xc0 == 0x80 || hi == 0xff && lo&0xf == 2 {
		p.fieldsIn(w, sSaScopeL, false)
		return
	}
	p.fieldsIn(w, sSaScope, false)
}

// packet prints struct sockaddr_ll (packet(7)).
func (p *printer) packet(w *window) {
	n := w.end
	p.Str("sll_protocol=")
	if p.rawBytes(w.bytes(2, 2)) {
		p.Str("htons(")
		v := bswap(w.num(2, 2), 2)
		if s := name(xEthP, v); s != "" {
			p.Str(s)
		} else {
			p.hex(v)
			p.comment(xtabs[xEthP].dflt)
		}
		p.Byte(')')
		p.endNamed()
	}
	p.comma()
	p.fieldsIn(w, sSaPacket, true)
	k := w.num(11, 1)
	if k == 0 {
		return
	}
	p.field("sll_addr")
	p.Byte('[')
	for i := uint64(0); i < k; i++ {
		if i > 0 {
			p.comma()
		}
		if i >= n-12 {
			p.Str("...")
			break
		}
		p.zhex(w.num(12+i, 1), 1)
	}
	p.Byte(']')
}

// nfc prints struct sockaddr_nfc or, if it is long enough, sockaddr_nfc_llcp
// (linux/nfc.h).
func (p *printer) nfc(w *window) {
	n := w.end
	const long, name, nameLen, nameMax = 96, 18, 88, 63
	p.fieldsIn(w, sSaNfc, true)
	if n < long {
		if n > 16 {
			p.Str(", ...")
		}
		return
	}
	size := w.num(nameLen, 8)
	shown := size
	if shown > nameMax {
		shown = nameMax
	}
	p.Str(", dsap=")
	p.valNoted(xNfcSap, w.num(16, 1))
	p.Str(", ssap=")
	p.valNoted(xNfcSap, w.num(17, 1))
	p.Str(", service_name=")
	p.winText(w, name, name+shown)
	p.fieldUint("service_name_len", size)
}

// xdp prints struct sockaddr_xdp; its last member counts with one flag only.
func (p *printer) xdp(w *window) {
	const sharedUmem = 1 // XDP_SHARED_UMEM
	p.fieldsIn(w, sSaXdp, true)
	if w.num(2, 1)&sharedUmem != 0 {
		p.fieldsIn(w, sSaXdpFd, false)
		return
	}
	p.fieldsIn(w, sSaXdpNo, false)
}

// rxrpc prints struct sockaddr_rxrpc, which holds another address.
func (p *printer) rxrpc(w *window) {
	n := w.end
	p.Str("srx_service=")
	p.valNoted(xRxrpcService, w.num(2, 2))
	p.field("transport_type")
	p.val(xSockType, w.num(4, 2))
	size := w.num(6, 2)
	p.fieldUint("transport_len", size)
	p.Str(", transport={")
	family := w.num(8, 2)
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
	p.val(xAf, family)
	switch {
	case whole:
		// The window moves to the address within.
		*w = window{addr: w.addr + 8, end: rest + 2}
		p.comma()
		if family == unix.AF_INET {
			p.fieldsIn(w, saTables[0].s, true)
		} else {
			p.in6(w)
		}
	case rest > 0:
		p.comma()
		p.winText(w, 10, 10+rest)
	}
	if family == unix.AF_INET || family == unix.AF_INET6 {
		p.Byte('}')
	}
	p.Byte('}')
}

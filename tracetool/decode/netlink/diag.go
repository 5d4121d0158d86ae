package netlink

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// NETLINK_SOCK_DIAG (sock_diag(7), include/uapi/linux/*_diag.h).

var sUnixReq = []text.Field{{Name: "sdiag_family", Kind: text.V8, Arg: names.Af}, {Name: "sdiag_protocol", Kind: text.U8}, {Kind: text.Pad, Arg: 2}, {Name: "udiag_states", Kind: text.F32, Arg: names.TcpStateBit},
	{Name: "udiag_ino", Kind: text.U32}, {Name: "udiag_show", Kind: text.F32, Arg: names.UdiagShow}, {Kind: text.Times, Arg: 2}, {Name: "udiag_cookie", Kind: text.U32}}
var sUnixMsg = []text.Field{{Name: "udiag_family", Kind: text.V8, Arg: names.Af}, {Name: "udiag_type", Kind: text.V8, Arg: names.SockType}, {Name: "udiag_state", Kind: text.V8, Arg: names.TcpState},
	{Name: "udiag_ino", Kind: text.U32}, {Kind: text.Times, Arg: 2}, {Name: "udiag_cookie", Kind: text.U32}}
var unixPolicy = policy{names: names.UnixDiag, attrs: []attr{{k: aStr},
	{k: aStruct, s: []text.Field{{Kind: text.At, Arg: 4}, {Name: "udiag_vfs_dev", Kind: text.Dev32}, {Kind: text.At}, {Name: "udiag_vfs_ino", Kind: text.U32}}}, {k: aU32}, {k: aArrU32},
	{k: aStruct, s: []text.Field{{Name: "udiag_rqueue", Kind: text.U32}, {Name: "udiag_wqueue", Kind: text.U32}}}, {k: aIdxU32, x: names.Meminfo}, {k: aU8}, {k: aId}}}

var sNetlinkReq = []text.Field{{Name: "sdiag_family", Kind: text.V8, Arg: names.Af}, {Name: "sdiag_protocol", Kind: text.V8, Arg: names.NdiagProto}, {Kind: text.Pad, Arg: 2}, {Name: "ndiag_ino", Kind: text.U32},
	{Name: "ndiag_show", Kind: text.F32, Arg: names.NdiagShow}, {Kind: text.Times, Arg: 2}, {Name: "ndiag_cookie", Kind: text.U32}}
var sNetlinkMsg = []text.Field{{Name: "ndiag_family", Kind: text.V8, Arg: names.Af}, {Name: "ndiag_type", Kind: text.V8, Arg: names.SockType}, {Name: "ndiag_protocol", Kind: text.V8, Arg: names.NetlinkProto},
	{Name: "ndiag_state", Kind: text.V8, Arg: names.NdiagState}, {Name: "ndiag_portid", Kind: text.U32}, {Name: "ndiag_dst_portid", Kind: text.U32}, {Name: "ndiag_dst_group", Kind: text.U32},
	{Name: "ndiag_ino", Kind: text.U32}, {Kind: text.Times, Arg: 2}, {Name: "ndiag_cookie", Kind: text.U32}}
var sNdiagRing = []text.Field{{Name: "ndr_block_size", Kind: text.U32}, {Name: "ndr_block_nr", Kind: text.U32}, {Name: "ndr_frame_size", Kind: text.U32}, {Name: "ndr_frame_nr", Kind: text.U32}}
var netlinkPolicy = policy{names: names.Ndiag, attrs: []attr{{k: aIdxU32, x: names.Meminfo}, {k: aArrZ64}, {k: aStruct, s: sNdiagRing},
	{k: aStruct, s: sNdiagRing}, {k: aFlags4s, x: names.NdiagFlag}}}

var sPacketReq = []text.Field{{Name: "sdiag_family", Kind: text.V8, Arg: names.Af}, {Name: "sdiag_protocol", Kind: text.X8}, {Kind: text.Pad, Arg: 2}, {Name: "pdiag_ino", Kind: text.U32},
	{Name: "pdiag_show", Kind: text.F32, Arg: names.PdiagShow}, {Kind: text.Times, Arg: 2}, {Name: "pdiag_cookie", Kind: text.U32}}
var sPacketMsg = []text.Field{{Name: "pdiag_family", Kind: text.V8, Arg: names.Af}, {Name: "pdiag_type", Kind: text.V8, Arg: names.SockType}, {Name: "pdiag_num", Kind: text.V16, Arg: names.EthP}, {Name: "pdiag_ino", Kind: text.U32},
	{Kind: text.Times, Arg: 2}, {Name: "pdiag_cookie", Kind: text.U32}}
var sPdiagRing = []text.Field{{Name: "pdr_block_size", Kind: text.U32}, {Name: "pdr_block_nr", Kind: text.U32}, {Name: "pdr_frame_size", Kind: text.U32}, {Name: "pdr_frame_nr", Kind: text.U32},
	{Name: "pdr_retire_tmo", Kind: text.U32}, {Name: "pdr_sizeof_priv", Kind: text.U32}, {Name: "pdr_features", Kind: text.U32}}
var packetPolicy = policy{names: names.Pdiag, attrs: []attr{
	{k: aStruct, s: []text.Field{{Name: "pdi_index", Kind: text.Ifindex}, {Name: "pdi_version", Kind: text.V32, Arg: names.Tpacket}, {Name: "pdi_reserve", Kind: text.U32},
		{Name: "pdi_copy_thresh", Kind: text.U32}, {Name: "pdi_tstamp", Kind: text.U32}, {Name: "pdi_flags", Kind: text.F32, Arg: names.Pdi}}},
	{k: aStructs, s: []text.Field{{Name: "pdmc_index", Kind: text.Ifindex}, {Name: "pdmc_count", Kind: text.U32}, {Name: "pdmc_type", Kind: text.U16}, {Name: "pdmc_alen", Kind: text.U16},
		{Name: "pdmc_addr", Kind: text.BytesLen, Arg: 32}}},
	{k: aStruct, s: sPdiagRing}, {k: aStruct, s: sPdiagRing}, {k: aU32}, {k: aId}, {k: aIdxU32, x: names.Meminfo}, {k: aFilter}}}

var sInetReqOld = []text.Field{{Name: "idiag_family", Kind: text.V8, Arg: names.Af}, {Name: "idiag_src_len", Kind: text.U8}, {Name: "idiag_dst_len", Kind: text.U8}, {Name: "idiag_ext", Kind: text.F8, Arg: names.InetExt},
	{Name: "id", Kind: text.Open}, {Name: "idiag_sport", Kind: text.B16}, {Name: "idiag_dport", Kind: text.B16}, {Name: "idiag_src", Kind: text.Inet, Arg: 16}, {Name: "idiag_dst", Kind: text.Inet, Arg: 16},
	{Name: "idiag_if", Kind: text.Ifindex}, {Kind: text.Times, Arg: 2}, {Name: "idiag_cookie", Kind: text.U32}, {Kind: text.Close},
	{Name: "idiag_states", Kind: text.F32, Arg: names.TcpStateBit}, {Name: "idiag_dbs", Kind: text.U32}}
var sInetReq = []text.Field{{Name: "sdiag_family", Kind: text.V8, Arg: names.Af}, {Name: "sdiag_protocol", Kind: text.V8, Arg: names.Ipproto}, {Name: "idiag_ext", Kind: text.F8, Arg: names.InetExt}, {Kind: text.Pad, Arg: 1},
	{Name: "idiag_states", Kind: text.F32, Arg: names.TcpStateBit}, {Name: "id", Kind: text.Open}, {Name: "idiag_sport", Kind: text.B16}, {Name: "idiag_dport", Kind: text.B16},
	{Name: "idiag_src", Kind: text.Inet, Arg: 16}, {Name: "idiag_dst", Kind: text.Inet, Arg: 16}, {Name: "idiag_if", Kind: text.Ifindex}, {Kind: text.Times, Arg: 2}, {Name: "idiag_cookie", Kind: text.U32},
	{Kind: text.Close}}
var sInetMsg = []text.Field{{Name: "idiag_family", Kind: text.V8, Arg: names.Af}, {Name: "idiag_state", Kind: text.V8, Arg: names.TcpState}, {Name: "idiag_timer", Kind: text.U8}, {Name: "idiag_retrans", Kind: text.U8},
	{Name: "id", Kind: text.Open}, {Name: "idiag_sport", Kind: text.B16}, {Name: "idiag_dport", Kind: text.B16}, {Name: "idiag_src", Kind: text.Inet, Arg: 16}, {Name: "idiag_dst", Kind: text.Inet, Arg: 16},
	{Name: "idiag_if", Kind: text.Ifindex}, {Kind: text.Times, Arg: 2}, {Name: "idiag_cookie", Kind: text.U32}, {Kind: text.Close}, {Name: "idiag_expires", Kind: text.U32},
	{Name: "idiag_rqueue", Kind: text.U32}, {Name: "idiag_wqueue", Kind: text.U32}, {Name: "idiag_uid", Kind: text.U32}, {Name: "idiag_inode", Kind: text.U32}}
var inetReqPolicy = policy{names: names.InetReq, attrs: []attr{1: {k: aCode}, 3: {k: aVal, x: names.Ipproto}}}
var inetPolicy = policy{names: names.InetDiag, attrs: []attr{
	1: {k: aStruct, s: []text.Field{{Name: "idiag_rmem", Kind: text.U32}, {Name: "idiag_wmem", Kind: text.U32}, {Name: "idiag_fmem", Kind: text.U32}, {Name: "idiag_tmem", Kind: text.U32}}},
	{}, {k: aStruct, s: sVegas}, {k: aStr}, {k: aU8}, {k: aU8}, {k: aIdxU32, x: names.Meminfo}, {k: aShutdown}, {k: aStruct, s: sDctcp},
	{k: aVal, x: names.Ipproto}, {k: aU8}, {k: aSockaddrs}, {k: aSockaddrs}, {}, {k: aU32}, {k: aStruct, s: sBbr}, {k: aU32}, {k: aMd5},
	{k: aNest, pol: &ulpPolicy}, {k: aNest, pol: &skBpfRep}, {k: aU64}, {k: aSockopt}}}
var sVegas = []text.Field{{Name: "tcpv_enabled", Kind: text.U32}, {Name: "tcpv_rttcnt", Kind: text.U32}, {Name: "tcpv_rtt", Kind: text.U32}, {Name: "tcpv_minrtt", Kind: text.U32}}
var sDctcp = []text.Field{{Name: "dctcp_enabled", Kind: text.U16}, {Name: "dctcp_ce_state", Kind: text.U16}, {Name: "dctcp_alpha", Kind: text.U32}, {Name: "dctcp_ab_ecn", Kind: text.U32},
	{Name: "dctcp_ab_tot", Kind: text.U32}}
var sBbr = []text.Field{{Name: "bbr_bw_lo", Kind: text.X32}, {Name: "bbr_bw_hi", Kind: text.X32}, {Name: "bbr_min_rtt", Kind: text.U32}, {Name: "bbr_pacing_gain", Kind: text.U32},
	{Name: "bbr_cwnd_gain", Kind: text.U32}}
var ulpPolicy = policy{names: names.InetUlp, attrs: []attr{1: {k: aStr}, {k: aNest, pol: &tlsPolicy}, {k: aNest, pol: &mptcpPolicy}}}
var tlsPolicy = policy{names: names.TlsInfo, attrs: []attr{1: {k: aVal2, x: names.TlsVersion}, {k: aVal2, x: names.TlsCipher}, {k: aVal2, x: names.TlsConf},
	{k: aVal2, x: names.TlsConf}}}
var mptcpPolicy = policy{names: names.MptcpAttr, attrs: []attr{1: {k: aX32}, {k: aX32}, {k: aU32}, {k: aU64}, {k: aU32}, {k: aU32}, {k: aU16},
	{k: aFlags4, x: names.MptcpFlag}, {k: aU8}, {k: aU8}}}
var skBpfRep = policy{names: names.SkBpfRep, attrs: []attr{1: {k: aNest, pol: &skBpf}}}
var skBpf = policy{names: names.SkBpf, attrs: []attr{2: {k: aU32}, {k: aXint}}}

var sSmcReq = []text.Field{{Name: "diag_family", Kind: text.V8, Arg: names.Af}, {Kind: text.Pad, Arg: 2}, {Name: "diag_ext", Kind: text.F8, Arg: names.SmcExt}, {Name: "id", Kind: text.Open}, {Name: "idiag_sport", Kind: text.B16},
	{Name: "idiag_dport", Kind: text.B16}, {Name: "idiag_src", Kind: text.Inet, Arg: 16}, {Name: "idiag_dst", Kind: text.Inet, Arg: 16}, {Name: "idiag_if", Kind: text.Ifindex}, {Kind: text.Times, Arg: 2},
	{Name: "idiag_cookie", Kind: text.U32}, {Kind: text.Close}}
var sSmcMsg = []text.Field{{Name: "diag_family", Kind: text.V8, Arg: names.Af}, {Name: "diag_state", Kind: text.V8, Arg: names.SmcState}, {Name: "diag_fallback", Kind: text.V8, Arg: names.SmcMode}, {Name: "diag_shutdown", Kind: text.U8},
	{Name: "id", Kind: text.Open}, {Name: "idiag_sport", Kind: text.B16}, {Name: "idiag_dport", Kind: text.B16}, {Name: "idiag_src", Kind: text.Inet, Arg: 16}, {Name: "idiag_dst", Kind: text.Inet, Arg: 16},
	{Name: "idiag_if", Kind: text.Ifindex}, {Kind: text.Times, Arg: 2}, {Name: "idiag_cookie", Kind: text.U32}, {Kind: text.Close}, {Name: "diag_uid", Kind: text.U32}, {Name: "diag_inode", Kind: text.U64}}
var smcPolicy = policy{names: names.SmcDiag, attrs: []attr{1: {k: aStruct, s: sSmcConn},
	{k: aStruct, s: []text.Field{{Name: "lnk", Kind: text.Elems, Arg: 1}, {Name: "link_id", Kind: text.U8}, {Name: "ibname", Kind: text.Str, Arg: 64}, {Name: "ibport", Kind: text.U8}, {Name: "gid", Kind: text.Str, Arg: 40},
		{Name: "peer_gid", Kind: text.Str, Arg: 40}, {Kind: text.Close}, {Name: "role", Kind: text.V8, Arg: names.SmcRole}}},
	{k: aFlags1, x: names.SockShutdown},
	{k: aStruct, s: []text.Field{{Name: "linkid", Kind: text.U32}, {Name: "peer_gid", Kind: text.X64}, {Name: "my_gid", Kind: text.X64}, {Name: "token", Kind: text.X64}, {Name: "peer_token", Kind: text.X64}}},
	{k: aStruct, s: []text.Field{{Name: "reason", Kind: text.Verbose, Arg: names.SmcDecl}, {Name: "peer_diagnosis", Kind: text.Verbose, Arg: names.SmcDecl}}}}}
var sSmcConn = []text.Field{{Name: "token", Kind: text.U32}, {Name: "sndbuf_size", Kind: text.U32}, {Name: "rmbe_size", Kind: text.U32}, {Name: "peer_rmbe_size", Kind: text.U32},
	{Name: "rx_prod", Kind: text.Open}, {Name: "reserved", Kind: text.U16}, {Name: "wrap", Kind: text.U16}, {Name: "count", Kind: text.U32}, {Kind: text.Close},
	{Name: "rx_cons", Kind: text.Open}, {Name: "reserved", Kind: text.U16}, {Name: "wrap", Kind: text.U16}, {Name: "count", Kind: text.U32}, {Kind: text.Close},
	{Name: "tx_prod", Kind: text.Open}, {Name: "reserved", Kind: text.U16}, {Name: "wrap", Kind: text.U16}, {Name: "count", Kind: text.U32}, {Kind: text.Close},
	{Name: "tx_cons", Kind: text.Open}, {Name: "reserved", Kind: text.U16}, {Name: "wrap", Kind: text.U16}, {Name: "count", Kind: text.U32}, {Kind: text.Close},
	{Name: "rx_prod_flags", Kind: text.Z8}, {Name: "rx_conn_state_flags", Kind: text.Z8}, {Name: "tx_prod_flags", Kind: text.Z8}, {Name: "tx_conn_state_flags", Kind: text.Z8},
	{Name: "tx_prep", Kind: text.Open}, {Name: "reserved", Kind: text.U16}, {Name: "wrap", Kind: text.U16}, {Name: "count", Kind: text.U32}, {Kind: text.Close},
	{Name: "tx_sent", Kind: text.Open}, {Name: "reserved", Kind: text.U16}, {Name: "wrap", Kind: text.U16}, {Name: "count", Kind: text.U32}, {Kind: text.Close},
	{Name: "tx_fin", Kind: text.Open}, {Name: "reserved", Kind: text.U16}, {Name: "wrap", Kind: text.U16}, {Name: "count", Kind: text.U32}, {Kind: text.Close}}

// nlDiag prints a request or an answer about sockets.
func nlDiag(p *text.Printer, h *nlmsghdr, addr, n uint64) {
	var family uint8
	if !p.Fetch(unsafe.Pointer(&family), 1, addr) {
		return
	}
	var s []text.Field
	var pol *policy
	request := h.flags&unix.NLM_F_REQUEST != 0
	switch family {
	case unix.AF_UNIX:
		s, pol = sUnixMsg, &unixPolicy
		if request {
			s, pol = sUnixReq, nil
		}
	case unix.AF_INET, unix.AF_INET6:
		s, pol = sInetMsg, &inetPolicy
		if request {
			s, pol = sInetReq, &inetReqPolicy
			if h.kind == 18 || h.kind == 19 { // TCPDIAG_GETSOCK, DCCPDIAG_GETSOCK
				s = sInetReqOld
			}
		}
	case unix.AF_NETLINK:
		s, pol = sNetlinkMsg, &netlinkPolicy
		if request {
			s, pol = sNetlinkReq, nil
		}
	case unix.AF_PACKET:
		s, pol = sPacketMsg, &packetPolicy
		if request {
			s, pol = sPacketReq, nil
		}
	case unix.AF_SMC:
		s, pol = sSmcMsg, &smcPolicy
		if request {
			s, pol = sSmcReq, nil
		}
	}
	if s == nil || n <= 1 {
		nlFamily(p, family, addr, n)
		return
	}
	nlStruct(p, s, pol, addr, n)
}

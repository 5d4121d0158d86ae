package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// NETLINK_SOCK_DIAG (sock_diag(7), include/uapi/linux/*_diag.h).

var sUnixReq = []field{{"sdiag_family", fV8, xAf}, {"sdiag_protocol", fU8, 0}, {"", fPad, 2}, {"udiag_states", fF32, xTcpStateBit},
	{"udiag_ino", fU32, 0}, {"udiag_show", fF32, xUdiagShow}, {"", fTimes, 2}, {"udiag_cookie", fU32, 0}}
var sUnixMsg = []field{{"udiag_family", fV8, xAf}, {"udiag_type", fV8, xSockType}, {"udiag_state", fV8, xTcpState},
	{"udiag_ino", fU32, 0}, {"", fTimes, 2}, {"udiag_cookie", fU32, 0}}
var unixPolicy = policy{names: xUnixDiag, attrs: []attr{{k: aStr},
	{k: aStruct, s: []field{{"", fAt, 4}, {"udiag_vfs_dev", fDev32, 0}, {"", fAt, 0}, {"udiag_vfs_ino", fU32, 0}}}, {k: aU32}, {k: aArrU32},
	{k: aStruct, s: []field{{"udiag_rqueue", fU32, 0}, {"udiag_wqueue", fU32, 0}}}, {k: aIdxU32, x: xMeminfo}, {k: aU8}, {k: aId}}}

var sNetlinkReq = []field{{"sdiag_family", fV8, xAf}, {"sdiag_protocol", fV8, xNdiagProto}, {"", fPad, 2}, {"ndiag_ino", fU32, 0},
	{"ndiag_show", fF32, xNdiagShow}, {"", fTimes, 2}, {"ndiag_cookie", fU32, 0}}
var sNetlinkMsg = []field{{"ndiag_family", fV8, xAf}, {"ndiag_type", fV8, xSockType}, {"ndiag_protocol", fV8, xNetlinkProto},
	{"ndiag_state", fV8, xNdiagState}, {"ndiag_portid", fU32, 0}, {"ndiag_dst_portid", fU32, 0}, {"ndiag_dst_group", fU32, 0},
	{"ndiag_ino", fU32, 0}, {"", fTimes, 2}, {"ndiag_cookie", fU32, 0}}
var sNdiagRing = []field{{"ndr_block_size", fU32, 0}, {"ndr_block_nr", fU32, 0}, {"ndr_frame_size", fU32, 0}, {"ndr_frame_nr", fU32, 0}}
var netlinkPolicy = policy{names: xNdiag, attrs: []attr{{k: aIdxU32, x: xMeminfo}, {k: aArrZ64}, {k: aStruct, s: sNdiagRing},
	{k: aStruct, s: sNdiagRing}, {k: aFlags4s, x: xNdiagFlag}}}

var sPacketReq = []field{{"sdiag_family", fV8, xAf}, {"sdiag_protocol", fX8, 0}, {"", fPad, 2}, {"pdiag_ino", fU32, 0},
	{"pdiag_show", fF32, xPdiagShow}, {"", fTimes, 2}, {"pdiag_cookie", fU32, 0}}
var sPacketMsg = []field{{"pdiag_family", fV8, xAf}, {"pdiag_type", fV8, xSockType}, {"pdiag_num", fV16, xEthP}, {"pdiag_ino", fU32, 0},
	{"", fTimes, 2}, {"pdiag_cookie", fU32, 0}}
var sPdiagRing = []field{{"pdr_block_size", fU32, 0}, {"pdr_block_nr", fU32, 0}, {"pdr_frame_size", fU32, 0}, {"pdr_frame_nr", fU32, 0},
	{"pdr_retire_tmo", fU32, 0}, {"pdr_sizeof_priv", fU32, 0}, {"pdr_features", fU32, 0}}
var packetPolicy = policy{names: xPdiag, attrs: []attr{
	{k: aStruct, s: []field{{"pdi_index", fIfindex, 0}, {"pdi_version", fV32, xTpacket}, {"pdi_reserve", fU32, 0},
		{"pdi_copy_thresh", fU32, 0}, {"pdi_tstamp", fU32, 0}, {"pdi_flags", fF32, xPdi}}},
	{k: aStructs, s: []field{{"pdmc_index", fIfindex, 0}, {"pdmc_count", fU32, 0}, {"pdmc_type", fU16, 0}, {"pdmc_alen", fU16, 0},
		{"pdmc_addr", fBytesLen, 32}}},
	{k: aStruct, s: sPdiagRing}, {k: aStruct, s: sPdiagRing}, {k: aU32}, {k: aId}, {k: aIdxU32, x: xMeminfo}, {k: aFilter}}}

var sInetReqOld = []field{{"idiag_family", fV8, xAf}, {"idiag_src_len", fU8, 0}, {"idiag_dst_len", fU8, 0}, {"idiag_ext", fF8, xInetExt},
	{"id", fOpen, 0}, {"idiag_sport", fB16, 0}, {"idiag_dport", fB16, 0}, {"idiag_src", fInet, 16}, {"idiag_dst", fInet, 16},
	{"idiag_if", fIfindex, 0}, {"", fTimes, 2}, {"idiag_cookie", fU32, 0}, {"", fClose, 0},
	{"idiag_states", fF32, xTcpStateBit}, {"idiag_dbs", fU32, 0}}
var sInetReq = []field{{"sdiag_family", fV8, xAf}, {"sdiag_protocol", fV8, xIpproto}, {"idiag_ext", fF8, xInetExt}, {"", fPad, 1},
	{"idiag_states", fF32, xTcpStateBit}, {"id", fOpen, 0}, {"idiag_sport", fB16, 0}, {"idiag_dport", fB16, 0},
	{"idiag_src", fInet, 16}, {"idiag_dst", fInet, 16}, {"idiag_if", fIfindex, 0}, {"", fTimes, 2}, {"idiag_cookie", fU32, 0},
	{"", fClose, 0}}
var sInetMsg = []field{{"idiag_family", fV8, xAf}, {"idiag_state", fV8, xTcpState}, {"idiag_timer", fU8, 0}, {"idiag_retrans", fU8, 0},
	{"id", fOpen, 0}, {"idiag_sport", fB16, 0}, {"idiag_dport", fB16, 0}, {"idiag_src", fInet, 16}, {"idiag_dst", fInet, 16},
	{"idiag_if", fIfindex, 0}, {"", fTimes, 2}, {"idiag_cookie", fU32, 0}, {"", fClose, 0}, {"idiag_expires", fU32, 0},
	{"idiag_rqueue", fU32, 0}, {"idiag_wqueue", fU32, 0}, {"idiag_uid", fU32, 0}, {"idiag_inode", fU32, 0}}
var inetReqPolicy = policy{names: xInetReq, attrs: []attr{1: {k: aCode}, 3: {k: aVal, x: xIpproto}}}
var inetPolicy = policy{names: xInetDiag, attrs: []attr{
	1: {k: aStruct, s: []field{{"idiag_rmem", fU32, 0}, {"idiag_wmem", fU32, 0}, {"idiag_fmem", fU32, 0}, {"idiag_tmem", fU32, 0}}},
	{}, {k: aStruct, s: sVegas}, {k: aStr}, {k: aU8}, {k: aU8}, {k: aIdxU32, x: xMeminfo}, {k: aShutdown}, {k: aStruct, s: sDctcp},
	{k: aVal, x: xIpproto}, {k: aU8}, {k: aSockaddrs}, {k: aSockaddrs}, {}, {k: aU32}, {k: aStruct, s: sBbr}, {k: aU32}, {k: aMd5},
	{k: aNest, pol: &ulpPolicy}, {k: aNest, pol: &skBpfRep}, {k: aU64}, {k: aSockopt}}}
var sVegas = []field{{"tcpv_enabled", fU32, 0}, {"tcpv_rttcnt", fU32, 0}, {"tcpv_rtt", fU32, 0}, {"tcpv_minrtt", fU32, 0}}
var sDctcp = []field{{"dctcp_enabled", fU16, 0}, {"dctcp_ce_state", fU16, 0}, {"dctcp_alpha", fU32, 0}, {"dctcp_ab_ecn", fU32, 0},
	{"dctcp_ab_tot", fU32, 0}}
var sBbr = []field{{"bbr_bw_lo", fX32, 0}, {"bbr_bw_hi", fX32, 0}, {"bbr_min_rtt", fU32, 0}, {"bbr_pacing_gain", fU32, 0},
	{"bbr_cwnd_gain", fU32, 0}}
var ulpPolicy = policy{names: xInetUlp, attrs: []attr{1: {k: aStr}, {k: aNest, pol: &tlsPolicy}, {k: aNest, pol: &mptcpPolicy}}}
var tlsPolicy = policy{names: xTlsInfo, attrs: []attr{1: {k: aVal2, x: xTlsVersion}, {k: aVal2, x: xTlsCipher}, {k: aVal2, x: xTlsConf},
	{k: aVal2, x: xTlsConf}}}
var mptcpPolicy = policy{names: xMptcpAttr, attrs: []attr{1: {k: aX32}, {k: aX32}, {k: aU32}, {k: aU64}, {k: aU32}, {k: aU32}, {k: aU16},
	{k: aFlags4, x: xMptcpFlag}, {k: aU8}, {k: aU8}}}
var skBpfRep = policy{names: xSkBpfRep, attrs: []attr{1: {k: aNest, pol: &skBpf}}}
var skBpf = policy{names: xSkBpf, attrs: []attr{2: {k: aU32}, {k: aXint}}}

var sSmcReq = []field{{"diag_family", fV8, xAf}, {"", fPad, 2}, {"diag_ext", fF8, xSmcExt}, {"id", fOpen, 0}, {"idiag_sport", fB16, 0},
	{"idiag_dport", fB16, 0}, {"idiag_src", fInet, 16}, {"idiag_dst", fInet, 16}, {"idiag_if", fIfindex, 0}, {"", fTimes, 2},
	{"idiag_cookie", fU32, 0}, {"", fClose, 0}}
var sSmcMsg = []field{{"diag_family", fV8, xAf}, {"diag_state", fV8, xSmcState}, {"diag_fallback", fV8, xSmcMode}, {"diag_shutdown", fU8, 0},
	{"id", fOpen, 0}, {"idiag_sport", fB16, 0}, {"idiag_dport", fB16, 0}, {"idiag_src", fInet, 16}, {"idiag_dst", fInet, 16},
	{"idiag_if", fIfindex, 0}, {"", fTimes, 2}, {"idiag_cookie", fU32, 0}, {"", fClose, 0}, {"diag_uid", fU32, 0}, {"diag_inode", fU64, 0}}
var smcPolicy = policy{names: xSmcDiag, attrs: []attr{1: {k: aStruct, s: sSmcConn},
	{k: aStruct, s: []field{{"lnk", fElems, 1}, {"link_id", fU8, 0}, {"ibname", fStr, 64}, {"ibport", fU8, 0}, {"gid", fStr, 40},
		{"peer_gid", fStr, 40}, {"", fClose, 0}, {"role", fV8, xSmcRole}}},
	{k: aFlags1, x: xSockShutdown},
	{k: aStruct, s: []field{{"linkid", fU32, 0}, {"peer_gid", fX64, 0}, {"my_gid", fX64, 0}, {"token", fX64, 0}, {"peer_token", fX64, 0}}},
	{k: aStruct, s: []field{{"reason", fVerbose, xSmcDecl}, {"peer_diagnosis", fVerbose, xSmcDecl}}}}}
var sSmcConn = []field{{"token", fU32, 0}, {"sndbuf_size", fU32, 0}, {"rmbe_size", fU32, 0}, {"peer_rmbe_size", fU32, 0},
	{"rx_prod", fOpen, 0}, {"reserved", fU16, 0}, {"wrap", fU16, 0}, {"count", fU32, 0}, {"", fClose, 0},
	{"rx_cons", fOpen, 0}, {"reserved", fU16, 0}, {"wrap", fU16, 0}, {"count", fU32, 0}, {"", fClose, 0},
	{"tx_prod", fOpen, 0}, {"reserved", fU16, 0}, {"wrap", fU16, 0}, {"count", fU32, 0}, {"", fClose, 0},
	{"tx_cons", fOpen, 0}, {"reserved", fU16, 0}, {"wrap", fU16, 0}, {"count", fU32, 0}, {"", fClose, 0},
	{"rx_prod_flags", fZ8, 0}, {"rx_conn_state_flags", fZ8, 0}, {"tx_prod_flags", fZ8, 0}, {"tx_conn_state_flags", fZ8, 0},
	{"tx_prep", fOpen, 0}, {"reserved", fU16, 0}, {"wrap", fU16, 0}, {"count", fU32, 0}, {"", fClose, 0},
	{"tx_sent", fOpen, 0}, {"reserved", fU16, 0}, {"wrap", fU16, 0}, {"count", fU32, 0}, {"", fClose, 0},
	{"tx_fin", fOpen, 0}, {"reserved", fU16, 0}, {"wrap", fU16, 0}, {"count", fU32, 0}, {"", fClose, 0}}

// nlDiag prints a request or an answer about sockets.
func (p *printer) nlDiag(h *nlmsghdr, addr, n uint64) {
	var family uint8
	if !p.fetch(unsafe.Pointer(&family), 1, addr) {
		return
	}
	var s []field
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
		p.nlFamily(family, addr, n)
		return
	}
	p.nlStruct(s, pol, addr, n)
}

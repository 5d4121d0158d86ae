package netlink

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// NETLINK_ROUTE: addresses, routes, rules, neighbours (rtnetlink(7) and the
// headers in include/uapi/linux named there).

var sIfaddrmsg = []text.Field{{Name: "ifa_family", Kind: text.V8, Arg: names.Af}, {Name: "ifa_prefixlen", Kind: text.U8}, {Name: "ifa_flags", Kind: text.F8, Arg: names.IfaFlag},
	{Name: "ifa_scope", Kind: text.V8, Arg: names.RtScope}, {Name: "ifa_index", Kind: text.Ifindex}}

var ifaPolicy = policy{names: names.Ifa, attrs: []attr{
	unix.IFA_ADDRESS:   {k: aAddr},
	unix.IFA_LOCAL:     {k: aAddr},
	unix.IFA_LABEL:     {k: aStr},
	unix.IFA_BROADCAST: {k: aAddr},
	unix.IFA_ANYCAST:   {k: aAddr},
	unix.IFA_CACHEINFO: {k: aStruct, s: []text.Field{{Name: "ifa_prefered", Kind: text.U32}, {Name: "ifa_valid", Kind: text.U32},
		{Name: "cstamp", Kind: text.U32}, {Name: "tstamp", Kind: text.U32}}},
	unix.IFA_MULTICAST:      {k: aAddr},
	unix.IFA_FLAGS:          {k: aFlags4s, x: names.IfaFlag},
	unix.IFA_RT_PRIORITY:    {k: aU32},
	unix.IFA_TARGET_NETNSID: {k: aS32},
}}

var sIfaddrlblmsg = []text.Field{{Name: "ifal_family", Kind: text.V8, Arg: names.Af}, {Kind: text.Pad, Arg: 1}, {Name: "ifal_prefixlen", Kind: text.U8}, {Name: "ifal_flags", Kind: text.U8},
	{Name: "ifal_index", Kind: text.Ifindex}, {Name: "ifal_seq", Kind: text.U32}}

var ifalPolicy = policy{names: names.Ifal, attrs: []attr{1: {k: aAddr}, {k: aU32}}}

var sRtmsg = []text.Field{{Name: "rtm_family", Kind: text.V8, Arg: names.Af}, {Name: "rtm_dst_len", Kind: text.U8}, {Name: "rtm_src_len", Kind: text.U8}, {Name: "rtm_tos", Kind: text.F8, Arg: names.Iptos},
	{Name: "rtm_table", Kind: text.V8, Arg: names.RtTable}, {Name: "rtm_protocol", Kind: text.V8, Arg: names.RtProt}, {Name: "rtm_scope", Kind: text.V8, Arg: names.RtScope},
	{Name: "rtm_type", Kind: text.V8, Arg: names.RtType}, {Name: "rtm_flags", Kind: text.F32, Arg: names.RtFlag}}

var sRtnexthop = []text.Field{{Name: "rtnh_len", Kind: text.U16}, {Name: "rtnh_flags", Kind: text.F8, Arg: names.RtnhFlag}, {Name: "rtnh_hops", Kind: text.U8},
	{Name: "rtnh_ifindex", Kind: text.Ifindex}}

var rtaPolicy = policy{names: names.Rta, attrs: []attr{
	unix.RTA_DST:       {k: aAddr},
	unix.RTA_SRC:       {k: aAddr},
	unix.RTA_IIF:       {k: aIfindex},
	unix.RTA_OIF:       {k: aIfindex},
	unix.RTA_GATEWAY:   {k: aAddr},
	unix.RTA_PRIORITY:  {k: aU32},
	unix.RTA_PREFSRC:   {k: aAddr},
	unix.RTA_METRICS:   {k: aNest, pol: &rtaxPolicy},
	unix.RTA_MULTIPATH: {k: aHops},
	10:                 {k: aU32}, // RTA_PROTOINFO
	unix.RTA_FLOW:      {k: aU32},
	unix.RTA_CACHEINFO: {k: aStruct, s: []text.Field{{Name: "rta_clntref", Kind: text.U32}, {Name: "rta_lastuse", Kind: text.U32},
		{Name: "rta_expires", Kind: text.U32}, {Name: "rta_error", Kind: text.U32}, {Name: "rta_used", Kind: text.U32}, {Name: "rta_id", Kind: text.X32},
		{Name: "rta_ts", Kind: text.U32}, {Name: "rta_tsage", Kind: text.U32}}},
	14:              {k: aU32}, // RTA_MP_ALGO
	unix.RTA_TABLE:  {k: aVal4s, x: names.RtTable},
	unix.RTA_MARK:   {k: aU32},
	17:              {k: aStruct, s: []text.Field{{Name: "mfcs_packets", Kind: text.U64}, {Name: "mfcs_bytes", Kind: text.U64}, {Name: "mfcs_wrong_if", Kind: text.U64}}},
	unix.RTA_VIA:    {k: aVia},
	unix.RTA_NEWDST: {k: aAddr},
	unix.RTA_PREF:   {k: aU8},
	21:              {k: aVal2s, x: names.Lwt}, // RTA_ENCAP_TYPE
	23:              {k: aU64},                 // RTA_EXPIRES
	25:              {k: aU32},                 // RTA_UID
	26:              {k: aU8},                  // RTA_TTL_PROPAGATE
	27:              {k: aU8},                  // RTA_IP_PROTO
	28:              {k: aU16},                 // RTA_SPORT
	29:              {k: aU16},                 // RTA_DPORT
}}

var rtaxPolicy = policy{names: names.Rtax, attrs: []attr{1: {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32},
	{k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aStr}}}

var sFibRuleHdr = []text.Field{{Name: "family", Kind: text.V8, Arg: names.Af}, {Name: "dst_len", Kind: text.U8}, {Name: "src_len", Kind: text.U8}, {Name: "tos", Kind: text.F8, Arg: names.Iptos},
	{Name: "table", Kind: text.V8, Arg: names.RtTableD}, {Kind: text.Pad, Arg: 2}, {Name: "action", Kind: text.V8, Arg: names.FrAct}, {Name: "flags", Kind: text.F32, Arg: names.FibRule}}

var portRange = []text.Field{{Name: "start", Kind: text.U16}, {Name: "end", Kind: text.U16}}

var fraPolicy = policy{names: names.Fra, attrs: []attr{1: {k: aAddr}, {k: aAddr}, {k: aStr}, {k: aU32},
	6: {k: aU32}, 10: {k: aU32}, {k: aU32}, {k: aBe64}, {k: aU32}, {k: aU32}, {k: aVal4s, x: names.RtTable}, {k: aU32},
	{k: aStr}, 19: {k: aU8}, {k: aStruct, s: []text.Field{{Name: "start", Kind: text.U32}, {Name: "end", Kind: text.U32}}},
	{k: aVal1s, x: names.RtProt}, {k: aVal, x: names.Ipproto}, {k: aStruct, s: portRange}, {k: aStruct, s: portRange}}}

var sNdmsg = []text.Field{{Name: "ndm_family", Kind: text.V8, Arg: names.Af}, {Name: "ndm_ifindex", Kind: text.Ifindex}, {Name: "ndm_state", Kind: text.F16, Arg: names.Nud},
	{Name: "ndm_flags", Kind: text.F8, Arg: names.Ntf}, {Name: "ndm_type", Kind: text.V8, Arg: names.RtType}}

var ndaPolicy = policy{names: names.Nda, attrs: []attr{1: {k: aAddr}, {k: aMac},
	{k: aStruct, s: []text.Field{{Name: "ndm_confirmed", Kind: text.U32}, {Name: "ndm_used", Kind: text.U32}, {Name: "ndm_updated", Kind: text.U32}, {Name: "ndm_refcnt", Kind: text.U32}}},
	{k: aU32}, {k: aU16}, {k: aBe16}, {k: aU32}, {k: aIfindex}, {k: aIfindex}, {k: aU32}, {k: aU32}, {k: aVal, x: names.Ipproto},
	{k: aU32}, {k: aNest, pol: &nfeaPolicy}, {k: aFlags4, x: names.NtfExt}, {k: aFlags2, x: names.Nud}, {k: aFlags1, x: names.Ntf}}}

var nfeaPolicy = policy{names: names.Nfea, attrs: []attr{1: {k: aFlags1, x: names.FdbNotify}}}

var ndtaPolicy = policy{names: names.Ndta, attrs: []attr{1: {k: aStr}, {k: aU32}, {k: aU32}, {k: aU32},
	{k: aStruct, s: []text.Field{{Name: "ndtc_key_len", Kind: text.U16}, {Name: "ndtc_entry_size", Kind: text.U16}, {Name: "ndtc_entries", Kind: text.U32},
		{Name: "ndtc_last_flush", Kind: text.U32}, {Name: "ndtc_last_rand", Kind: text.U32}, {Name: "ndtc_hash_rnd", Kind: text.U32},
		{Name: "ndtc_hash_mask", Kind: text.Z32}, {Name: "ndtc_hash_chain_gc", Kind: text.U32}, {Name: "ndtc_proxy_qlen", Kind: text.U32}}},
	{k: aNest, pol: &ndtpaPolicy},
	{k: aStruct, min: 80, s: []text.Field{{Name: "ndts_allocs", Kind: text.U64}, {Name: "ndts_destroys", Kind: text.U64}, {Name: "ndts_hash_grows", Kind: text.U64},
		{Name: "ndts_res_failed", Kind: text.U64}, {Name: "ndts_lookups", Kind: text.U64}, {Name: "ndts_hits", Kind: text.U64}, {Name: "ndts_rcv_probes_mcast", Kind: text.U64},
		{Name: "ndts_rcv_probes_ucast", Kind: text.U64}, {Name: "ndts_periodic_gc_runs", Kind: text.U64}, {Name: "ndts_forced_gc_runs", Kind: text.U64},
		{Kind: text.Limit}, {Name: "ndts_table_fulls", Kind: text.U64}}},
	{k: aU64}}}

var ndtpaPolicy = policy{names: names.Ndtpa, attrs: []attr{1: {k: aIfindex}, {k: aU32}, {k: aU64}, {k: aU64}, {k: aU64},
	{k: aU64}, {k: aU64}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU64}, {k: aU64}, {k: aU32}, {k: aU64},
	{k: aU32}, {k: aU32}, 19: {k: aU64}}}

var netconfPolicy = policy{names: names.Netconf, attrs: []attr{1: {k: aIfindex}, {k: aS32}, {k: aS32}, {k: aS32}, {k: aS32},
	{k: aS32}, {k: aS32}, {k: aS32}}}

var nsidPolicy = policy{names: names.Netnsa, attrs: []attr{1: {k: aS32}, {k: aU32}, {k: aFdAttr}, {k: aS32}, {k: aS32}}}

var sNhmsg = []text.Field{{Name: "nh_family", Kind: text.V8, Arg: names.Af}, {Name: "nh_scope", Kind: text.V8, Arg: names.RtScope}, {Name: "nh_protocol", Kind: text.V8, Arg: names.RtProt},
	{Kind: text.Nonzero}, {Name: "resvd", Kind: text.X8}, {Name: "nh_flags", Kind: text.F32, Arg: names.RtnhFlag}}

var nhaPolicy = policy{names: names.Nha, attrs: []attr{1: {k: aU32},
	{k: aStructs, s: []text.Field{{Name: "id", Kind: text.U32}, {Name: "weight", Kind: text.U8}, {Kind: text.Nonzero}, {Name: "resvd1", Kind: text.X8},
		{Kind: text.Nonzero}, {Name: "resvd2", Kind: text.X16}}},
	{k: aVal2, x: names.NhGrpType}, {k: aU32}, {k: aIfindex}, {k: aAddr}, {k: aVal2s, x: names.Lwt}, {},
	{k: aU32}, {k: aIfindex}, {k: aU32}, {k: aNest, pol: &nhaGroup}, {k: aNest, pol: &nhaBucket}}}

var nhaGroup = policy{names: names.NhaResGroup, attrs: []attr{1: {k: aU16}, {k: aTicks}, {k: aTicks}, {k: aTicks}}}
var nhaBucket = policy{names: names.NhaResBucket, attrs: []attr{1: {k: aU16}, {k: aTicks}, {k: aU32}}}

var sDcbmsg = []text.Field{{Name: "dcb_family", Kind: text.V8, Arg: names.Af}, {Name: "cmd", Kind: text.V8, Arg: names.DcbCmd}, {Kind: text.Pad, Arg: 2}}
var dcbPolicy = policy{names: names.DcbAttr}
var sTcmsg = []text.Field{{Name: "tcm_family", Kind: text.V8, Arg: names.Af}, {Name: "tcm_ifindex", Kind: text.Ifindex}, {Name: "tcm_handle", Kind: text.U32},
	{Name: "tcm_parent", Kind: text.U32}, {Name: "tcm_info", Kind: text.U32}}

var crPolicy = policy{names: names.Af, afs: []afAttrs{{128, &ipmraPolicy}, {129, &ip6mraPolicy}}}
var ipmraPolicy = policy{names: names.Ipmra, attrs: []attr{1: {k: aVal1, x: names.IgmpMsg}, {k: aU32}, {k: aIn4}, {k: aIn4}, {}, {k: aU32}}}
var ip6mraPolicy = policy{names: names.Ip6mra, attrs: []attr{1: {k: aVal1, x: names.Mrt6Msg}, {k: aU32}, {k: aIn6}, {k: aIn6}}}

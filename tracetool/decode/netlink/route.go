package tracetool

import "golang.org/x/sys/unix"

// NETLINK_ROUTE: addresses, routes, rules, neighbours (rtnetlink(7) and the
// headers in include/uapi/linux named there).

var sIfaddrmsg = []field{{"ifa_family", fV8, xAf}, {"ifa_prefixlen", fU8, 0}, {"ifa_flags", fF8, xIfaFlag},
	{"ifa_scope", fV8, xRtScope}, {"ifa_index", fIfindex, 0}}

var ifaPolicy = policy{names: xIfa, attrs: []attr{
	unix.IFA_ADDRESS:   {k: aAddr},
	unix.IFA_LOCAL:     {k: aAddr},
	unix.IFA_LABEL:     {k: aStr},
	unix.IFA_BROADCAST: {k: aAddr},
	unix.IFA_ANYCAST:   {k: aAddr},
	unix.IFA_CACHEINFO: {k: aStruct, s: []field{{"ifa_prefered", fU32, 0}, {"ifa_valid", fU32, 0},
		{"cstamp", fU32, 0}, {"tstamp", fU32, 0}}},
	unix.IFA_MULTICAST:      {k: aAddr},
	unix.IFA_FLAGS:          {k: aFlags4s, x: xIfaFlag},
	unix.IFA_RT_PRIORITY:    {k: aU32},
	unix.IFA_TARGET_NETNSID: {k: aS32},
}}

var sIfaddrlblmsg = []field{{"ifal_family", fV8, xAf}, {"", fPad, 1}, {"ifal_prefixlen", fU8, 0}, {"ifal_flags", fU8, 0},
	{"ifal_index", fIfindex, 0}, {"ifal_seq", fU32, 0}}

var ifalPolicy = policy{names: xIfal, attrs: []attr{1: {k: aAddr}, {k: aU32}}}

var sRtmsg = []field{{"rtm_family", fV8, xAf}, {"rtm_dst_len", fU8, 0}, {"rtm_src_len", fU8, 0}, {"rtm_tos", fF8, xIptos},
	{"rtm_table", fV8, xRtTable}, {"rtm_protocol", fV8, xRtProt}, {"rtm_scope", fV8, xRtScope},
	{"rtm_type", fV8, xRtType}, {"rtm_flags", fF32, xRtFlag}}

var sRtnexthop = []field{{"rtnh_len", fU16, 0}, {"rtnh_flags", fF8, xRtnhFlag}, {"rtnh_hops", fU8, 0},
	{"rtnh_ifindex", fIfindex, 0}}

var rtaPolicy = policy{names: xRta, attrs: []attr{
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
	unix.RTA_CACHEINFO: {k: aStruct, s: []field{{"rta_clntref", fU32, 0}, {"rta_lastuse", fU32, 0},
		{"rta_expires", fU32, 0}, {"rta_error", fU32, 0}, {"rta_used", fU32, 0}, {"rta_id", fX32, 0},
		{"rta_ts", fU32, 0}, {"rta_tsage", fU32, 0}}},
	14:              {k: aU32}, // RTA_MP_ALGO
	unix.RTA_TABLE:  {k: aVal4s, x: xRtTable},
	unix.RTA_MARK:   {k: aU32},
	17:              {k: aStruct, s: []field{{"mfcs_packets", fU64, 0}, {"mfcs_bytes", fU64, 0}, {"mfcs_wrong_if", fU64, 0}}},
	unix.RTA_VIA:    {k: aVia},
	unix.RTA_NEWDST: {k: aAddr},
	unix.RTA_PREF:   {k: aU8},
	21:              {k: aVal2s, x: xLwt}, // RTA_ENCAP_TYPE
	23:              {k: aU64},            // RTA_EXPIRES
	25:              {k: aU32},            // RTA_UID
	26:              {k: aU8},             // RTA_TTL_PROPAGATE
	27:              {k: aU8},             // RTA_IP_PROTO
	28:              {k: aU16},            // RTA_SPORT
	29:              {k: aU16},            // RTA_DPORT
}}

var rtaxPolicy = policy{names: xRtax, attrs: []attr{1: {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32},
	{k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aStr}}}

var sFibRuleHdr = []field{{"family", fV8, xAf}, {"dst_len", fU8, 0}, {"src_len", fU8, 0}, {"tos", fF8, xIptos},
	{"table", fV8, xRtTableD}, {"", fPad, 2}, {"action", fV8, xFrAct}, {"flags", fF32, xFibRule}}

var portRange = []field{{"start", fU16, 0}, {"end", fU16, 0}}

var fraPolicy = policy{names: xFra, attrs: []attr{1: {k: aAddr}, {k: aAddr}, {k: aStr}, {k: aU32},
	6: {k: aU32}, 10: {k: aU32}, {k: aU32}, {k: aBe64}, {k: aU32}, {k: aU32}, {k: aVal4s, x: xRtTable}, {k: aU32},
	{k: aStr}, 19: {k: aU8}, {k: aStruct, s: []field{{"start", fU32, 0}, {"end", fU32, 0}}},
	{k: aVal1s, x: xRtProt}, {k: aVal, x: xIpproto}, {k: aStruct, s: portRange}, {k: aStruct, s: portRange}}}

var sNdmsg = []field{{"ndm_family", fV8, xAf}, {"ndm_ifindex", fIfindex, 0}, {"ndm_state", fF16, xNud},
	{"ndm_flags", fF8, xNtf}, {"ndm_type", fV8, xRtType}}

var ndaPolicy = policy{names: xNda, attrs: []attr{1: {k: aAddr}, {k: aMac},
	{k: aStruct, s: []field{{"ndm_confirmed", fU32, 0}, {"ndm_used", fU32, 0}, {"ndm_updated", fU32, 0}, {"ndm_refcnt", fU32, 0}}},
	{k: aU32}, {k: aU16}, {k: aBe16}, {k: aU32}, {k: aIfindex}, {k: aIfindex}, {k: aU32}, {k: aU32}, {k: aVal, x: xIpproto},
	{k: aU32}, {k: aNest, pol: &nfeaPolicy}, {k: aFlags4, x: xNtfExt}, {k: aFlags2, x: xNud}, {k: aFlags1, x: xNtf}}}

var nfeaPolicy = policy{names: xNfea, attrs: []attr{1: {k: aFlags1, x: xFdbNotify}}}

var ndtaPolicy = policy{names: xNdta, attrs: []attr{1: {k: aStr}, {k: aU32}, {k: aU32}, {k: aU32},
	{k: aStruct, s: []field{{"ndtc_key_len", fU16, 0}, {"ndtc_entry_size", fU16, 0}, {"ndtc_entries", fU32, 0},
		{"ndtc_last_flush", fU32, 0}, {"ndtc_last_rand", fU32, 0}, {"ndtc_hash_rnd", fU32, 0},
		{"ndtc_hash_mask", fZ32, 0}, {"ndtc_hash_chain_gc", fU32, 0}, {"ndtc_proxy_qlen", fU32, 0}}},
	{k: aNest, pol: &ndtpaPolicy},
	{k: aStruct, min: 80, s: []field{{"ndts_allocs", fU64, 0}, {"ndts_destroys", fU64, 0}, {"ndts_hash_grows", fU64, 0},
		{"ndts_res_failed", fU64, 0}, {"ndts_lookups", fU64, 0}, {"ndts_hits", fU64, 0}, {"ndts_rcv_probes_mcast", fU64, 0},
		{"ndts_rcv_probes_ucast", fU64, 0}, {"ndts_periodic_gc_runs", fU64, 0}, {"ndts_forced_gc_runs", fU64, 0},
		{"", fLimit, 0}, {"ndts_table_fulls", fU64, 0}}},
	{k: aU64}}}

var ndtpaPolicy = policy{names: xNdtpa, attrs: []attr{1: {k: aIfindex}, {k: aU32}, {k: aU64}, {k: aU64}, {k: aU64},
	{k: aU64}, {k: aU64}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU64}, {k: aU64}, {k: aU32}, {k: aU64},
	{k: aU32}, {k: aU32}, 19: {k: aU64}}}

var netconfPolicy = policy{names: xNetconf, attrs: []attr{1: {k: aIfindex}, {k: aS32}, {k: aS32}, {k: aS32}, {k: aS32},
	{k: aS32}, {k: aS32}, {k: aS32}}}

var nsidPolicy = policy{names: xNetnsa, attrs: []attr{1: {k: aS32}, {k: aU32}, {k: aFdAttr}, {k: aS32}, {k: aS32}}}

var sNhmsg = []field{{"nh_family", fV8, xAf}, {"nh_scope", fV8, xRtScope}, {"nh_protocol", fV8, xRtProt},
	{"", fNonzero, 0}, {"resvd", fX8, 0}, {"nh_flags", fF32, xRtnhFlag}}

var nhaPolicy = policy{names: xNha, attrs: []attr{1: {k: aU32},
	{k: aStructs, s: []field{{"id", fU32, 0}, {"weight", fU8, 0}, {"", fNonzero, 0}, {"resvd1", fX8, 0},
		{"", fNonzero, 0}, {"resvd2", fX16, 0}}},
	{k: aVal2, x: xNhGrpType}, {k: aU32}, {k: aIfindex}, {k: aAddr}, {k: aVal2s, x: xLwt}, {},
	{k: aU32}, {k: aIfindex}, {k: aU32}, {k: aNest, pol: &nhaGroup}, {k: aNest, pol: &nhaBucket}}}

var nhaGroup = policy{names: xNhaResGroup, attrs: []attr{1: {k: aU16}, {k: aTicks}, {k: aTicks}, {k: aTicks}}}
var nhaBucket = policy{names: xNhaResBucket, attrs: []attr{1: {k: aU16}, {k: aTicks}, {k: aU32}}}

var sDcbmsg = []field{{"dcb_family", fV8, xAf}, {"cmd", fV8, xDcbCmd}, {"", fPad, 2}}
var dcbPolicy = policy{names: xDcbAttr}
var sTcmsg = []field{{"tcm_family", fV8, xAf}, {"tcm_ifindex", fIfindex, 0}, {"tcm_handle", fU32, 0},
	{"tcm_parent", fU32, 0}, {"tcm_info", fU32, 0}}

var crPolicy = policy{names: xAf, afs: []afAttrs{{128, &ipmraPolicy}, {129, &ip6mraPolicy}}}
var ipmraPolicy = policy{names: xIpmra, attrs: []attr{1: {k: aVal1, x: xIgmpMsg}, {k: aU32}, {k: aIn4}, {k: aIn4}, {}, {k: aU32}}}
var ip6mraPolicy = policy{names: xIp6mra, attrs: []attr{1: {k: aVal1, x: xMrt6Msg}, {k: aU32}, {k: aIn6}, {k: aIn6}}}

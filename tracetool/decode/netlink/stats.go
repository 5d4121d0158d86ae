package tracetool

import "golang.org/x/sys/unix"

// NETLINK_ROUTE: counters of links (include/uapi/linux/if_link.h, if_bridge.h,
// if_bonding.h, mpls.h).

var sLinkStats = []field{{"rx_packets", fU32, 0}, {"tx_packets", fU32, 0}, {"rx_bytes", fU32, 0}, {"tx_bytes", fU32, 0},
	{"rx_errors", fU32, 0}, {"tx_errors", fU32, 0}, {"rx_dropped", fU32, 0}, {"tx_dropped", fU32, 0}, {"multicast", fU32, 0},
	{"collisions", fU32, 0}, {"rx_length_errors", fU32, 0}, {"rx_over_errors", fU32, 0}, {"rx_crc_errors", fU32, 0},
	{"rx_frame_errors", fU32, 0}, {"rx_fifo_errors", fU32, 0}, {"rx_missed_errors", fU32, 0}, {"tx_aborted_errors", fU32, 0},
	{"tx_carrier_errors", fU32, 0}, {"tx_fifo_errors", fU32, 0}, {"tx_heartbeat_errors", fU32, 0}, {"tx_window_errors", fU32, 0},
	{"rx_compressed", fU32, 0}, {"tx_compressed", fU32, 0}, {"", fLimit, 0}, {"rx_nohandler", fU32, 0}}

var sLinkStats64 = []field{{"rx_packets", fU64, 0}, {"tx_packets", fU64, 0}, {"rx_bytes", fU64, 0}, {"tx_bytes", fU64, 0},
	{"rx_errors", fU64, 0}, {"tx_errors", fU64, 0}, {"rx_dropped", fU64, 0}, {"tx_dropped", fU64, 0}, {"multicast", fU64, 0},
	{"collisions", fU64, 0}, {"rx_length_errors", fU64, 0}, {"rx_over_errors", fU64, 0}, {"rx_crc_errors", fU64, 0},
	{"rx_frame_errors", fU64, 0}, {"rx_fifo_errors", fU64, 0}, {"rx_missed_errors", fU64, 0}, {"tx_aborted_errors", fU64, 0},
	{"tx_carrier_errors", fU64, 0}, {"tx_fifo_errors", fU64, 0}, {"tx_heartbeat_errors", fU64, 0}, {"tx_window_errors", fU64, 0},
	{"rx_compressed", fU64, 0}, {"tx_compressed", fU64, 0}, {"", fLimit, 0}, {"rx_nohandler", fU64, 0},
	{"rx_otherhost_dropped", fU64, 0}}

var sIfStatsMsg = []field{{"family", fV8, xAf}, {"", fNonzero, 0}, {"pad1", fX8, 0}, {"", fNonzero, 0}, {"pad2", fX16, 0},
	{"ifindex", fIfindex, 0}, {"filter_mask", fF32, xIflaStatsBit}}

var iflaStats = policy{names: xIflaStats, attrs: []attr{1: {k: aStruct, min: 184, mid: 192, s: sLinkStats64}, {k: aNest, pol: &xstats},
	{k: aNest, pol: &xstats}, {k: aNest, pol: &offloadXstats}, {k: aNest, pol: &statsSpec}}}
var xstats = policy{names: xXstatsType, attrs: []attr{1: {k: aNest, pol: &bridgeXstats}, {k: aNest, pol: &bondXstats}}}
var offloadXstats = policy{names: xOffloadXstats, attrs: []attr{1: {k: aStruct, min: 184, mid: 192, s: sLinkStats64}}}
var statsSpec = policy{names: xAf, afs: []afAttrs{{unix.AF_MPLS, &mplsStats}}}
var bondXstats = policy{names: xBondXstats, attrs: []attr{1: {k: aNest, pol: &bond3ad}}}
var bond3ad = policy{names: xBond3ad, attrs: []attr{{k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {k: aU64},
	{k: aU64}, {k: aU64}}}
var mplsStats = policy{names: xMplsStats, attrs: []attr{1: {k: aStruct, pol: &anyAttrs, s: []field{{"rx_packets", fU64, 0},
	{"tx_packets", fU64, 0}, {"rx_bytes", fU64, 0}, {"tx_bytes", fU64, 0}, {"rx_errors", fU64, 0}, {"tx_errors", fU64, 0},
	{"rx_dropped", fU64, 0}, {"tx_dropped", fU64, 0}, {"rx_noroute", fU64, 0}}}}}

var bridgeXstats = policy{names: xBridgeXstats, attrs: []attr{1: {k: aStruct, pol: &anyAttrs, s: []field{{"rx_bytes", fU64, 0},
	{"rx_packets", fU64, 0}, {"tx_bytes", fU64, 0}, {"tx_packets", fU64, 0}, {"vid", fU16, 0}, {"flags", fF16, xBrVlanFlag},
	{"", fNonzero, 0}, {"pad2", fX32, 0}}},
	{k: aStruct, pol: &anyAttrs, s: sMcast}, {},
	{k: aStruct, pol: &anyAttrs, s: []field{{"transition_blk", fU64, 0}, {"transition_fwd", fU64, 0}, {"rx_bpdu", fU64, 0},
		{"tx_bpdu", fU64, 0}, {"rx_tcn", fU64, 0}, {"tx_tcn", fU64, 0}}}}}

// Counters for each direction (BR_MCAST_DIR_RX, BR_MCAST_DIR_TX).
var sMcast = []field{{"igmp_v1queries", fMcast, 0}, {"igmp_v2queries", fMcast, 0}, {"igmp_v3queries", fMcast, 0},
	{"igmp_leaves", fMcast, 0}, {"igmp_v1reports", fMcast, 0}, {"igmp_v2reports", fMcast, 0}, {"igmp_v3reports", fMcast, 0},
	{"igmp_parse_errors", fU64, 0}, {"mld_v1queries", fMcast, 0}, {"mld_v2queries", fMcast, 0}, {"mld_leaves", fMcast, 0},
	{"mld_v1reports", fMcast, 0}, {"mld_v2reports", fMcast, 0}, {"mld_parse_errors", fU64, 0}, {"mcast_bytes", fMcast, 0},
	{"mcast_packets", fMcast, 0}}

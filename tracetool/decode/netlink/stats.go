package netlink

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// NETLINK_ROUTE: counters of links (include/uapi/linux/if_link.h, if_bridge.h,
// if_bonding.h, mpls.h).

var sLinkStats = []text.Field{{Name: "rx_packets", Kind: text.U32}, {Name: "tx_packets", Kind: text.U32}, {Name: "rx_bytes", Kind: text.U32}, {Name: "tx_bytes", Kind: text.U32},
	{Name: "rx_errors", Kind: text.U32}, {Name: "tx_errors", Kind: text.U32}, {Name: "rx_dropped", Kind: text.U32}, {Name: "tx_dropped", Kind: text.U32}, {Name: "multicast", Kind: text.U32},
	{Name: "collisions", Kind: text.U32}, {Name: "rx_length_errors", Kind: text.U32}, {Name: "rx_over_errors", Kind: text.U32}, {Name: "rx_crc_errors", Kind: text.U32},
	{Name: "rx_frame_errors", Kind: text.U32}, {Name: "rx_fifo_errors", Kind: text.U32}, {Name: "rx_missed_errors", Kind: text.U32}, {Name: "tx_aborted_errors", Kind: text.U32},
	{Name: "tx_carrier_errors", Kind: text.U32}, {Name: "tx_fifo_errors", Kind: text.U32}, {Name: "tx_heartbeat_errors", Kind: text.U32}, {Name: "tx_window_errors", Kind: text.U32},
	{Name: "rx_compressed", Kind: text.U32}, {Name: "tx_compressed", Kind: text.U32}, {Kind: text.Limit}, {Name: "rx_nohandler", Kind: text.U32}}

var sLinkStats64 = []text.Field{{Name: "rx_packets", Kind: text.U64}, {Name: "tx_packets", Kind: text.U64}, {Name: "rx_bytes", Kind: text.U64}, {Name: "tx_bytes", Kind: text.U64},
	{Name: "rx_errors", Kind: text.U64}, {Name: "tx_errors", Kind: text.U64}, {Name: "rx_dropped", Kind: text.U64}, {Name: "tx_dropped", Kind: text.U64}, {Name: "multicast", Kind: text.U64},
	{Name: "collisions", Kind: text.U64}, {Name: "rx_length_errors", Kind: text.U64}, {Name: "rx_over_errors", Kind: text.U64}, {Name: "rx_crc_errors", Kind: text.U64},
	{Name: "rx_frame_errors", Kind: text.U64}, {Name: "rx_fifo_errors", Kind: text.U64}, {Name: "rx_missed_errors", Kind: text.U64}, {Name: "tx_aborted_errors", Kind: text.U64},
	{Name: "tx_carrier_errors", Kind: text.U64}, {Name: "tx_fifo_errors", Kind: text.U64}, {Name: "tx_heartbeat_errors", Kind: text.U64}, {Name: "tx_window_errors", Kind: text.U64},
	{Name: "rx_compressed", Kind: text.U64}, {Name: "tx_compressed", Kind: text.U64}, {Kind: text.Limit}, {Name: "rx_nohandler", Kind: text.U64},
	{Name: "rx_otherhost_dropped", Kind: text.U64}}

var sIfStatsMsg = []text.Field{{Name: "family", Kind: text.V8, Arg: names.Af}, {Kind: text.Nonzero}, {Name: "pad1", Kind: text.X8}, {Kind: text.Nonzero}, {Name: "pad2", Kind: text.X16},
	{Name: "ifindex", Kind: text.Ifindex}, {Name: "filter_mask", Kind: text.F32, Arg: names.IflaStatsBit}}

var iflaStats = policy{names: names.IflaStats, attrs: []attr{1: {k: aStruct, min: 184, mid: 192, s: sLinkStats64}, {k: aNest, pol: &xstats},
	{k: aNest, pol: &xstats}, {k: aNest, pol: &offloadXstats}, {k: aNest, pol: &statsSpec}}}
var xstats = policy{names: names.XstatsType, attrs: []attr{1: {k: aNest, pol: &bridgeXstats}, {k: aNest, pol: &bondXstats}}}
var offloadXstats = policy{names: names.OffloadXstats, attrs: []attr{1: {k: aStruct, min: 184, mid: 192, s: sLinkStats64}}}
var statsSpec = policy{names: names.Af, afs: []afAttrs{{unix.AF_MPLS, &mplsStats}}}
var bondXstats = policy{names: names.BondXstats, attrs: []attr{1: {k: aNest, pol: &bond3ad}}}
var bond3ad = policy{names: names.Bond3ad, attrs: []attr{{k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {k: aU64},
	{k: aU64}, {k: aU64}}}
var mplsStats = policy{names: names.MplsStats, attrs: []attr{1: {k: aStruct, pol: &anyAttrs, s: []text.Field{{Name: "rx_packets", Kind: text.U64},
	{Name: "tx_packets", Kind: text.U64}, {Name: "rx_bytes", Kind: text.U64}, {Name: "tx_bytes", Kind: text.U64}, {Name: "rx_errors", Kind: text.U64}, {Name: "tx_errors", Kind: text.U64},
	{Name: "rx_dropped", Kind: text.U64}, {Name: "tx_dropped", Kind: text.U64}, {Name: "rx_noroute", Kind: text.U64}}}}}

var bridgeXstats = policy{names: names.BridgeXstats, attrs: []attr{1: {k: aStruct, pol: &anyAttrs, s: []text.Field{{Name: "rx_bytes", Kind: text.U64},
	{Name: "rx_packets", Kind: text.U64}, {Name: "tx_bytes", Kind: text.U64}, {Name: "tx_packets", Kind: text.U64}, {Name: "vid", Kind: text.U16}, {Name: "flags", Kind: text.F16, Arg: names.BrVlanFlag},
	{Kind: text.Nonzero}, {Name: "pad2", Kind: text.X32}}},
	{k: aStruct, pol: &anyAttrs, s: sMcast}, {},
	{k: aStruct, pol: &anyAttrs, s: []text.Field{{Name: "transition_blk", Kind: text.U64}, {Name: "transition_fwd", Kind: text.U64}, {Name: "rx_bpdu", Kind: text.U64},
		{Name: "tx_bpdu", Kind: text.U64}, {Name: "rx_tcn", Kind: text.U64}, {Name: "tx_tcn", Kind: text.U64}}}}}

// Counters for each direction (BR_MCAST_DIR_RX, BR_MCAST_DIR_TX).
var sMcast = []text.Field{{Name: "igmp_v1queries", Kind: text.Mcast}, {Name: "igmp_v2queries", Kind: text.Mcast}, {Name: "igmp_v3queries", Kind: text.Mcast},
	{Name: "igmp_leaves", Kind: text.Mcast}, {Name: "igmp_v1reports", Kind: text.Mcast}, {Name: "igmp_v2reports", Kind: text.Mcast}, {Name: "igmp_v3reports", Kind: text.Mcast},
	{Name: "igmp_parse_errors", Kind: text.U64}, {Name: "mld_v1queries", Kind: text.Mcast}, {Name: "mld_v2queries", Kind: text.Mcast}, {Name: "mld_leaves", Kind: text.Mcast},
	{Name: "mld_v1reports", Kind: text.Mcast}, {Name: "mld_v2reports", Kind: text.Mcast}, {Name: "mld_parse_errors", Kind: text.U64}, {Name: "mcast_bytes", Kind: text.Mcast},
	{Name: "mcast_packets", Kind: text.Mcast}}

package tracetool

import "golang.org/x/sys/unix"

// NETLINK_ROUTE: links (include/uapi/linux/if_link.h, if_bridge.h, if_tun.h).

var sIfinfomsg = []field{{"ifi_family", fV8, xAf}, {"", fPad, 1}, {"ifi_type", fV16, xArphrd}, {"ifi_index", fIfindex, 0},
	{"ifi_flags", fF32, xIff}, {"ifi_change", fX32, 0}}

var iflaPolicy = policy{names: xIfla, attrs: []attr{
	unix.IFLA_ADDRESS: {k: aMacLink}, unix.IFLA_BROADCAST: {k: aMacLink}, unix.IFLA_IFNAME: {k: aStr}, unix.IFLA_MTU: {k: aU32},
	unix.IFLA_LINK: {k: aU32}, unix.IFLA_QDISC: {k: aStr}, unix.IFLA_STATS: {k: aStruct, min: 92, s: sLinkStats},
	unix.IFLA_MASTER: {k: aU32}, unix.IFLA_PROTINFO: {k: aFamily, pol: &protinfo}, unix.IFLA_TXQLEN: {k: aU32},
	unix.IFLA_MAP: {k: aStruct, s: []field{{"mem_start", fX64, 0}, {"mem_end", fX64, 0}, {"base_addr", fX64, 0},
		{"irq", fU16, 0}, {"dma", fU8, 0}, {"port", fU8, 0}}},
	unix.IFLA_WEIGHT: {k: aU32}, unix.IFLA_OPERSTATE: {k: aU8}, unix.IFLA_LINKMODE: {k: aU8},
	unix.IFLA_LINKINFO: {k: aNest, pol: &iflaInfo}, unix.IFLA_NET_NS_PID: {k: aU32}, unix.IFLA_IFALIAS: {k: aStr},
	unix.IFLA_NUM_VF: {k: aU32}, unix.IFLA_VFINFO_LIST: {k: aNest, pol: &vfList},
	unix.IFLA_STATS64:  {k: aStruct, min: 184, mid: 192, s: sLinkStats64},
	unix.IFLA_VF_PORTS: {k: aNest, pol: &vfPorts}, unix.IFLA_PORT_SELF: {k: aNest, pol: &portPolicy},
	unix.IFLA_AF_SPEC: {k: aAfSpec, pol: &afSpec}, unix.IFLA_GROUP: {k: aU32}, unix.IFLA_NET_NS_FD: {k: aFdAttr},
	unix.IFLA_EXT_MASK: {k: aFlags4, x: xRtext}, unix.IFLA_PROMISCUITY: {k: aU32}, unix.IFLA_NUM_TX_QUEUES: {k: aU32},
	unix.IFLA_NUM_RX_QUEUES: {k: aU32}, unix.IFLA_CARRIER: {k: aU8}, unix.IFLA_CARRIER_CHANGES: {k: aU32},
	unix.IFLA_LINK_NETNSID: {k: aS32}, unix.IFLA_PHYS_PORT_NAME: {k: aStr}, unix.IFLA_PROTO_DOWN: {k: aU8},
	unix.IFLA_GSO_MAX_SEGS: {k: aU32}, unix.IFLA_GSO_MAX_SIZE: {k: aU32}, unix.IFLA_XDP: {k: aNest, pol: &iflaXdp},
	unix.IFLA_EVENT: {k: aVal4s, x: xIflaEvent}, unix.IFLA_NEW_NETNSID: {k: aS32}, unix.IFLA_IF_NETNSID: {k: aS32},
	unix.IFLA_CARRIER_UP_COUNT: {k: aU32}, unix.IFLA_CARRIER_DOWN_COUNT: {k: aU32}, unix.IFLA_NEW_IFINDEX: {k: aIfindex},
	unix.IFLA_MIN_MTU: {k: aU32}, unix.IFLA_MAX_MTU: {k: aU32}, unix.IFLA_PROP_LIST: {k: aNest, pol: &iflaProps},
	unix.IFLA_ALT_IFNAME: {k: aStr}, unix.IFLA_PERM_ADDRESS: {k: aMacLink}, unix.IFLA_PROTO_DOWN_REASON: {k: aNest, pol: &protoDown},
	56: {k: aStr}, {k: aStr}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, // IFLA_PARENT_DEV_NAME to IFLA_ALLMULTI
}}

var iflaProps = policy{names: xIfla, attrs: []attr{unix.IFLA_ALT_IFNAME: {k: aStr}}}
var protoDown = policy{names: xProtoDown, attrs: []attr{1: {k: aX32}, {k: aX32}}}
var iflaXdp = policy{names: xIflaXdp, attrs: []attr{1: {k: aFdAttr}, {k: aVal1, x: xXdpAttached}, {k: aFlags4s, x: xXdpFlag},
	{k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aFdAttr}}}

var vfPorts = policy{names: xIflaVfPorts, attrs: []attr{1: {k: aNest, pol: &portPolicy}}}
var portPolicy = policy{names: xIflaPort, attrs: []attr{1: {k: aU32}, {k: aStr}, {k: aStruct, s: []field{{"vsi_mgr_id", fU8, 0},
	{"vsi_type_id", fBytes, 3}, {"vsi_type_version", fU8, 0}, {"", fNonzero, 0}, {"pad", fBytes, 3}}}, {}, {}, {k: aU8}, {k: aU16}}}

var protinfo = policy{names: xAf, afs: []afAttrs{{unix.AF_BRIDGE, &brport}, {unix.AF_INET6, &inet6Attrs}}}
var afSpec = policy{names: xAf, afs: []afAttrs{{unix.AF_INET, &inetAttrs}, {unix.AF_INET6, &inet6Attrs}, {unix.AF_MCTP, &mctpAttrs}}}
var inetAttrs = policy{names: xInetAttr, attrs: []attr{1: {k: aIdxS32, x: xIpv4Devconf}}}
var mctpAttrs = policy{names: xMctpAttr, attrs: []attr{1: {k: aU32}}}
var inet6Attrs = policy{names: xInet6Attr, attrs: []attr{1: {k: aFlags4, x: xInet6IfFlag}, {k: aIdxS32, x: xIpv6Devconf},
	{k: aIdxU64, x: xIpStats}, {}, {k: aStruct, s: []field{{"max_reasm_len", fU32, 0}, {"tstamp", fU32, 0},
		{"reachable_time", fU32, 0}, {"retrans_time", fU32, 0}}},
	{k: aIdxU64, x: xIcmp6Stats}, {k: aIn6}, {k: aVal1, x: xAddrGen}, {k: aU32}}}

var sVlanInfo = []field{{"flags", fF16, xBrVlanFlag}, {"vid", fU16, 0}}
var bridgeSpec = policy{names: xBridgeAttr, attrs: []attr{{k: aFlags2, x: xBridgeFlag}, {k: aVal2, x: xBridgeMode},
	{k: aStruct, s: sVlanInfo, pol: &anyAttrs}, {k: aNest, pol: &bridgeTunnel}}}
var bridgeTunnel = policy{names: xBridgeTunnel, attrs: []attr{1: {k: aU32}, {k: aU16}, {k: aFlags2, x: xBrVlanFlag}}}

var sBridgeId = []field{{"", fTimes, 2}, {"prio", fU8, 0}, {"addr", fMac, 6}}

var brport = policy{names: xBrport, attrs: []attr{1: {k: aU8}, {k: aU16}, {k: aU32}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8},
	{k: aU8}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aStruct, s: sBridgeId}, {k: aStruct, s: sBridgeId}, {k: aU16}, {k: aU16}, {k: aU16},
	{k: aU16}, {k: aU8}, {k: aU8}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {}, {k: aU8}, {}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8},
	{k: aX16}, {k: aU8}, {k: aU8}, {k: aIfindex}, {k: aU8}, {k: aU8}, {k: aU32}, {k: aU32}, {k: aU8}}}

var iflaInfo = policy{names: xIflaInfo, attrs: []attr{1: {k: aKind}, {k: aKindData}, {k: aKindXstats}, {k: aKind}, {k: aKindSlave}}}

var iflaBr = policy{names: xIflaBr, attrs: []attr{1: {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aU32}, {k: aU16}, {k: aU8},
	{k: aEther, x: xEtherP}, {k: aX16}, {k: aStruct, s: sBridgeId}, {k: aStruct, s: sBridgeId}, {k: aU16}, {k: aU32}, {k: aU8}, {k: aU8},
	{k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aMac}, {}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU32}, {k: aU32},
	{k: aU32}, {k: aU32}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aU8}, {k: aU8}, {k: aU8},
	{k: aU16}, {}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8},
	{k: aStruct, s: []field{{"optval", fF32, xBrBoolopt}, {"optmask", fF32, xBrBoolopt}}}, {k: aNest, pol: &brQuerier}}}
var brQuerier = policy{names: xBridgeQuerier, attrs: []attr{1: {k: aIn4}, {k: aIfindex}, {k: aTicks}, {}, {k: aIn6}, {k: aIfindex}, {k: aTicks}}}
var tunPolicy = policy{names: xTunAttr, attrs: []attr{1: {k: aId}, {k: aId}, {k: aVal1, x: xTunType}, {k: aU8}, {k: aU8}, {k: aU8},
	{k: aU8}, {k: aU32}, {k: aU32}}}
var sCanStats = []field{{"bus_error", fU32, 0}, {"error_warning", fU32, 0}, {"error_passive", fU32, 0}, {"bus_off", fU32, 0},
	{"arbitration_lost", fU32, 0}, {"restarts", fU32, 0}}

var sVfSetting = []field{{"vf", fU32, 0}, {"setting", fU32, 0}}
var vfList = policy{names: xIflaVfList, attrs: []attr{1: {k: aNest, pol: &vfPolicy}}}
var vfPolicy = policy{names: xIflaVf, attrs: []attr{1: {k: aStruct, s: []field{{"vf", fU32, 0}, {"mac", fMac, 32}}},
	{k: aStruct, s: []field{{"vf", fU32, 0}, {"vlan", fU32, 0}, {"qos", fU32, 0}}},
	{k: aStruct, s: []field{{"vf", fU32, 0}, {"rate", fU32, 0}}}, {k: aStruct, s: sVfSetting},
	{k: aStruct, s: []field{{"vf", fU32, 0}, {"link_state", fV32, xIflaVfLink}}},
	{k: aStruct, s: []field{{"vf", fU32, 0}, {"min_tx_rate", fU32, 0}, {"max_tx_rate", fU32, 0}}}, {k: aStruct, s: sVfSetting},
	{k: aNest, pol: &vfStats}, {k: aStruct, s: sVfSetting}, {k: aGuid}, {k: aGuid}, {k: aNest, pol: &vfVlans},
	{k: aStruct, s: []field{{"broadcast", fMac, 32}}}}}
var vfStats = policy{names: xIflaVfStats, attrs: []attr{{k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {}, {k: aU64}, {k: aU64}}}
var vfVlans = policy{names: xIflaVfVlan, attrs: []attr{1: {k: aStruct, s: []field{{"vf", fU32, 0}, {"vlan", fU32, 0}, {"qos", fU32, 0},
	{"vlan_proto", fW16, xEthP}, {"", fPad, 2}}}}}

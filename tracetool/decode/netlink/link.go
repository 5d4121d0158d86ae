package netlink

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// NETLINK_ROUTE: links (include/uapi/linux/if_link.h, if_bridge.h, if_tun.h).

var sIfinfomsg = []text.Field{{Name: "ifi_family", Kind: text.V8, Arg: names.Af}, {Kind: text.Pad, Arg: 1}, {Name: "ifi_type", Kind: text.V16, Arg: names.Arphrd}, {Name: "ifi_index", Kind: text.Ifindex},
	{Name: "ifi_flags", Kind: text.F32, Arg: names.Iff}, {Name: "ifi_change", Kind: text.X32}}

var iflaPolicy = policy{names: names.Ifla, attrs: []attr{
	unix.IFLA_ADDRESS: {k: aMacLink}, unix.IFLA_BROADCAST: {k: aMacLink}, unix.IFLA_IFNAME: {k: aStr}, unix.IFLA_MTU: {k: aU32},
	unix.IFLA_LINK: {k: aU32}, unix.IFLA_QDISC: {k: aStr}, unix.IFLA_STATS: {k: aStruct, min: 92, s: sLinkStats},
	unix.IFLA_MASTER: {k: aU32}, unix.IFLA_PROTINFO: {k: aFamily, pol: &protinfo}, unix.IFLA_TXQLEN: {k: aU32},
	unix.IFLA_MAP: {k: aStruct, s: []text.Field{{Name: "mem_start", Kind: text.X64}, {Name: "mem_end", Kind: text.X64}, {Name: "base_addr", Kind: text.X64},
		{Name: "irq", Kind: text.U16}, {Name: "dma", Kind: text.U8}, {Name: "port", Kind: text.U8}}},
	unix.IFLA_WEIGHT: {k: aU32}, unix.IFLA_OPERSTATE: {k: aU8}, unix.IFLA_LINKMODE: {k: aU8},
	unix.IFLA_LINKINFO: {k: aNest, pol: &iflaInfo}, unix.IFLA_NET_NS_PID: {k: aU32}, unix.IFLA_IFALIAS: {k: aStr},
	unix.IFLA_NUM_VF: {k: aU32}, unix.IFLA_VFINFO_LIST: {k: aNest, pol: &vfList},
	unix.IFLA_STATS64:  {k: aStruct, min: 184, mid: 192, s: sLinkStats64},
	unix.IFLA_VF_PORTS: {k: aNest, pol: &vfPorts}, unix.IFLA_PORT_SELF: {k: aNest, pol: &portPolicy},
	unix.IFLA_AF_SPEC: {k: aAfSpec, pol: &afSpec}, unix.IFLA_GROUP: {k: aU32}, unix.IFLA_NET_NS_FD: {k: aFdAttr},
	unix.IFLA_EXT_MASK: {k: aFlags4, x: names.Rtext}, unix.IFLA_PROMISCUITY: {k: aU32}, unix.IFLA_NUM_TX_QUEUES: {k: aU32},
	unix.IFLA_NUM_RX_QUEUES: {k: aU32}, unix.IFLA_CARRIER: {k: aU8}, unix.IFLA_CARRIER_CHANGES: {k: aU32},
	unix.IFLA_LINK_NETNSID: {k: aS32}, unix.IFLA_PHYS_PORT_NAME: {k: aStr}, unix.IFLA_PROTO_DOWN: {k: aU8},
	unix.IFLA_GSO_MAX_SEGS: {k: aU32}, unix.IFLA_GSO_MAX_SIZE: {k: aU32}, unix.IFLA_XDP: {k: aNest, pol: &iflaXdp},
	unix.IFLA_EVENT: {k: aVal4s, x: names.IflaEvent}, unix.IFLA_NEW_NETNSID: {k: aS32}, unix.IFLA_IF_NETNSID: {k: aS32},
	unix.IFLA_CARRIER_UP_COUNT: {k: aU32}, unix.IFLA_CARRIER_DOWN_COUNT: {k: aU32}, unix.IFLA_NEW_IFINDEX: {k: aIfindex},
	unix.IFLA_MIN_MTU: {k: aU32}, unix.IFLA_MAX_MTU: {k: aU32}, unix.IFLA_PROP_LIST: {k: aNest, pol: &iflaProps},
	unix.IFLA_ALT_IFNAME: {k: aStr}, unix.IFLA_PERM_ADDRESS: {k: aMacLink}, unix.IFLA_PROTO_DOWN_REASON: {k: aNest, pol: &protoDown},
	56: {k: aStr}, {k: aStr}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, // IFLA_PARENT_DEV_NAME to IFLA_ALLMULTI
}}

var iflaProps = policy{names: names.Ifla, attrs: []attr{unix.IFLA_ALT_IFNAME: {k: aStr}}}
var protoDown = policy{names: names.ProtoDown, attrs: []attr{1: {k: aX32}, {k: aX32}}}
var iflaXdp = policy{names: names.IflaXdp, attrs: []attr{1: {k: aFdAttr}, {k: aVal1, x: names.XdpAttached}, {k: aFlags4s, x: names.XdpFlag},
	{k: aU32}, {k: aU32}, {k: aU32}, {k: aU32}, {k: aFdAttr}}}

var vfPorts = policy{names: names.IflaVfPorts, attrs: []attr{1: {k: aNest, pol: &portPolicy}}}
var portPolicy = policy{names: names.IflaPort, attrs: []attr{1: {k: aU32}, {k: aStr}, {k: aStruct, s: []text.Field{{Name: "vsi_mgr_id", Kind: text.U8},
	{Name: "vsi_type_id", Kind: text.Bytes, Arg: 3}, {Name: "vsi_type_version", Kind: text.U8}, {Kind: text.Nonzero}, {Name: "pad", Kind: text.Bytes, Arg: 3}}}, {}, {}, {k: aU8}, {k: aU16}}}

var protinfo = policy{names: names.Af, afs: []afAttrs{{unix.AF_BRIDGE, &brport}, {unix.AF_INET6, &inet6Attrs}}}
var afSpec = policy{names: names.Af, afs: []afAttrs{{unix.AF_INET, &inetAttrs}, {unix.AF_INET6, &inet6Attrs}, {unix.AF_MCTP, &mctpAttrs}}}
var inetAttrs = policy{names: names.InetAttr, attrs: []attr{1: {k: aIdxS32, x: names.Ipv4Devconf}}}
var mctpAttrs = policy{names: names.MctpAttr, attrs: []attr{1: {k: aU32}}}
var inet6Attrs = policy{names: names.Inet6Attr, attrs: []attr{1: {k: aFlags4, x: names.Inet6IfFlag}, {k: aIdxS32, x: names.Ipv6Devconf},
	{k: aIdxU64, x: names.IpStats}, {}, {k: aStruct, s: []text.Field{{Name: "max_reasm_len", Kind: text.U32}, {Name: "tstamp", Kind: text.U32},
		{Name: "reachable_time", Kind: text.U32}, {Name: "retrans_time", Kind: text.U32}}},
	{k: aIdxU64, x: names.Icmp6Stats}, {k: aIn6}, {k: aVal1, x: names.AddrGen}, {k: aU32}}}

var sVlanInfo = []text.Field{{Name: "flags", Kind: text.F16, Arg: names.BrVlanFlag}, {Name: "vid", Kind: text.U16}}
var bridgeSpec = policy{names: names.BridgeAttr, attrs: []attr{{k: aFlags2, x: names.BridgeFlag}, {k: aVal2, x: names.BridgeMode},
	{k: aStruct, s: sVlanInfo, pol: &anyAttrs}, {k: aNest, pol: &bridgeTunnel}}}
var bridgeTunnel = policy{names: names.BridgeTunnel, attrs: []attr{1: {k: aU32}, {k: aU16}, {k: aFlags2, x: names.BrVlanFlag}}}

var sBridgeId = []text.Field{{Kind: text.Times, Arg: 2}, {Name: "prio", Kind: text.U8}, {Name: "addr", Kind: text.Mac, Arg: 6}}

var brport = policy{names: names.Brport, attrs: []attr{1: {k: aU8}, {k: aU16}, {k: aU32}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8},
	{k: aU8}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aStruct, s: sBridgeId}, {k: aStruct, s: sBridgeId}, {k: aU16}, {k: aU16}, {k: aU16},
	{k: aU16}, {k: aU8}, {k: aU8}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {}, {k: aU8}, {}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8},
	{k: aX16}, {k: aU8}, {k: aU8}, {k: aIfindex}, {k: aU8}, {k: aU8}, {k: aU32}, {k: aU32}, {k: aU8}}}

var iflaInfo = policy{names: names.IflaInfo, attrs: []attr{1: {k: aKind}, {k: aKindData}, {k: aKindXstats}, {k: aKind}, {k: aKindSlave}}}

var iflaBr = policy{names: names.IflaBr, attrs: []attr{1: {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aU32}, {k: aU16}, {k: aU8},
	{k: aEther, x: names.EtherP}, {k: aX16}, {k: aStruct, s: sBridgeId}, {k: aStruct, s: sBridgeId}, {k: aU16}, {k: aU32}, {k: aU8}, {k: aU8},
	{k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aMac}, {}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU32}, {k: aU32},
	{k: aU32}, {k: aU32}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aTicks}, {k: aU8}, {k: aU8}, {k: aU8},
	{k: aU16}, {}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8}, {k: aU8},
	{k: aStruct, s: []text.Field{{Name: "optval", Kind: text.F32, Arg: names.BrBoolopt}, {Name: "optmask", Kind: text.F32, Arg: names.BrBoolopt}}}, {k: aNest, pol: &brQuerier}}}
var brQuerier = policy{names: names.BridgeQuerier, attrs: []attr{1: {k: aIn4}, {k: aIfindex}, {k: aTicks}, {}, {k: aIn6}, {k: aIfindex}, {k: aTicks}}}
var tunPolicy = policy{names: names.TunAttr, attrs: []attr{1: {k: aId}, {k: aId}, {k: aVal1, x: names.TunType}, {k: aU8}, {k: aU8}, {k: aU8},
	{k: aU8}, {k: aU32}, {k: aU32}}}
var sCanStats = []text.Field{{Name: "bus_error", Kind: text.U32}, {Name: "error_warning", Kind: text.U32}, {Name: "error_passive", Kind: text.U32}, {Name: "bus_off", Kind: text.U32},
	{Name: "arbitration_lost", Kind: text.U32}, {Name: "restarts", Kind: text.U32}}

var sVfSetting = []text.Field{{Name: "vf", Kind: text.U32}, {Name: "setting", Kind: text.U32}}
var vfList = policy{names: names.IflaVfList, attrs: []attr{1: {k: aNest, pol: &vfPolicy}}}
var vfPolicy = policy{names: names.IflaVf, attrs: []attr{1: {k: aStruct, s: []text.Field{{Name: "vf", Kind: text.U32}, {Name: "mac", Kind: text.Mac, Arg: 32}}},
	{k: aStruct, s: []text.Field{{Name: "vf", Kind: text.U32}, {Name: "vlan", Kind: text.U32}, {Name: "qos", Kind: text.U32}}},
	{k: aStruct, s: []text.Field{{Name: "vf", Kind: text.U32}, {Name: "rate", Kind: text.U32}}}, {k: aStruct, s: sVfSetting},
	{k: aStruct, s: []text.Field{{Name: "vf", Kind: text.U32}, {Name: "link_state", Kind: text.V32, Arg: names.IflaVfLink}}},
	{k: aStruct, s: []text.Field{{Name: "vf", Kind: text.U32}, {Name: "min_tx_rate", Kind: text.U32}, {Name: "max_tx_rate", Kind: text.U32}}}, {k: aStruct, s: sVfSetting},
	{k: aNest, pol: &vfStats}, {k: aStruct, s: sVfSetting}, {k: aGuid}, {k: aGuid}, {k: aNest, pol: &vfVlans},
	{k: aStruct, s: []text.Field{{Name: "broadcast", Kind: text.Mac, Arg: 32}}}}}
var vfStats = policy{names: names.IflaVfStats, attrs: []attr{{k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {k: aU64}, {}, {k: aU64}, {k: aU64}}}
var vfVlans = policy{names: names.IflaVfVlan, attrs: []attr{1: {k: aStruct, s: []text.Field{{Name: "vf", Kind: text.U32}, {Name: "vlan", Kind: text.U32}, {Name: "qos", Kind: text.U32},
	{Name: "vlan_proto", Kind: text.W16, Arg: names.EthP}, {Kind: text.Pad, Arg: 2}}}}}

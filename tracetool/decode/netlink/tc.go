package netlink

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// NETLINK_ROUTE: traffic control (include/uapi/linux/gen_stats.h, pkt_sched.h,
// rtnetlink.h) and the bridge's multicast database (if_bridge.h).

var sGnetBasic = []text.Field{{Name: "bytes", Kind: text.U64}, {Name: "packets", Kind: text.U32}}

var tcaStats = policy{names: names.TcaStats, attrs: []attr{1: {k: aStruct, s: sGnetBasic},
	{k: aStruct, s: []text.Field{{Name: "bps", Kind: text.U32}, {Name: "pps", Kind: text.U32}}},
	{k: aStruct, s: []text.Field{{Name: "qlen", Kind: text.U32}, {Name: "backlog", Kind: text.U32}, {Name: "drops", Kind: text.U32}, {Name: "requeues", Kind: text.U32}, {Name: "overlimits", Kind: text.U32}}},
	{},
	{k: aStruct, s: []text.Field{{Name: "bps", Kind: text.U64}, {Name: "pps", Kind: text.U64}}},
	{}, {k: aStruct, s: sGnetBasic}, {k: aU64}}}

var tcaStab = policy{names: names.TcaStab, attrs: []attr{1: {k: aStruct, s: []text.Field{{Name: "cell_log", Kind: text.U8}, {Name: "size_log", Kind: text.U8},
	{Name: "cell_align", Kind: text.D16}, {Name: "overhead", Kind: text.D32}, {Name: "linklayer", Kind: text.U32}, {Name: "mpu", Kind: text.U32}, {Name: "mtu", Kind: text.U32}, {Name: "tsize", Kind: text.U32}}},
	{k: aArrU16}}}

var tcaPolicy = policy{names: names.Tca, attrs: []attr{1: {k: aStr}, {},
	{k: aStruct, s: []text.Field{{Name: "bytes", Kind: text.U64}, {Name: "packets", Kind: text.U32}, {Name: "drops", Kind: text.U32}, {Name: "overlimits", Kind: text.U32},
		{Name: "bps", Kind: text.U32}, {Name: "pps", Kind: text.U32}, {Name: "qlen", Kind: text.U32}, {Name: "backlog", Kind: text.U32}}},
	{}, {k: aStruct, s: []text.Field{{Name: "interval", Kind: text.D8}, {Name: "ewma_log", Kind: text.U8}}},
	{k: aU32}, {k: aNest, pol: &tcaStats}, {k: aNest, pol: &tcaStab}, {}, {}, {k: aU32}, {k: aU8}, {k: aU32}, {k: aU32}, {k: aU32}}}

var tcaActPolicy = policy{names: names.TcaAct, attrs: []attr{1: {k: aStr}, {}, {k: aU32}, {k: aNest, pol: &tcaStats}, {}, {},
	{k: aFlags4, x: names.TcaActFlag}, {k: aFlags4, x: names.TcaHwStats}, {k: aFlags4, x: names.TcaHwStats}, {k: aU32}}}

var sBrPortMsg = []text.Field{{Name: "family", Kind: text.V8, Arg: names.Af}, {Name: "ifindex", Kind: text.Ifindex}}

var mdbaPolicy = policy{names: names.Mdba, attrs: []attr{1: {k: aNest, pol: &mdbaMdb}, {k: aNest, pol: &mdbaRouter}}}
var mdbaMdb = policy{names: names.MdbaMdb, attrs: []attr{1: {k: aNest, pol: &mdbaEntry}}}
var mdbaEntry = policy{names: names.MdbaEntry, attrs: []attr{1: {k: aMdbEntry, pol: &mdbaEattr}}}
var mdbaEattr = policy{names: names.MdbaEattr, attrs: []attr{1: {k: aTicks}}}
var mdbaRouter = policy{names: names.MdbaRouter, attrs: []attr{1: {k: aFirst, pol: &mdbaPattr}}}
var mdbaPattr = policy{names: names.MdbaPattr, attrs: []attr{1: {k: aTicks}, {k: aVal1s, x: names.MdbRtr}, {k: aTicks}, {k: aTicks}}}

var sMdbEntry = []text.Field{{Name: "ifindex", Kind: text.Ifindex}, {Name: "state", Kind: text.V8, Arg: names.MdbState}, {Name: "flags", Kind: text.F8, Arg: names.MdbFlag}, {Name: "vid", Kind: text.U16},
	{Name: "addr", Kind: text.Open}, {Name: "u", Kind: text.Inet, Arg: 16}, {Name: "proto", Kind: text.W16, Arg: names.Af}, {Kind: text.Close}, {Kind: text.Pad, Arg: 2}}

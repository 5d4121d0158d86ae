package tracetool

// NETLINK_ROUTE: traffic control (include/uapi/linux/gen_stats.h, pkt_sched.h,
// rtnetlink.h) and the bridge's multicast database (if_bridge.h).

var sGnetBasic = []field{{"bytes", fU64, 0}, {"packets", fU32, 0}}

var tcaStats = policy{names: xTcaStats, attrs: []attr{1: {k: aStruct, s: sGnetBasic},
	{k: aStruct, s: []field{{"bps", fU32, 0}, {"pps", fU32, 0}}},
	{k: aStruct, s: []field{{"qlen", fU32, 0}, {"backlog", fU32, 0}, {"drops", fU32, 0}, {"requeues", fU32, 0}, {"overlimits", fU32, 0}}},
	{},
	{k: aStruct, s: []field{{"bps", fU64, 0}, {"pps", fU64, 0}}},
	{}, {k: aStruct, s: sGnetBasic}, {k: aU64}}}

var tcaStab = policy{names: xTcaStab, attrs: []attr{1: {k: aStruct, s: []field{{"cell_log", fU8, 0}, {"size_log", fU8, 0},
	{"cell_align", fD16, 0}, {"overhead", fD32, 0}, {"linklayer", fU32, 0}, {"mpu", fU32, 0}, {"mtu", fU32, 0}, {"tsize", fU32, 0}}},
	{k: aArrU16}}}

var tcaPolicy = policy{names: xTca, attrs: []attr{1: {k: aStr}, {},
	{k: aStruct, s: []field{{"bytes", fU64, 0}, {"packets", fU32, 0}, {"drops", fU32, 0}, {"overlimits", fU32, 0},
		{"bps", fU32, 0}, {"pps", fU32, 0}, {"qlen", fU32, 0}, {"backlog", fU32, 0}}},
	{}, {k: aStruct, s: []field{{"interval", fD8, 0}, {"ewma_log", fU8, 0}}},
	{k: aU32}, {k: aNest, pol: &tcaStats}, {k: aNest, pol: &tcaStab}, {}, {}, {k: aU32}, {k: aU8}, {k: aU32}, {k: aU32}, {k: aU32}}}

var tcaActPolicy = policy{names: xTcaAct, attrs: []attr{1: {k: aStr}, {}, {k: aU32}, {k: aNest, pol: &tcaStats}, {}, {},
	{k: aFlags4, x: xTcaActFlag}, {k: aFlags4, x: xTcaHwStats}, {k: aFlags4, x: xTcaHwStats}, {k: aU32}}}

var sBrPortMsg = []field{{"family", fV8, xAf}, {"ifindex", fIfindex, 0}}

var mdbaPolicy = policy{names: xMdba, attrs: []attr{1: {k: aNest, pol: &mdbaMdb}, {k: aNest, pol: &mdbaRouter}}}
var mdbaMdb = policy{names: xMdbaMdb, attrs: []attr{1: {k: aNest, pol: &mdbaEntry}}}
var mdbaEntry = policy{names: xMdbaEntry, attrs: []attr{1: {k: aMdbEntry, pol: &mdbaEattr}}}
var mdbaEattr = policy{names: xMdbaEattr, attrs: []attr{1: {k: aTicks}}}
var mdbaRouter = policy{names: xMdbaRouter, attrs: []attr{1: {k: aFirst, pol: &mdbaPattr}}}
var mdbaPattr = policy{names: xMdbaPattr, attrs: []attr{1: {k: aTicks}, {k: aVal1s, x: xMdbRtr}, {k: aTicks}, {k: aTicks}}}

var sMdbEntry = []field{{"ifindex", fIfindex, 0}, {"state", fV8, xMdbState}, {"flags", fF8, xMdbFlag}, {"vid", fU16, 0},
	{"addr", fOpen, 0}, {"u", fInet, 16}, {"proto", fW16, xAf}, {"", fClose, 0}, {"", fPad, 2}}

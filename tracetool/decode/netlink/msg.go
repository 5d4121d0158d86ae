package netlink

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// routeMsg is what the messages of one object of NETLINK_ROUTE begin with.
// Their types come in fours: new, delete, get, set; ops says which of them
// there are.
type routeMsg struct {
	ops uint8
	s   []text.Field
	pol *policy
}

var (
	oneNdtm  = []text.Field{{Name: "ndtm_family", Kind: text.V8, Arg: names.Af}}
	oneNcm   = []text.Field{{Name: "ncm_family", Kind: text.V8, Arg: names.Af}}
	oneTca   = []text.Field{{Name: "tca_family", Kind: text.V8, Arg: names.Af}}
	oneRtgen = []text.Field{{Name: "rtgen_family", Kind: text.V8, Arg: names.Af}}
)

// routeMsgs is indexed by (type - RTM_BASE) / 4 (linux/rtnetlink.h).
var routeMsgs = [...]routeMsg{
	{0xf, sIfinfomsg, &iflaPolicy},
	{7, sIfaddrmsg, &ifaPolicy},
	{7, sRtmsg, &rtaPolicy},
	{7, sNdmsg, &ndaPolicy},
	{7, sFibRuleHdr, &fraPolicy},
	{7, sTcmsg, &tcaPolicy},
	{7, sTcmsg, &tcaPolicy},
	{7, sTcmsg, &tcaPolicy},
	{7, oneTca, &tcaActPolicy},
	{},
	{4, sIfaddrmsg, &ifaPolicy},
	{4, sIfaddrmsg, &ifaPolicy},
	{0xd, oneNdtm, &ndtaPolicy},
	{},
	{7, sIfaddrlblmsg, &ifalPolicy},
	{0xc, sDcbmsg, &dcbPolicy},
	{7, oneNcm, &netconfPolicy},
	{7, sBrPortMsg, &mdbaPolicy},
	{7, oneRtgen, &nsidPolicy},
	{5, sIfStatsMsg, &iflaStats},
	{},
	{7, sTcmsg, &tcaPolicy},
	{7, sNhmsg, &nhaPolicy},
}

func nlRoute(p *text.Printer, h *nlmsghdr, addr, n uint64) {
	const newCacheReport, getNeigh = 96, 30
	var family uint8
	if !p.Fetch(unsafe.Pointer(&family), 1, addr) {
		return
	}
	if h.kind == newCacheReport {
		cacheReport(p, family, addr, n)
		return
	}
	i := int(h.kind-unix.RTM_BASE) / 4
	if h.kind == getNeigh && family == unix.AF_BRIDGE {
		i = 0
	}
	if i >= len(routeMsgs) || routeMsgs[i].ops>>(h.kind&3)&1 == 0 {
		nlFamily(p, family, addr, n)
		return
	}
	nlStruct(p, routeMsgs[i].s, routeMsgs[i].pol, addr, n)
}

func cacheReport(p *text.Printer, family uint8, addr, n uint64) {
	p.Str("{rtgen_family=")
	if s := text.NameOf(names.RtFamily, uint64(family)); s == "" && text.NameOf(names.Af, uint64(family)) != "" {
		p.Val(names.Af, uint64(family))
	} else {
		p.Val(names.RtFamily, uint64(family))
	}
	p.Byte('}')
	if n <= 4 {
		return
	}
	p.Comma()
	if in := byFamily(p, &crPolicy, uint64(family), addr+4, n-4); in.pol != nil {
		attrs(p, in.addr, uint64(in.len), in.pol)
	}
}

// nlNetfilter prints struct nfgenmsg; the identifier is in network byte order,
// but not in all versions of the kernel and its libraries.
func nlNetfilter(p *text.Printer, h *nlmsghdr, addr, n uint64) {
	const tables = 10 // NFNL_SUBSYS_NFTABLES
	var m struct {
		family, version uint8
		id              uint16
	}
	if n < 4 {
		p.Random(addr, n)
		return
	}
	if !p.Fetch(unsafe.Pointer(&m), 4, addr) {
		return
	}
	p.Str("{nfgen_family=")
	p.Val(names.Af, uint64(m.family))
	p.Str(", version=")
	p.Val(names.NfVersion, uint64(m.version))
	p.Str(", res_id=")
	switch {
	case h.kind>>8 == tables && m.id == tables<<8:
		p.Str("htons(NFNL_SUBSYS_NFTABLES)")
	case h.kind>>8 == tables && m.id == tables:
		p.Str("NFNL_SUBSYS_NFTABLES")
	default:
		p.Str("htons(")
		p.Uint(text.Bswap(uint64(m.id), 2))
		p.Byte(')')
	}
	p.Byte('}')
	if n <= 4 {
		return
	}
	p.Comma()
	if h.kind == unix.NLMSG_MIN_TYPE || h.kind == unix.NLMSG_MIN_TYPE+1 { // NFNL_MSG_BATCH_BEGIN and _END
		p.Random(addr+4, n-4)
		return
	}
	attrs(p, addr+4, n-4, &anyAttrs)
}

var (
	sSetenforce = []text.Field{{Name: "val", Kind: text.D32}}
	sPolicyload = []text.Field{{Name: "seqno", Kind: text.U32}}
)

func nlSelinux(p *text.Printer, h *nlmsghdr, addr, n uint64) bool {
	if h.kind != 0x10 && h.kind != 0x11 { // SELNL_MSG_SETENFORCE, SELNL_MSG_POLICYLOAD
		return false
	}
	switch {
	case n < 4:
		p.Random(addr, n)
	case h.kind == 0x10:
		p.StructAt(addr, sSetenforce)
	default:
		p.StructAt(addr, sPolicyload)
	}
	return true
}

// sUdev is the header of what udev sends to its listeners
// (libudev's libudev-monitor.c).
var sUdev = []text.Field{{Name: "prefix", Kind: text.Str, Arg: 8}, {Name: "magic", Kind: text.BigX32}, {Name: "header_size", Kind: text.U32}, {Name: "properties_off", Kind: text.U32},
	{Name: "properties_len", Kind: text.U32}, {Name: "filter_subsystem_hash", Kind: text.BigX32}, {Name: "filter_devtype_hash", Kind: text.BigX32},
	{Name: "filter_tag_bloom_hi", Kind: text.BigX32}, {Name: "filter_tag_bloom_lo", Kind: text.BigX32}}

func uevent(p *text.Printer, addr, n uint64) {
	const size = 40
	var b [8]byte
	if p.Exit && p.Failed() || n < size || !text.Peek(unsafe.Pointer(&b), 8, addr) || string(b[:]) != "libudev\x00" || !text.Readable(addr, size) {
		p.Buf(addr, n)
		return
	}
	if n > size {
		p.Byte('[')
	}
	p.StructAt(addr, sUdev)
	if n > size {
		p.Comma()
		p.Buf(addr+size, n-size)
		p.Byte(']')
	}
}

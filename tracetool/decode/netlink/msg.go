package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// routeMsg is what the messages of one object of NETLINK_ROUTE begin with.
// Their types come in fours: new, delete, get, set; ops says which of them
// there are.
type routeMsg struct {
	ops uint8
	s   []field
	pol *policy
}

var (
	oneNdtm  = []field{{"ndtm_family", fV8, xAf}}
	oneNcm   = []field{{"ncm_family", fV8, xAf}}
	oneTca   = []field{{"tca_family", fV8, xAf}}
	oneRtgen = []field{{"rtgen_family", fV8, xAf}}
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

func (p *printer) nlRoute(h *nlmsghdr, addr, n uint64) {
	const newCacheReport, getNeigh = 96, 30
	var family uint8
	if !p.fetch(unsafe.Pointer(&family), 1, addr) {
		return
	}
	if h.kind == newCacheReport {
		p.cacheReport(family, addr, n)
		return
	}
	i := int(h.kind-unix.RTM_BASE) / 4
	if h.kind == getNeigh && family == unix.AF_BRIDGE {
		i = 0
	}
	if i >= len(routeMsgs) || routeMsgs[i].ops>>(h.kind&3)&1 == 0 {
		p.nlFamily(family, addr, n)
		return
	}
	p.nlStruct(routeMsgs[i].s, routeMsgs[i].pol, addr, n)
}

func (p *printer) cacheReport(family uint8, addr, n uint64) {
	p.Str("{rtgen_family=")
	if s := name(xRtFamily, uint64(family)); s == "" && name(xAf, uint64(family)) != "" {
		p.val(xAf, uint64(family))
	} else {
		p.val(xRtFamily, uint64(family))
	}
	p.Byte('}')
	if n <= 4 {
		return
	}
	p.comma()
	if in := p.byFamily(&crPolicy, uint64(family), addr+4, n-4); in.pol != nil {
		p.attrs(in.addr, uint64(in.len), in.pol)
	}
}

// nlNetfilter prints struct nfgenmsg; the identifier is in network byte order,
// but not in all versions of the kernel and its libraries.
func (p *printer) nlNetfilter(h *nlmsghdr, addr, n uint64) {
	const tables = 10 // NFNL_SUBSYS_NFTABLES
	var m struct {
		family, version uint8
		id              uint16
	}
	if n < 4 {
		p.random(addr, n)
		return
	}
	if !p.fetch(unsafe.Pointer(&m), 4, addr) {
		return
	}
	p.Str("{nfgen_family=")
	p.val(xAf, uint64(m.family))
	p.Str(", version=")
	p.val(xNfVersion, uint64(m.version))
	p.Str(", res_id=")
	switch {
	case h.kind>>8 == tables && m.id == tables<<8:
		p.Str("htons(NFNL_SUBSYS_NFTABLES)")
	case h.kind>>8 == tables && m.id == tables:
		p.Str("NFNL_SUBSYS_NFTABLES")
	default:
		p.Str("htons(")
		p.Uint(bswap(uint64(m.id), 2))
		p.Byte(')')
	}
	p.Byte('}')
	if n <= 4 {
		return
	}
	p.comma()
	if h.kind == unix.NLMSG_MIN_TYPE || h.kind == unix.NLMSG_MIN_TYPE+1 { // NFNL_MSG_BATCH_BEGIN and _END
		p.random(addr+4, n-4)
		return
	}
	p.attrs(addr+4, n-4, &anyAttrs)
}

var (
	sSetenforce = []field{{"val", fD32, 0}}
	sPolicyload = []field{{"seqno", fU32, 0}}
)

func (p *printer) nlSelinux(h *nlmsghdr, addr, n uint64) bool {
	if h.kind != 0x10 && h.kind != 0x11 { // SELNL_MSG_SETENFORCE, SELNL_MSG_POLICYLOAD
		return false
	}
	switch {
	case n < 4:
		p.random(addr, n)
	case h.kind == 0x10:
		p.structAt(addr, sSetenforce)
	default:
		p.structAt(addr, sPolicyload)
	}
	return true
}

// sUdev is the header of what udev sends to its listeners
// (libudev's libudev-monitor.c).
var sUdev = []field{{"prefix", fStr, 8}, {"magic", fBigX32, 0}, {"header_size", fU32, 0}, {"properties_off", fU32, 0},
	{"properties_len", fU32, 0}, {"filter_subsystem_hash", fBigX32, 0}, {"filter_devtype_hash", fBigX32, 0},
	{"filter_tag_bloom_hi", fBigX32, 0}, {"filter_tag_bloom_lo", fBigX32, 0}}

func (p *printer) uevent(addr, n uint64) {
	const size = 40
	var b [8]byte
	if p.exit && p.failed() || n < size || !peek(unsafe.Pointer(&b), 8, addr) || string(b[:]) != "libudev\x00" || !readable(addr, size) {
		p.buf(addr, n)
		return
	}
	if n > size {
		p.Byte('[')
	}
	p.structAt(addr, sUdev)
	if n > size {
		p.comma()
		p.buf(addr+size, n-size)
		p.Byte(']')
	}
}

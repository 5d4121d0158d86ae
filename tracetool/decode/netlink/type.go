package tracetool

import "golang.org/x/sys/unix"

// nlType prints a message's type, whose meaning depends on the protocol.
func (p *printer) nlType(proto int, t uint16) {
	x := nameID(xNlType)
	if t >= unix.NLMSG_MIN_TYPE {
		switch proto {
		case unix.NETLINK_AUDIT:
			x = xNlAudit
		case unix.NETLINK_CRYPTO:
			x = xNlCrypto
		case unix.NETLINK_GENERIC:
			p.genlType(t)
			return
		case unix.NETLINK_NETFILTER:
			p.nfType(t)
			return
		case unix.NETLINK_ROUTE:
			x = xRtm
		case unix.NETLINK_SELINUX:
			x = xNlSelinux
		case unix.NETLINK_SOCK_DIAG:
			x = xNlSockDiag
		case unix.NETLINK_XFRM:
			x = xNlXfrm
		}
	}
	p.val(x, uint64(t))
}

// nfTypes are the tables of message types of netfilter's subsystems
// (include/uapi/linux/netfilter/nfnetlink.h).
var nfTypes = [...]nameID{1: xNfCt, xNfCtExp, xNfQueue, xNfUlog, xNfOsf, xNfIpset, xNfAcct, xNfTimeout, xNfHelper, xNfTables,
	xNfCompat, xNfHook}

func (p *printer) nfType(t uint16) {
	if s := name(xNfMsg, uint64(t)); s != "" {
		p.val(xNfMsg, uint64(t))
		return
	}
	sub := t >> 8
	p.val(xNfSubsys, uint64(sub))
	p.Str("<<8|")
	if sub > 0 && int(sub) < len(nfTypes) {
		p.val(nfTypes[sub], uint64(t&0xff))
	} else {
		p.hex(uint64(t & 0xff))
	}
}

// nlFlags prints a message's flags; the upper ones mean other things for
// requests to get, to make and to remove (netlink(7)).
func (p *printer) nlFlags(proto int, t, f uint16) {
	x := nameID(xNlFlags)
	switch {
	case t == unix.NLMSG_ERROR:
		x = xNlAck
	case t < unix.NLMSG_MIN_TYPE:
	case proto == unix.NETLINK_ROUTE:
		x = routeFlags(t)
	case proto == unix.NETLINK_SOCK_DIAG:
		x = xNlGetFlags
	case proto == unix.NETLINK_NETFILTER:
		x = nfFlags(t)
	case proto == unix.NETLINK_XFRM:
		x = xfrmFlags(t)
	case proto == unix.NETLINK_CRYPTO:
		x = cryptoFlags(t)
	}
	p.flags2(xNlFlags, x, uint64(f))
}

func routeFlags(t uint16) nameID {
	const delAction = 49 // RTM_DELACTION takes the flags of a dump
	switch {
	case t == delAction, t&3 == 2:
		return xNlGetFlags
	case t&3 == 0:
		return xNlNewFlags
	case t&3 == 1:
		return xNlDel
	}
	return xNlFlags
}

// nfOps are, for each subsystem of netfilter and type of message, the flags:
// n for new, g for get, d for delete.
var nfOps = [...]string{1: "ngdggggg", 2: "ngdg", 7: "nggd", 8: "ngd", 9: "ngd",
	10: "ngdngdngdngdngd" + "ng" + ".ngdgngd", 11: "g", 12: "g"}

func nfFlags(t uint16) nameID {
	sub, typ := int(t>>8), int(t&0xff)
	if sub >= len(nfOps) || typ >= len(nfOps[sub]) {
		return xNlFlags
	}
	switch nfOps[sub][typ] {
	case 'n':
		return xNlNewFlags
	case 'g':
		return xNlGetFlags
	case 'd':
		return xNlDel
	}
	return xNlFlags
}

// xfrmFlags knows the types of include/uapi/linux/xfrm.h.
func xfrmFlags(t uint16) nameID {
	switch t {
	case 0x10, 0x13, 0x1e, 0x22, 0x24: // NEWSA, NEWPOLICY, NEWAE, NEWSADINFO, NEWSPDINFO
		return xNlNewFlags
	case 0x11, 0x14: // DELSA, DELPOLICY
		return xNlDel
	case 0x12, 0x15, 0x1f, 0x23, 0x25:
		return xNlGetFlags
	}
	return xNlFlags
}

// cryptoFlags knows the types of include/uapi/linux/cryptouser.h.
func cryptoFlags(t uint16) nameID {
	switch t {
	case 0x10: // NEWALG
		return xNlNewFlags
	case 0x11, 0x14: // DELALG, DELRNG
		return xNlDel
	case 0x13: // GETALG
		return xNlGetFlags
	}
	return xNlFlags
}

package netlink

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// nlType prints a message's type, whose meaning depends on the protocol.
func nlType(p *text.Printer, proto int, t uint16) {
	x := names.ID(names.NlType)
	if t >= unix.NLMSG_MIN_TYPE {
		switch proto {
		case unix.NETLINK_AUDIT:
			x = names.NlAudit
		case unix.NETLINK_CRYPTO:
			x = names.NlCrypto
		case unix.NETLINK_GENERIC:
			genlType(p, t)
			return
		case unix.NETLINK_NETFILTER:
			nfType(p, t)
			return
		case unix.NETLINK_ROUTE:
			x = names.Rtm
		case unix.NETLINK_SELINUX:
			x = names.NlSelinux
		case unix.NETLINK_SOCK_DIAG:
			x = names.NlSockDiag
		case unix.NETLINK_XFRM:
			x = names.NlXfrm
		}
	}
	p.Val(x, uint64(t))
}

// nfTypes are the tables of message types of netfilter's subsystems
// (include/uapi/linux/netfilter/nfnetlink.h).
var nfTypes = [...]names.ID{1: names.NfCt, names.NfCtExp, names.NfQueue, names.NfUlog, names.NfOsf, names.NfIpset, names.NfAcct, names.NfTimeout, names.NfHelper, names.NfTables,
	names.NfCompat, names.NfHook}

func nfType(p *text.Printer, t uint16) {
	if s := text.NameOf(names.NfMsg, uint64(t)); s != "" {
		p.Val(names.NfMsg, uint64(t))
		return
	}
	sub := t >> 8
	p.Val(names.NfSubsys, uint64(sub))
	p.Str("<<8|")
	if sub > 0 && int(sub) < len(nfTypes) {
		p.Val(nfTypes[sub], uint64(t&0xff))
	} else {
		p.AltHex(uint64(t & 0xff))
	}
}

// nlFlags prints a message's flags; the upper ones mean other things for
// requests to get, to make and to remove (netlink(7)).
func nlFlags(p *text.Printer, proto int, t, f uint16) {
	x := names.ID(names.NlFlags)
	switch {
	case t == unix.NLMSG_ERROR:
		x = names.NlAck
	case t < unix.NLMSG_MIN_TYPE:
	case proto == unix.NETLINK_ROUTE:
		x = routeFlags(t)
	case proto == unix.NETLINK_SOCK_DIAG:
		x = names.NlGetFlags
	case proto == unix.NETLINK_NETFILTER:
		x = nfFlags(t)
	case proto == unix.NETLINK_XFRM:
		x = xfrmFlags(t)
	case proto == unix.NETLINK_CRYPTO:
		x = cryptoFlags(t)
	}
	p.EitherFlags(names.NlFlags, x, uint64(f))
}

func routeFlags(t uint16) names.ID {
	const delAction = 49 // RTM_DELACTION takes the flags of a dump
	switch {
	case t == delAction, t&3 == 2:
		return names.NlGetFlags
	case t&3 == 0:
		return names.NlNewFlags
	case t&3 == 1:
		return names.NlDel
	}
	return names.NlFlags
}

// nfOps are, for each subsystem of netfilter and type of message, the flags:
// n for new, g for get, d for delete.
var nfOps = [...]string{1: "ngdggggg", 2: "ngdg", 7: "nggd", 8: "ngd", 9: "ngd",
	10: "ngdngdngdngdngd" + "ng" + ".ngdgngd", 11: "g", 12: "g"}

func nfFlags(t uint16) names.ID {
	sub, typ := int(t>>8), int(t&0xff)
	if sub >= len(nfOps) || typ >= len(nfOps[sub]) {
		return names.NlFlags
	}
	switch nfOps[sub][typ] {
	case 'n':
		return names.NlNewFlags
	case 'g':
		return names.NlGetFlags
	case 'd':
		return names.NlDel
	}
	return names.NlFlags
}

// xfrmFlags knows the types of include/uapi/linux/xfrm.h.
func xfrmFlags(t uint16) names.ID {
	switch t {
	case 0x10, 0x13, 0x1e, 0x22, 0x24: // NEWSA, NEWPOLICY, NEWAE, NEWSADINFO, NEWSPDINFO
		return names.NlNewFlags
	case 0x11, 0x14: // DELSA, DELPOLICY
		return names.NlDel
	case 0x12, 0x15, 0x1f, 0x23, 0x25:
		return names.NlGetFlags
	}
	return names.NlFlags
}

// cryptoFlags knows the types of include/uapi/linux/cryptouser.h.
func cryptoFlags(t uint16) names.ID {
	switch t {
	case 0x10: // NEWALG
		return names.NlNewFlags
	case 0x11, 0x14: // DELALG, DELRNG
		return names.NlDel
	case 0x13: // GETALG
		return names.NlGetFlags
	}
	return names.NlFlags
}

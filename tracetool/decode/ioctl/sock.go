package ioctl

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/common"
	"libsystrap/tracetool/text"
)

// Network interfaces (netdevice(7)).

var (
	sIfrName   = []text.Field{{Name: "ifr_name", Kind: text.Str, Arg: 16}, {Kind: text.Pad, Arg: 24}}
	sIfrIndex  = []text.Field{{Kind: text.At, Arg: 16}, {Name: "ifr_ifindex", Kind: text.D32}, {Kind: text.Pad, Arg: 20}}
	sIfrIndexN = []text.Field{{Kind: text.At, Arg: 16}, {Name: "ifr_ifindex", Kind: text.Ifindex}, {Kind: text.Pad, Arg: 20}}
	sIfrFlags  = []text.Field{{Kind: text.At, Arg: 16}, {Name: "ifr_flags", Kind: text.F16, Arg: names.Iff}}
	sIfrMetric = []text.Field{{Kind: text.At, Arg: 16}, {Name: "ifr_metric", Kind: text.D32}}
	sIfrMtu    = []text.Field{{Kind: text.At, Arg: 16}, {Name: "ifr_mtu", Kind: text.D32}}
	sIfrSlave  = []text.Field{{Kind: text.At, Arg: 16}, {Name: "ifr_slave", Kind: text.Str, Arg: 16}}
	sIfrNew    = []text.Field{{Kind: text.At, Arg: 16}, {Name: "ifr_newname", Kind: text.Str, Arg: 16}}
	sIfrQlen   = []text.Field{{Kind: text.At, Arg: 16}, {Name: "ifr_qlen", Kind: text.D32}}
	sIfrMap    = []text.Field{{Kind: text.At, Arg: 16}, {Name: "ifr_map", Kind: text.Open}, {Name: "mem_start", Kind: text.X64}, {Name: "mem_end", Kind: text.X64}, {Name: "base_addr", Kind: text.X16},
		{Name: "irq", Kind: text.X8}, {Name: "dma", Kind: text.X8}, {Name: "port", Kind: text.X8}, {Kind: text.Close}}
)

var ioctlSock = []Arg{
	{cmd: names.FIOGETOWN, k: IntAt | Out}, {cmd: names.SIOCATMARK, k: IntAt | Out}, {cmd: names.SIOCGIFENCAP, k: IntAt | Out},
	{cmd: names.SIOCGPGRP, k: IntAt | Out}, {cmd: names.SIOCOUTQNSD, k: IntAt | Out}, {cmd: names.FIOSETOWN, k: IntAt}, {cmd: names.SIOCSIFENCAP, k: IntAt},
	{cmd: names.SIOCSPGRP, k: IntAt}, {cmd: names.SIOCBRADDBR, k: TextArg, X: 16}, {cmd: names.SIOCBRDELBR, k: TextArg, X: 16},
	{cmd: names.SIOCBRADDIF, k: Struct, S: sIfrIndexN}, {cmd: names.SIOCBRDELIF, k: Struct, S: sIfrIndexN}, {cmd: names.SIOCGIFCONF, k: Special},
	{cmd: names.SIOCADDMULTI, k: Special}, {cmd: names.SIOCDELMULTI, k: Special}, {cmd: names.SIOCSIFADDR, k: Special},
	{cmd: names.SIOCSIFBRDADDR, k: Special}, {cmd: names.SIOCSIFDSTADDR, k: Special}, {cmd: names.SIOCSIFFLAGS, k: Special},
	{cmd: names.SIOCSIFHWADDR, k: Special}, {cmd: names.SIOCSIFHWBROADCAST, k: Special}, {cmd: names.SIOCSIFMAP, k: Special},
	{cmd: names.SIOCSIFMETRIC, k: Special}, {cmd: names.SIOCSIFMTU, k: Special}, {cmd: names.SIOCSIFNAME, k: Special},
	{cmd: names.SIOCSIFNETMASK, k: Special}, {cmd: names.SIOCSIFSLAVE, k: Special}, {cmd: names.SIOCSIFTXQLEN, k: Special},
	{cmd: names.SIOCGIFADDR, k: Special}, {cmd: names.SIOCGIFBRDADDR, k: Special}, {cmd: names.SIOCGIFDSTADDR, k: Special},
	{cmd: names.SIOCGIFFLAGS, k: Special}, {cmd: names.SIOCGIFHWADDR, k: Special}, {cmd: names.SIOCGIFINDEX, k: Special},
	{cmd: names.SIOCGIFMAP, k: Special}, {cmd: names.SIOCGIFMETRIC, k: Special}, {cmd: names.SIOCGIFMTU, k: Special},
	{cmd: names.SIOCGIFNAME, k: Special}, {cmd: names.SIOCGIFNETMASK, k: Special}, {cmd: names.SIOCGIFSLAVE, k: Special},
	{cmd: names.SIOCGIFTXQLEN, k: Special},
	{cmd: names.SIOCADDDLCI, k: Addr}, {cmd: names.SIOCADDRT, k: Addr}, {cmd: names.SIOCBONDCHANGEACTIVE, k: Addr}, {cmd: names.SIOCBONDENSLAVE, k: Addr},
	{cmd: names.SIOCBONDINFOQUERY, k: Addr}, {cmd: names.SIOCBONDRELEASE, k: Addr}, {cmd: names.SIOCBONDSETHWADDR, k: Addr},
	{cmd: names.SIOCBONDSLAVEINFOQUERY, k: Addr}, {cmd: names.SIOCDARP, k: Addr}, {cmd: names.SIOCDELDLCI, k: Addr}, {cmd: names.SIOCDELRT, k: Addr},
	{cmd: names.SIOCDIFADDR, k: Addr}, {cmd: names.SIOCDRARP, k: Addr}, {cmd: names.SIOCETHTOOL, k: Addr}, {cmd: names.SIOCGARP, k: Addr},
	{cmd: names.SIOCGHWTSTAMP, k: Addr}, {cmd: names.SIOCGIFBR, k: Addr}, {cmd: names.SIOCGIFCOUNT, k: Addr}, {cmd: names.SIOCGIFMEM, k: Addr},
	{cmd: names.SIOCGIFPFLAGS, k: Addr}, {cmd: names.SIOCGIFVLAN, k: Addr}, {cmd: names.SIOCGMIIPHY, k: Addr}, {cmd: names.SIOCGMIIREG, k: Addr},
	{cmd: names.SIOCGRARP, k: Addr}, {cmd: names.SIOCGSKNS, k: Addr}, {cmd: names.SIOCGSTAMP_OLD, k: Addr}, {cmd: 0x80108906, k: Addr},
	{cmd: names.SIOCGSTAMPNS_OLD, k: Addr}, {cmd: 0x80108907, k: Addr}, {cmd: names.SIOCRTMSG, k: Addr}, {cmd: names.SIOCSARP, k: Addr},
	{cmd: names.SIOCSHWTSTAMP, k: Addr}, {cmd: names.SIOCSIFBR, k: Addr}, {cmd: names.SIOCSIFLINK, k: Addr}, {cmd: names.SIOCSIFMEM, k: Addr},
	{cmd: names.SIOCSIFPFLAGS, k: Addr}, {cmd: names.SIOCSIFVLAN, k: Addr}, {cmd: names.SIOCSMIIREG, k: Addr}, {cmd: names.SIOCSRARP, k: Addr},
	{cmd: names.SIOCWANDEV, k: Addr},
}

// ifreq prints struct ifreq: the name, and what the command is about when the
// call is made, or for one that asks when it has returned.
func ifreq(p *text.Printer, cmd uint32, v uint64) text.Step {
	const size = 40
	get := ifreqGets(cmd)
	if !p.Cont {
		p.Comma()
		if !text.Readable(v, size) {
			p.Ptr(v)
			return text.Last
		}
		p.Byte('{')
		if cmd == names.SIOCGIFNAME {
			p.Fields(v, sIfrIndex, size, true)
		} else {
			p.Fields(v, sIfrName, size, true)
		}
		if get && !p.Exit {
			return text.Wait
		}
	}
	if !get || !p.Failed() {
		ifreqMember(p, cmd, v, size)
	}
	p.Byte('}')
	return text.Last
}

func ifreqGets(cmd uint32) bool {
	switch cmd {
	case names.SIOCGIFADDR, names.SIOCGIFBRDADDR, names.SIOCGIFDSTADDR, names.SIOCGIFFLAGS, names.SIOCGIFHWADDR, names.SIOCGIFINDEX, names.SIOCGIFMAP,
		names.SIOCGIFMETRIC, names.SIOCGIFMTU, names.SIOCGIFNAME, names.SIOCGIFNETMASK, names.SIOCGIFSLAVE, names.SIOCGIFTXQLEN:
		return true
	}
	return false
}

func ifreqMember(p *text.Printer, cmd uint32, v, size uint64) {
	var s []text.Field
	switch cmd {
	case names.SIOCSIFADDR, names.SIOCGIFADDR:
		ifreqAddr(p, "ifr_addr", v)
	case names.SIOCSIFDSTADDR, names.SIOCGIFDSTADDR:
		ifreqAddr(p, "ifr_dstaddr", v)
	case names.SIOCSIFBRDADDR, names.SIOCGIFBRDADDR:
		ifreqAddr(p, "ifr_broadaddr", v)
	case names.SIOCSIFNETMASK, names.SIOCGIFNETMASK:
		ifreqAddr(p, "ifr_netmask", v)
	case names.SIOCADDMULTI, names.SIOCDELMULTI, names.SIOCGIFHWADDR, names.SIOCSIFHWADDR, names.SIOCSIFHWBROADCAST:
		ifreqHw(p, v)
	case names.SIOCSIFFLAGS, names.SIOCGIFFLAGS:
		s = sIfrFlags
	case names.SIOCGIFINDEX:
		s = sIfrIndex
	case names.SIOCSIFMETRIC, names.SIOCGIFMETRIC:
		s = sIfrMetric
	case names.SIOCSIFMTU, names.SIOCGIFMTU:
		s = sIfrMtu
	case names.SIOCSIFSLAVE, names.SIOCGIFSLAVE:
		s = sIfrSlave
	case names.SIOCSIFNAME:
		s = sIfrNew
	case names.SIOCGIFNAME:
		s = sIfrName
	case names.SIOCSIFTXQLEN, names.SIOCGIFTXQLEN:
		s = sIfrQlen
	case names.SIOCSIFMAP, names.SIOCGIFMAP:
		s = sIfrMap
	}
	if s != nil {
		p.Fields(v, s, size, false)
	}
}

func ifreqAddr(p *text.Printer, name string, v uint64) {
	p.Field(name)
	common.Sockaddr(p, v+16, 16)
}

// ifreqHw prints a hardware address, which is as long as its type says.
func ifreqHw(p *text.Printer, v uint64) {
	w := text.Window{Addr: v, End: 40}
	t := w.Num(16, 2)
	p.Str(", ifr_hwaddr={sa_family=")
	p.Val(names.Arphrd, t)
	p.Field("sa_data")
	p.Mac(w.Bytes(18, min(14, hwSize(t))))
	p.Byte('}')
}

// hwSize is the size of a hardware address of type t (linux/if_arp.h).
func hwSize(t uint64) uint64 {
	switch t {
	case unix.ARPHRD_SLIP, unix.ARPHRD_X25, unix.ARPHRD_CAN, unix.ARPHRD_PPP, unix.ARPHRD_RAWHDLC, 519: // ARPHRD_RAWIP
		return 0
	case unix.ARPHRD_LOOPBACK, unix.ARPHRD_FDDI, unix.ARPHRD_IEEE80211, unix.ARPHRD_IEEE80211_PRISM, unix.ARPHRD_IEEE80211_RADIOTAP, unix.ARPHRD_HIPPI:
		return 6
	case unix.ARPHRD_TUNNEL, unix.ARPHRD_SIT, unix.ARPHRD_IPGRE:
		return 4
	case unix.ARPHRD_TUNNEL6, unix.ARPHRD_IP6GRE:
		return 16
	case unix.ARPHRD_LOCALTLK:
		return 1
	case unix.ARPHRD_ROSE:
		return 5
	case unix.ARPHRD_IEEE802154:
		return 8
	}
	return text.MacSize(t)
}

// ifconf prints struct ifconf; saved[0] and saved[1] are its members as they
// were when the call was made.
func ifconf(p *text.Printer, v uint64) text.Step {
	const size = 40
	var c struct {
		n   int32
		_   int32
		buf uint64
	}
	ok := text.Peek(unsafe.Pointer(&c), 16, v)
	if !p.Cont {
		p.Comma()
		if !ok {
			p.Ptr(v)
			return text.Last
		}
		p.Str("{ifc_len=")
		if c.buf != 0 {
			ifcLen(p, c.n)
		}
		p.Saved[0], p.Saved[1] = uint64(c.n), c.buf
		if !p.Exit {
			return text.Wait
		}
	}
	was, buf := int32(p.Saved[0]), p.Saved[1]
	if !ok {
		if buf == 0 {
			ifcLen(p, was)
		}
		p.Field("ifc_buf")
		p.Ptr(buf)
		p.Byte('}')
		return text.Last
	}
	if buf != 0 && was != c.n {
		p.Str(" => ")
	}
	if buf == 0 || was != c.n {
		ifcLen(p, c.n)
	}
	p.Field("ifc_buf")
	if buf == 0 || p.Failed() {
		p.Ptr(buf)
		if buf != c.buf {
			p.Str(" => ")
			p.Ptr(c.buf)
		}
		p.Byte('}')
		return text.Last
	}
	var r [size]byte
	n := uint64(c.n) / size
	for i := uint64(0); p.Each(unsafe.Pointer(&r), size, c.buf, i, n); i++ {
		at := c.buf + size*i
		p.Byte('{')
		p.Fields(at, sIfrName, size, true)
		ifreqAddr(p, "ifr_addr", at)
		p.Byte('}')
	}
	p.Byte('}')
	return text.Last
}

func ifcLen(p *text.Printer, n int32) {
	p.Int(int64(n))
	if n > 0 && n%40 == 0 {
		p.Str(" /* ")
		p.Uint(uint64(n) / 40)
		p.Str(" * sizeof(struct ifreq) */")
	}
}

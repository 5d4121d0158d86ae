package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Network interfaces (netdevice(7)).

var (
	sIfrName   = []field{{"ifr_name", fStr, 16}, {"", fPad, 24}}
	sIfrIndex  = []field{{"", fAt, 16}, {"ifr_ifindex", fD32, 0}, {"", fPad, 20}}
	sIfrIndexN = []field{{"", fAt, 16}, {"ifr_ifindex", fIfindex, 0}, {"", fPad, 20}}
	sIfrFlags  = []field{{"", fAt, 16}, {"ifr_flags", fF16, xIff}}
	sIfrMetric = []field{{"", fAt, 16}, {"ifr_metric", fD32, 0}}
	sIfrMtu    = []field{{"", fAt, 16}, {"ifr_mtu", fD32, 0}}
	sIfrSlave  = []field{{"", fAt, 16}, {"ifr_slave", fStr, 16}}
	sIfrNew    = []field{{"", fAt, 16}, {"ifr_newname", fStr, 16}}
	sIfrQlen   = []field{{"", fAt, 16}, {"ifr_qlen", fD32, 0}}
	sIfrMap    = []field{{"", fAt, 16}, {"ifr_map", fOpen, 0}, {"mem_start", fX64, 0}, {"mem_end", fX64, 0}, {"base_addr", fX16, 0},
		{"irq", fX8, 0}, {"dma", fX8, 0}, {"port", fX8, 0}, {"", fClose, 0}}
)

var ioctlSock = []ioctlArg{
	{cmd: cmdFIOGETOWN, k: iIntAt | out}, {cmd: cmdSIOCATMARK, k: iIntAt | out}, {cmd: cmdSIOCGIFENCAP, k: iIntAt | out},
	{cmd: cmdSIOCGPGRP, k: iIntAt | out}, {cmd: cmdSIOCOUTQNSD, k: iIntAt | out}, {cmd: cmdFIOSETOWN, k: iIntAt}, {cmd: cmdSIOCSIFENCAP, k: iIntAt},
	{cmd: cmdSIOCSPGRP, k: iIntAt}, {cmd: cmdSIOCBRADDBR, k: iTextArg, x: 16}, {cmd: cmdSIOCBRDELBR, k: iTextArg, x: 16},
	{cmd: cmdSIOCBRADDIF, k: iStruct, s: sIfrIndexN}, {cmd: cmdSIOCBRDELIF, k: iStruct, s: sIfrIndexN}, {cmd: cmdSIOCGIFCONF, k: iSpecial},
	{cmd: cmdSIOCADDMULTI, k: iSpecial}, {cmd: cmdSIOCDELMULTI, k: iSpecial}, {cmd: cmdSIOCSIFADDR, k: iSpecial},
	{cmd: cmdSIOCSIFBRDADDR, k: iSpecial}, {cmd: cmdSIOCSIFDSTADDR, k: iSpecial}, {cmd: cmdSIOCSIFFLAGS, k: iSpecial},
	{cmd: cmdSIOCSIFHWADDR, k: iSpecial}, {cmd: cmdSIOCSIFHWBROADCAST, k: iSpecial}, {cmd: cmdSIOCSIFMAP, k: iSpecial},
	{cmd: cmdSIOCSIFMETRIC, k: iSpecial}, {cmd: cmdSIOCSIFMTU, k: iSpecial}, {cmd: cmdSIOCSIFNAME, k: iSpecial},
	{cmd: cmdSIOCSIFNETMASK, k: iSpecial}, {cmd: cmdSIOCSIFSLAVE, k: iSpecial}, {cmd: cmdSIOCSIFTXQLEN, k: iSpecial},
	{cmd: cmdSIOCGIFADDR, k: iSpecial}, {cmd: cmdSIOCGIFBRDADDR, k: iSpecial}, {cmd: cmdSIOCGIFDSTADDR, k: iSpecial},
	{cmd: cmdSIOCGIFFLAGS, k: iSpecial}, {cmd: cmdSIOCGIFHWADDR, k: iSpecial}, {cmd: cmdSIOCGIFINDEX, k: iSpecial},
	{cmd: cmdSIOCGIFMAP, k: iSpecial}, {cmd: cmdSIOCGIFMETRIC, k: iSpecial}, {cmd: cmdSIOCGIFMTU, k: iSpecial},
	{cmd: cmdSIOCGIFNAME, k: iSpecial}, {cmd: cmdSIOCGIFNETMASK, k: iSpecial}, {cmd: cmdSIOCGIFSLAVE, k: iSpecial},
	{cmd: cmdSIOCGIFTXQLEN, k: iSpecial},
	{cmd: cmdSIOCADDDLCI, k: iAddr}, {cmd: cmdSIOCADDRT, k: iAddr}, {cmd: cmdSIOCBONDCHANGEACTIVE, k: iAddr}, {cmd: cmdSIOCBONDENSLAVE, k: iAddr},
	{cmd: cmdSIOCBONDINFOQUERY, k: iAddr}, {cmd: cmdSIOCBONDRELEASE, k: iAddr}, {cmd: cmdSIOCBONDSETHWADDR, k: iAddr},
	{cmd: cmdSIOCBONDSLAVEINFOQUERY, k: iAddr}, {cmd: cmdSIOCDARP, k: iAddr}, {cmd: cmdSIOCDELDLCI, k: iAddr}, {cmd: cmdSIOCDELRT, k: iAddr},
	{cmd: cmdSIOCDIFADDR, k: iAddr}, {cmd: cmdSIOCDRARP, k: iAddr}, {cmd: cmdSIOCETHTOOL, k: iAddr}, {cmd: cmdSIOCGARP, k: iAddr},
	{cmd: cmdSIOCGHWTSTAMP, k: iAddr}, {cmd: cmdSIOCGIFBR, k: iAddr}, {cmd: cmdSIOCGIFCOUNT, k: iAddr}, {cmd: cmdSIOCGIFMEM, k: iAddr},
	{cmd: cmdSIOCGIFPFLAGS, k: iAddr}, {cmd: cmdSIOCGIFVLAN, k: iAddr}, {cmd: cmdSIOCGMIIPHY, k: iAddr}, {cmd: cmdSIOCGMIIREG, k: iAddr},
	{cmd: cmdSIOCGRARP, k: iAddr}, {cmd: cmdSIOCGSKNS, k: iAddr}, {cmd: cmdSIOCGSTAMP_OLD, k: iAddr}, {cmd: 0x80108906, k: iAddr},
	{cmd: cmdSIOCGSTAMPNS_OLD, k: iAddr}, {cmd: 0x80108907, k: iAddr}, {cmd: cmdSIOCRTMSG, k: iAddr}, {cmd: cmdSIOCSARP, k: iAddr},
	{cmd: cmdSIOCSHWTSTAMP, k: iAddr}, {cmd: cmdSIOCSIFBR, k: iAddr}, {cmd: cmdSIOCSIFLINK, k: iAddr}, {cmd: cmdSIOCSIFMEM, k: iAddr},
	{cmd: cmdSIOCSIFPFLAGS, k: iAddr}, {cmd: cmdSIOCSIFVLAN, k: iAddr}, {cmd: cmdSIOCSMIIREG, k: iAddr}, {cmd: cmdSIOCSRARP, k: iAddr},
	{cmd: cmdSIOCWANDEV, k: iAddr},
}

// ifreq prints struct ifreq: the name, and what the command is about when the
// call is made, or for one that asks when it has returned.
func (p *printer) ifreq(cmd uint32, v uint64) step {
	const size = 40
	get := ifreqGets(cmd)
	if !p.cont {
		p.comma()
		if !readable(v, size) {
			p.ptr(v)
			return last
		}
		p.Byte('{')
		if cmd == cmdSIOCGIFNAME {
			p.fields(v, sIfrIndex, size, true)
		} else {
			p.fields(v, sIfrName, size, true)
		}
		if get && !p.exit {
			return wait
		}
	}
	if !get || !p.failed() {
		p.ifreqMember(cmd, v, size)
	}
	p.Byte('}')
	return last
}

func ifreqGets(cmd uint32) bool {
	switch cmd {
	case cmdSIOCGIFADDR, cmdSIOCGIFBRDADDR, cmdSIOCGIFDSTADDR, cmdSIOCGIFFLAGS, cmdSIOCGIFHWADDR, cmdSIOCGIFINDEX, cmdSIOCGIFMAP,
		cmdSIOCGIFMETRIC, cmdSIOCGIFMTU, cmdSIOCGIFNAME, cmdSIOCGIFNETMASK, cmdSIOCGIFSLAVE, cmdSIOCGIFTXQLEN:
		return true
	}
	return false
}

func (p *printer) ifreqMember(cmd uint32, v, size uint64) {
	var s []field
	switch cmd {
	case cmdSIOCSIFADDR, cmdSIOCGIFADDR:
		p.ifreqAddr("ifr_addr", v)
	case cmdSIOCSIFDSTADDR, cmdSIOCGIFDSTADDR:
		p.ifreqAddr("ifr_dstaddr", v)
	case cmdSIOCSIFBRDADDR, cmdSIOCGIFBRDADDR:
		p.ifreqAddr("ifr_broadaddr", v)
	case cmdSIOCSIFNETMASK, cmdSIOCGIFNETMASK:
		p.ifreqAddr("ifr_netmask", v)
	case cmdSIOCADDMULTI, cmdSIOCDELMULTI, cmdSIOCGIFHWADDR, cmdSIOCSIFHWADDR, cmdSIOCSIFHWBROADCAST:
		p.ifreqHw(v)
	case cmdSIOCSIFFLAGS, cmdSIOCGIFFLAGS:
		s = sIfrFlags
	case cmdSIOCGIFINDEX:
		s = sIfrIndex
	case cmdSIOCSIFMETRIC, cmdSIOCGIFMETRIC:
		s = sIfrMetric
	case cmdSIOCSIFMTU, cmdSIOCGIFMTU:
		s = sIfrMtu
	case cmdSIOCSIFSLAVE, cmdSIOCGIFSLAVE:
		s = sIfrSlave
	case cmdSIOCSIFNAME:
		s = sIfrNew
	case cmdSIOCGIFNAME:
		s = sIfrName
	case cmdSIOCSIFTXQLEN, cmdSIOCGIFTXQLEN:
		s = sIfrQlen
	case cmdSIOCSIFMAP, cmdSIOCGIFMAP:
		s = sIfrMap
	}
	if s != nil {
		p.fields(v, s, size, false)
	}
}

func (p *printer) ifreqAddr(name string, v uint64) {
	p.field(name)
	p.sockaddr(v+16, 16)
}

// ifreqHw prints a hardware address, which is as long as its type says.
func (p *printer) ifreqHw(v uint64) {
	w := window{addr: v, end: 40}
	t := w.num(16, 2)
	p.Str(", ifr_hwaddr={sa_family=")
	p.val(xArphrd, t)
	p.field("sa_data")
	p.mac(w.bytes(18, min(14, hwSize(t))))
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
	return macSize(t)
}

// ifconf prints struct ifconf; saved[0] and saved[1] are its members as they
// were when the call was made.
func (p *printer) ifconf(v uint64) step {
	const size = 40
	var c struct {
		n   int32
		_   int32
		buf uint64
	}
	ok := peek(unsafe.Pointer(&c), 16, v)
	if !p.cont {
		p.comma()
		if !ok {
			p.ptr(v)
			return last
		}
		p.Str("{ifc_len=")
		if c.buf != 0 {
			p.ifcLen(c.n)
		}
		p.saved[0], p.saved[1] = uint64(c.n), c.buf
		if !p.exit {
			return wait
		}
	}
	was, buf := int32(p.saved[0]), p.saved[1]
	if !ok {
		if buf == 0 {
			p.ifcLen(was)
		}
		p.field("ifc_buf")
		p.ptr(buf)
		p.Byte('}')
		return last
	}
	if buf != 0 && was != c.n {
		p.Str(" => ")
	}
	if buf == 0 || was != c.n {
		p.ifcLen(c.n)
	}
	p.field("ifc_buf")
	if buf == 0 || p.failed() {
		p.ptr(buf)
		if buf != c.buf {
			p.Str(" => ")
			p.ptr(c.buf)
		}
		p.Byte('}')
		return last
	}
	var r [size]byte
	n := uint64(c.n) / size
	for i := uint64(0); p.each(unsafe.Pointer(&r), size, c.buf, i, n); i++ {
		at := c.buf + size*i
		p.Byte('{')
		p.fields(at, sIfrName, size, true)
		p.ifreqAddr("ifr_addr", at)
		p.Byte('}')
	}
	p.Byte('}')
	return last
}

func (p *printer) ifcLen(n int32) {
	p.Int(int64(n))
	if n > 0 && n%40 == 0 {
		p.Str(" /* ")
		p.Uint(uint64(n) / 40)
		p.Str(" * sizeof(struct ifreq) */")
	}
}

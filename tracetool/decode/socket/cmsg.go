package socket

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/common"
	"libsystrap/tracetool/text"
)

var (
	sPktinfo = []text.Field{{Name: "ipi_ifindex", Kind: text.Ifindex}, {Name: "ipi_spec_dst", Kind: text.In4}, {Name: "ipi_addr", Kind: text.In4}}
	sRecverr = []text.Field{{Name: "ee_errno", Kind: text.U32}, {Name: "ee_origin", Kind: text.U8}, {Name: "ee_type", Kind: text.U8}, {Name: "ee_code", Kind: text.U8},
		{Name: "ee_info", Kind: text.U32}, {Name: "ee_data", Kind: text.U32}}
	sTimeval  = []text.Field{{Name: "tv_sec", Kind: text.D64}, {Name: "tv_usec", Kind: text.U64}}
	sTimespec = []text.Field{{Name: "tv_sec", Kind: text.D64}, {Name: "tv_nsec", Kind: text.U64}}
)

// cmsg prints the type of a control message and its n bytes of data.
func cmsg(p *text.Printer, level, kind int32, addr, n uint64) {
	switch level {
	case unix.SOL_SOCKET:
		p.Val(names.Scm, uint64(uint32(kind)))
		cmsgSocket(p, kind, addr, n)
	case unix.SOL_IP:
		p.Val(names.IpCmsg, uint64(uint32(kind)))
		cmsgIP(p, kind, addr, n)
	default:
		p.AltHex(uint64(uint32(kind)))
	}
}

func cmsgSocket(p *text.Printer, kind int32, addr, n uint64) {
	switch {
	case kind == unix.SCM_RIGHTS && n >= 4:
		p.Field("cmsg_data")
		fdArray(p, addr, n/4)
	case kind == unix.SCM_CREDENTIALS && n >= 12:
		p.Field("cmsg_data")
		p.StructAt(addr, sUcred)
	case kind == 3 && n >= 1: // SCM_SECURITY
		p.Field("cmsg_data")
		p.Text(addr, n, n, false)
	case (kind == unix.SO_TIMESTAMP || kind == 63) && n >= 1:
		p.Field("cmsg_data")
		cmsgTime(p, addr, n, sTimeval)
	case (kind == unix.SO_TIMESTAMPNS || kind == 64) && n >= 1:
		p.Field("cmsg_data")
		cmsgTime(p, addr, n, sTimespec)
	case (kind == unix.SO_TIMESTAMPING || kind == 65) && n >= 1:
		p.Field("cmsg_data")
		if n < 48 {
			p.Str("???")
			break
		}
		p.Byte('[')
		p.StructAt(addr, sTimespec)
		p.Comma()
		p.StructAt(addr+16, sTimespec)
		p.Comma()
		p.StructAt(addr+32, sTimespec)
		p.Byte(']')
	}
}

// cmsgTime prints a time, or what there is of it.
func cmsgTime(p *text.Printer, addr, n uint64, s []text.Field) {
	if n < 16 {
		p.Str("???")
		return
	}
	p.StructAt(addr, s)
}

func cmsgIP(p *text.Printer, kind int32, addr, n uint64) {
	switch {
	case kind == unix.IP_PKTINFO && n >= 12:
		p.Field("cmsg_data")
		p.StructAt(addr, sPktinfo)
	case (kind == unix.IP_TTL || kind == unix.IP_CHECKSUM) && n >= 4:
		p.Field("cmsg_data")
		var v uint32
		for i := uint64(0); p.Each(unsafe.Pointer(&v), 4, addr, i, n/4); i++ {
			p.Uint(uint64(v))
		}
	case (kind == unix.IP_TOS || kind == unix.IP_RECVOPTS || kind == unix.IP_RETOPTS) && n >= 1:
		p.Field("cmsg_data")
		var v uint8
		for i := uint64(0); p.Each(unsafe.Pointer(&v), 1, addr, i, n); i++ {
			p.AltHex(uint64(v))
		}
	case kind == unix.IP_RECVERR && n >= 32:
		p.Field("cmsg_data")
		p.Byte('{')
		p.Fields(addr, sRecverr, 16, true)
		p.Field("offender")
		common.Sockaddr(p, addr+16, 16)
		p.Byte('}')
	case kind == unix.IP_ORIGDSTADDR && n >= 16:
		p.Field("cmsg_data")
		common.Sockaddr(p, addr, int64(n))
	case kind == 3 && n >= 1: // SCM_SECURITY
		p.Field("cmsg_data")
		p.Text(addr, n, n, false)
	}
}

func fdArray(p *text.Printer, addr, n uint64) {
	var fd int32
	for i := uint64(0); p.Each(unsafe.Pointer(&fd), 4, addr, i, n); i++ {
		p.Fd(fd)
	}
}

package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

var (
	sPktinfo = []field{{"ipi_ifindex", fIfindex, 0}, {"ipi_spec_dst", fIn4, 0}, {"ipi_addr", fIn4, 0}}
	sRecverr = []field{{"ee_errno", fU32, 0}, {"ee_origin", fU8, 0}, {"ee_type", fU8, 0}, {"ee_code", fU8, 0},
		{"ee_info", fU32, 0}, {"ee_data", fU32, 0}}
	sTimeval  = []field{{"tv_sec", fD64, 0}, {"tv_usec", fU64, 0}}
	sTimespec = []field{{"tv_sec", fD64, 0}, {"tv_nsec", fU64, 0}}
)

// cmsg prints the type of a control message and its n bytes of data.
func (p *printer) cmsg(level, kind int32, addr, n uint64) {
	switch level {
	case unix.SOL_SOCKET:
		p.val(xScm, uint64(uint32(kind)))
		p.cmsgSocket(kind, addr, n)
	case unix.SOL_IP:
		p.val(xIpCmsg, uint64(uint32(kind)))
		p.cmsgIP(kind, addr, n)
	default:
		p.hex(uint64(uint32(kind)))
	}
}

func (p *printer) cmsgSocket(kind int32, addr, n uint64) {
	switch {
	case kind == unix.SCM_RIGHTS && n >= 4:
		p.field("cmsg_data")
		p.fdArray(addr, n/4)
	case kind == unix.SCM_CREDENTIALS && n >= 12:
		p.field("cmsg_data")
		p.structAt(addr, sUcred)
	case kind == 3 && n >= 1: // SCM_SECURITY
		p.field("cmsg_data")
		p.text(addr, n, n, false)
	case (kind == unix.SO_TIMESTAMP || kind == 63) && n >= 1:
		p.field("cmsg_data")
		p.cmsgTime(addr, n, sTimeval)
	case (kind == unix.SO_TIMESTAMPNS || kind == 64) && n >= 1:
		p.field("cmsg_data")
		p.cmsgTime(addr, n, sTimespec)
	case (kind == unix.SO_TIMESTAMPING || kind == 65) && n >= 1:
		p.field("cmsg_data")
		if n < 48 {
			p.Str("???")
			break
		}
		p.Byte('[')
		p.structAt(addr, sTimespec)
		p.comma()
		p.structAt(addr+16, sTimespec)
		p.comma()
		p.structAt(addr+32, sTimespec)
		p.Byte(']')
	}
}

// cmsgTime prints a time, or what there is of it.
func (p *printer) cmsgTime(addr, n uint64, s []field) {
	if n < 16 {
		p.Str("???")
		return
	}
	p.structAt(addr, s)
}

func (p *printer) cmsgIP(kind int32, addr, n uint64) {
	switch {
	case kind == unix.IP_PKTINFO && n >= 12:
		p.field("cmsg_data")
		p.structAt(addr, sPktinfo)
	case (kind == unix.IP_TTL || kind == unix.IP_CHECKSUM) && n >= 4:
		p.field("cmsg_data")
		var v uint32
		for i := uint64(0); p.each(unsafe.Pointer(&v), 4, addr, i, n/4); i++ {
			p.Uint(uint64(v))
		}
	case (kind == unix.IP_TOS || kind == unix.IP_RECVOPTS || kind == unix.IP_RETOPTS) && n >= 1:
		p.field("cmsg_data")
		var v uint8
		for i := uint64(0); p.each(unsafe.Pointer(&v), 1, addr, i, n); i++ {
			p.hex(uint64(v))
		}
	case kind == unix.IP_RECVERR && n >= 32:
		p.field("cmsg_data")
		p.Byte('{')
		p.fields(addr, sRecverr, 16, true)
		p.field("offender")
		p.sockaddr(addr+16, 16)
		p.Byte('}')
	case kind == unix.IP_ORIGDSTADDR && n >= 16:
		p.field("cmsg_data")
		p.sockaddr(addr, int64(n))
	case kind == 3 && n >= 1: // SCM_SECURITY
		p.field("cmsg_data")
		p.text(addr, n, n, false)
	}
}

func (p *printer) fdArray(addr, n uint64) {
	var fd int32
	for i := uint64(0); p.each(unsafe.Pointer(&fd), 4, addr, i, n); i++ {
		p.fd(fd)
	}
}

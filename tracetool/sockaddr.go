package tracetool

import (
	"math/bits"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// sockaddrMax is sizeof(struct sockaddr_storage).
const sockaddrMax = 128

// sockaddr prints the socket address of n bytes at addr.
func (p *printer) sockaddr(addr uint64, n int64) {
	var b [sockaddrMax]byte
	if addr == 0 {
		p.Str("NULL")
		return
	}
	if n < 2 {
		p.Hex(addr)
		return
	}
	if n > sockaddrMax {
		n = sockaddrMax
	}
	if systrap.Read(b[:n], addr) != int(n) {
		p.Hex(addr)
		return
	}
	p.sockaddrBytes(&b, int(n))
}

func (p *printer) sockaddrBytes(b *[sockaddrMax]byte, n int) {
	family := uint32(b[0]) | uint32(b[1])<<8
	p.Str("{sa_family=")
	p.val(xAf, uint64(family))
	switch {
	case n == 2:
	case family == unix.AF_UNIX:
		p.sunPath(b[2:n])
	case family == unix.AF_INET && n >= 16:
		p.Str(", sin_port=htons(")
		p.Uint(uint64(b[2])<<8 | uint64(b[3]))
		p.Str("), sin_addr=")
		p.inetAddr(b[4:8])
	case family == unix.AF_INET6 && n >= 24:
		p.Str(", sin6_port=htons(")
		p.Uint(uint64(b[2])<<8 | uint64(b[3]))
		p.Str("), sin6_flowinfo=htonl(")
		p.Uint(uint64(bits.ReverseBytes32(*(*uint32)(unsafe.Pointer(&b[4])))))
		p.Str("), inet_pton(AF_INET6, \"")
		p.inet6(b[8:24])
		p.Str("\", &sin6_addr)")
		if n >= 28 {
			p.field("sin6_scope_id")
			p.scope(b)
		}
	case family == unix.AF_NETLINK && n >= 12:
		p.field("nl_pid")
		p.Int(int64(*(*int32)(unsafe.Pointer(&b[4]))))
		p.field("nl_groups")
		p.HexDigits(uint64(*(*uint32)(unsafe.Pointer(&b[8]))), 8)
	case family == unix.AF_PACKET && n >= 12:
		p.packet(b, n)
	case family == unix.AF_VSOCK && n >= 16:
		p.field("svm_cid")
		p.vsockCid(*(*uint32)(unsafe.Pointer(&b[8])))
		p.fieldHex("svm_port", uint64(*(*uint32)(unsafe.Pointer(&b[4]))))
		p.field("svm_flags")
		p.hex(uint64(b[12]))
	default:
		p.field("sa_data")
		p.bytes(b[2:n])
	}
	p.Byte('}')
}

func (p *printer) vsockCid(c uint32) {
	switch c {
	case unix.VMADDR_CID_ANY:
		p.Str("VMADDR_CID_ANY")
	case unix.VMADDR_CID_HYPERVISOR:
		p.Str("VMADDR_CID_HYPERVISOR")
	case unix.VMADDR_CID_LOCAL:
		p.Str("VMADDR_CID_LOCAL")
	case unix.VMADDR_CID_HOST:
		p.Str("VMADDR_CID_HOST")
	default:
		p.hex(uint64(c))
	}
}

// sunPath prints the path of a Unix address; one that begins with NUL is
// abstract (unix(7)).
func (p *printer) sunPath(b []byte) {
	if len(b) > 108 {
		b = b[:108]
	}
	p.field("sun_path")
	if b[0] == 0 && len(b) > 1 {
		p.Byte('@')
		p.bytes(b[1:])
		return
	}
	p.cstr(b)
}

func (p *printer) inetAddr(b []byte) {
	if p.rawBytes(b) {
		p.Str("inet_addr(\"")
		p.inet4(b)
		p.Str("\")")
		p.endNamed()
	}
}

// rawBytes is named for a value that is a string of bytes.
func (p *printer) rawBytes(b []byte) bool {
	if opt.xlat != xlatAbbrev {
		p.Byte('"')
		for _, c := range b {
			p.Str("\\x")
			p.HexDigits(uint64(c), 2)
		}
		p.Byte('"')
	}
	if opt.xlat == xlatVerbose {
		p.Str(" /* ")
	}
	return opt.xlat != xlatRaw
}

func (p *printer) inet4(b []byte) {
	for i := 0; i < 4; i++ {
		if i > 0 {
			p.Byte('.')
		}
		p.Uint(uint64(b[i]))
	}
}

// inet6 prints an IPv6 address as inet_ntop(3): the longest run of zero
// groups becomes "::", and the last 32 bits of a mapped or compatible
// address are written as IPv4.
func (p *printer) inet6(b []byte) {
	best, bestLen, run := -1, 1, 0
	for i := 0; i < 8; i++ {
		if b[2*i]|b[2*i+1] != 0 {
			run = 0
			continue
		}
		run++
		if run > bestLen {
			best, bestLen = i-run+1, run
		}
	}
	for i := 0; i < 8; i++ {
		if best >= 0 && i >= best && i < best+bestLen {
			if i == best {
				p.Byte(':')
			}
			continue
		}
		if i > 0 {
			p.Byte(':')
		}
		if i == 6 && best == 0 && (bestLen == 6 || bestLen == 5 && b[10] == 0xff && b[11] == 0xff) {
			p.inet4(b[12:16])
			return
		}
		p.HexDigits(uint64(b[2*i])<<8|uint64(b[2*i+1]), 1)
	}
	if best >= 0 && best+bestLen == 8 {
		p.Byte(':')
	}
}

// scope prints the scope id of an IPv6 address: for link-local ones it is an
// interface (ipv6(7)).
func (p *printer) scope(b *[sockaddrMax]byte) {
	s := *(*uint32)(unsafe.Pointer(&b[24]))
	if b[8] == 0xfe && b[9]&0xc0 == 0x80 || b[8] == 0xff && b[9]&0xf == 2 {
		p.ifindex(s)
		return
	}
	p.Uint(uint64(s))
}

// packet prints struct sockaddr_ll (packet(7)).
func (p *printer) packet(b *[sockaddrMax]byte, n int) {
	p.Str(", sll_protocol=htons(")
	p.val(xEthP, uint64(b[2])<<8|uint64(b[3]))
	p.Str("), sll_ifindex=")
	p.ifindex(*(*uint32)(unsafe.Pointer(&b[4])))
	p.field("sll_hatype")
	p.val(xArphrd, uint64(b[8])|uint64(b[9])<<8)
	p.field("sll_pkttype")
	p.val(xPacketType, uint64(b[10]))
	p.fieldUint("sll_halen", uint64(b[11]))
	if k := int(b[11]); k > 0 && 12+k <= n {
		p.Str(", sll_addr=[")
		for i := 0; i < k; i++ {
			if i > 0 {
				p.comma()
			}
			p.hex(uint64(b[12+i]))
		}
		p.Byte(']')
	}
}

// ifindex prints an interface's index.
func (p *printer) ifindex(i uint32) {
	var r struct {
		name  [16]byte
		index uint32
		_     [20]byte
	}
	// SIOCGIFNAME (netdevice(7)) works on a socket of any kind, and those who
	// speak of interfaces have one.
	r.index = i
	if i != 0 && systrap.Syscall(unix.SYS_IOCTL, uintptr(int32(p.c.Args[0])), unix.SIOCGIFNAME, uintptr(unsafe.Pointer(&r)), 0, 0, 0) != 0 {
		r.name[0] = 0
		if i == 1 {
			r.name[0], r.name[1] = 'l', 'o'
		}
	}
	if r.name[0] == 0 {
		p.Uint(uint64(i))
		return
	}
	if p.named(uint64(i), unsBase) {
		p.Str("if_nametoindex(")
		p.cstr(r.name[:])
		p.Byte(')')
		p.endNamed()
	}
}

// sockaddrOut prints the address that the kernel stored at addr, with its
// length behind lenAddr; the length that the buffer had is in saved[0].
func (p *printer) sockaddrOut(addr, lenAddr uint64) {
	var n int32
	if addr == 0 || p.failed() || !peek(unsafe.Pointer(&n), 4, lenAddr) || n == 0 {
		p.ptr(addr)
		return
	}
	if cap := int32(p.saved[0]); n > cap {
		n = cap
	}
	p.sockaddr(addr, int64(n))
}

// socklenOut prints a length that the kernel may have changed.
func (p *printer) socklenOut(addr uint64) {
	var n int32
	if !p.fetch(unsafe.Pointer(&n), 4, addr) {
		return
	}
	p.Byte('[')
	if was := int32(p.saved[0]); was != n && !p.failed() {
		p.Int(int64(was))
		p.Str(" => ")
	}
	p.Int(int64(n))
	p.Byte(']')
}

package text

import (
	"libsystrap/systrap"
	"unsafe"

	"golang.org/x/sys/unix"
)

func (p *Printer) InetAddr(b []byte) {
	if p.RawBytes(b) {
		p.Str("inet_addr(\"")
		p.inet4(b)
		p.Str("\")")
		p.EndNamed()
	}
}

// RawBytes is named for a value that is a string of bytes.
func (p *Printer) RawBytes(b []byte) bool {
	if Opt.Style != StyleAbbrev {
		p.Byte('"')
		for _, c := range b {
			p.Str("\\x")
			p.HexDigits(uint64(c), 2)
		}
		p.Byte('"')
	}
	if Opt.Style == StyleVerbose {
		p.Str(" /* ")
	}
	return Opt.Style != StyleRaw
}

func (p *Printer) inet4(b []byte) {
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
func (p *Printer) inet6(b []byte) {
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

// Ifindex prints an interface's index.
func (p *Printer) Ifindex(i uint32) {
	var r struct {
		name  [16]byte
		index uint32
		_     [20]byte
	}
	// SIOCGIFNAME (netdevice(7)) works on a socket of any kind, and those who
	// speak of interfaces have one.
	r.index = i
	if i != 0 && systrap.Syscall(unix.SYS_IOCTL, uintptr(int32(p.C.Args[0])), unix.SIOCGIFNAME, uintptr(unsafe.Pointer(&r)), 0, 0, 0) != 0 {
		r.name[0] = 0
		if i == 1 {
			r.name[0], r.name[1] = 'l', 'o'
		}
	}
	if r.name[0] == 0 {
		p.Uint(uint64(i))
		return
	}
	if p.Named(uint64(i), Unsigned) {
		p.Str("if_nametoindex(")
		p.Cstr(r.name[:])
		p.Byte(')')
		p.EndNamed()
	}
}

// inetField prints an address of the structure's family, its first byte, as
// inet_addr(3) or inet_pton(3) would be called for it.
func (p *Printer) inetField(w *Window, f *Field, off uint64, first *bool) {
	family := p.Family
	if f.Kind == In6 {
		family = unix.AF_INET6
	}
	n, _ := f.layout()
	b := w.Bytes(off, n)
	switch family {
	case unix.AF_INET6:
		p.Sep(first, "")
		p.InetPton(b, f.Name)
	case unix.AF_INET, unix.AF_SMC: // SMC's addresses are IPv4
		p.Sep(first, f.Name)
		p.InetAddr(b[:4])
	default:
		p.Sep(first, f.Name)
		p.hexWin(w, off, n)
	}
}

// InetPton prints an IPv6 address; name is the variable it is in, or "".
func (p *Printer) InetPton(b []byte, name string) {
	if Opt.Style != StyleAbbrev && name != "" {
		p.Str(name)
		p.Byte('=')
		name = ""
	}
	if !p.RawBytes(b) {
		return
	}
	p.Str("inet_pton(AF_INET6, \"")
	p.inet6(b)
	p.Byte('"')
	if name != "" {
		p.Str(", &")
		p.Str(name)
	}
	p.Byte(')')
	p.EndNamed()
}

// MacSize is how many bytes of the hardware address are shown: strace takes
// the message's family for the hardware type (linux/if_arp.h).
func MacSize(family uint64) uint64 {
	switch family {
	case unix.ARPHRD_NETROM, unix.ARPHRD_AX25:
		return 7
	case unix.ARPHRD_ETHER, unix.ARPHRD_IEEE802:
		return 6
	case unix.ARPHRD_ARCNET:
		return 1
	case unix.ARPHRD_DLCI:
		return 2
	case unix.ARPHRD_IEEE1394:
		return 16
	case unix.ARPHRD_EUI64:
		return 8
	case unix.ARPHRD_INFINIBAND:
		return 20
	}
	return 255
}

package common

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// SockaddrMax is sizeof(struct sockaddr_storage).
const SockaddrMax = 128

// Sockaddr prints the socket address of n bytes at addr and returns whether it
// could be read.
//
//go:noinline
func Sockaddr(p *text.Printer, addr uint64, n int64) bool {
	if n < 2 || addr == 0 {
		p.Ptr(addr)
		return false
	}
	if n > SockaddrMax {
		n = SockaddrMax
	}
	if !text.Readable(addr, uint64(n)) {
		p.Hex(addr)
		return false
	}
	w := text.Window{Addr: addr, End: uint64(n)}
	family := uint32(w.Num(0, 2))
	p.Str("{sa_family=")
	p.Val(names.Af, uint64(family))
	if n > 2 {
		p.Comma()
		p.Family = uint64(family)
		saData(p, &w, family)
	}
	p.Byte('}')
	return true
}

// saData prints what follows the family.
func saData(p *text.Printer, w *text.Window, family uint32) {
	n := w.End
	for i := range saTables {
		if t := &saTables[i]; t.family == family && n >= uint64(t.min) {
			p.FieldsIn(w, t.s, true)
			return
		}
	}
	switch {
	case family == unix.AF_UNIX:
		sunPath(p, w)
	case family == unix.AF_INET6 && n >= 24:
		in6(p, w)
	case family == unix.AF_PACKET && n >= 20:
		packet(p, w)
	case family == unix.AF_AX25 && n >= 16:
		ax25(p, w)
	case family == unix.AF_BLUETOOTH:
		bluetooth(p, w)
	case family == unix.AF_RXRPC && n >= 36:
		rxrpc(p, w)
	case family == unix.AF_IEEE802154 && n >= 20:
		ieee802154(p, w)
	case family == unix.AF_ALG && n >= 25:
		p.FieldsIn(w, sSaAlg, true)
		p.Field("salg_name")
		p.CharArray(w, 24, n-24)
	case family == unix.AF_NFC && n >= 16:
		nfc(p, w)
	case family == unix.AF_XDP && n >= 16:
		xdp(p, w)
	default:
		p.Str("sa_data=")
		p.WinText(w, 2, n)
	}
}

// sunPath prints the path of a Unix address; one that begins with NUL is
// abstract (unix(7)).
func sunPath(p *text.Printer, w *text.Window) {
	const unixMax = 110 // sizeof(struct sockaddr_un)
	n := w.End
	if n > unixMax {
		n = unixMax
	}
	p.Str("sun_path=")
	if w.Num(2, 1) == 0 {
		p.Byte('@')
		p.WinText(w, 3, n)
		return
	}
	end := uint64(2)
	for end < n && w.Num(end, 1) != 0 {
		end++
	}
	p.WinText(w, 2, end)
}

// SockaddrOut prints the address that the kernel stored at addr, with its
// length behind lenAddr; the length that the buffer had is in saved[0].
func SockaddrOut(p *text.Printer, addr, lenAddr uint64) {
	var n int32
	if addr == 0 || p.Failed() || !text.Peek(unsafe.Pointer(&n), 4, lenAddr) || n == 0 {
		p.Ptr(addr)
		return
	}
	if cap := int32(p.Saved[0]); n > cap {
		n = cap
	}
	Sockaddr(p, addr, int64(n))
}

// SocklenOut prints a length that the kernel may have changed.
func SocklenOut(p *text.Printer, addr uint64) {
	var n int32
	if !p.Fetch(unsafe.Pointer(&n), 4, addr) {
		return
	}
	p.Byte('[')
	if was := int32(p.Saved[0]); was != n && !p.Failed() {
		p.Int(int64(was))
		p.Str(" => ")
	}
	p.Int(int64(n))
	p.Byte(']')
}

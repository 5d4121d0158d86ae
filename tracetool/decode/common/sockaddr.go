package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// sockaddrMax is sizeof(struct sockaddr_storage).
const sockaddrMax = 128

// sockaddr prints the socket address of n bytes at addr and returns whether it
// could be read.
//
//go:noinline
func (p *printer) sockaddr(addr uint64, n int64) bool {
	if n < 2 || addr == 0 {
		p.ptr(addr)
		return false
	}
	if n > sockaddrMax {
		n = sockaddrMax
	}
	if !readable(addr, uint64(n)) {
		p.Hex(addr)
		return false
	}
	w := window{addr: addr, end: uint64(n)}
	family := uint32(w.num(0, 2))
	p.Str("{sa_family=")
	p.val(xAf, uint64(family))
	if n > 2 {
		p.comma()
		p.family = uint64(family)
		p.saData(&w, family)
	}
	p.Byte('}')
	return true
}

// saData prints what follows the family.
func (p *printer) saData(w *window, family uint32) {
	n := w.end
	for i := range saTables {
		if t := &saTables[i]; t.family == family && n >= uint64(t.min) {
			p.fieldsIn(w, t.s, true)
			return
		}
	}
	switch {
	case family == unix.AF_UNIX:
		p.sunPath(w)
	case family == unix.AF_INET6 && n >= 24:
		p.in6(w)
	case family == unix.AF_PACKET && n >= 20:
		p.packet(w)
	case family == unix.AF_AX25 && n >= 16:
		p.ax25(w)
	case family == unix.AF_BLUETOOTH:
		p.bluetooth(w)
	case family == unix.AF_RXRPC && n >= 36:
		p.rxrpc(w)
	case family == unix.AF_IEEE802154 && n >= 20:
		p.ieee802154(w)
	case family == unix.AF_ALG && n >= 25:
		p.fieldsIn(w, sSaAlg, true)
		p.field("salg_name")
		p.charArray(w, 24, n-24)
	case family == unix.AF_NFC && n >= 16:
		p.nfc(w)
	case family == unix.AF_XDP && n >= 16:
		p.xdp(w)
	default:
		p.Str("sa_data=")
		p.winText(w, 2, n)
	}
}

// sunPath prints the path of a Unix address; one that begins with NUL is
// abstract (unix(7)).
func (p *printer) sunPath(w *window) {
	const unixMax = 110 // sizeof(struct sockaddr_un)
	n := w.end
	if n > unixMax {
		n = unixMax
	}
	p.Str("sun_path=")
	if w.num(2, 1) == 0 {
		p.Byte('@')
		p.winText(w, 3, n)
		return
	}
	end := uint64(2)
	for end < n && w.num(end, 1) != 0 {
		end++
	}
	p.winText(w, 2, end)
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

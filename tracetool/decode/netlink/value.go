package netlink

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// width is the size of a number an attribute holds, 0 if it is none.
func (a *attr) width() uint64 {
	switch a.k {
	case aU8, aX8, aVal1, aVal1s, aFlags1, aShutdown:
		return 1
	case aU16, aX16, aBe16, aVal2, aVal2s, aFlags2, aEther:
		return 2
	case aU32, aS32, aX32, aVal4, aVal4s, aFlags4, aFlags4s, aIfindex, aFdAttr, aId:
		return 4
	case aU64, aBe64:
		return 8
	}
	return 0
}

// simpleAttr prints what a holds; false says that it is too short for it.
func simpleAttr(p *text.Printer, a *attr, addr, n uint64) bool {
	w := a.width()
	switch a.k {
	case aTicks, aVal, aXint:
		if n > 8 || a.k == aXint && n&(n-1) != 0 {
			return false
		}
		w = n
	case aEther:
		if n > 8 {
			return false
		}
	case aVal1, aVal2, aVal4, aFlags1, aFlags2, aFlags4, aShutdown:
		if n > 8 {
			return false
		}
	}
	if w == 0 {
		return longAttr(p, a, addr, n)
	}
	if n < w {
		return false
	}
	var v uint64
	if p.Fetch(unsafe.Pointer(&v), int(w), addr) {
		attrNum(p, a, v, w)
	}
	return true
}

func attrNum(p *text.Printer, a *attr, v, w uint64) {
	switch a.k {
	case aU8, aU16, aU32, aU64:
		p.Uint(v)
	case aS32:
		p.Int(int64(int32(v)))
	case aX8, aX16, aX32, aXint:
		p.AltHex(v)
	case aBe16:
		p.Str("htons(")
		p.Uint(text.Bswap(v, 2))
		p.Byte(')')
	case aBe64:
		p.Str("htobe64(")
		p.Uint(text.Bswap(v, 8))
		p.Byte(')')
	case aVal1, aVal2, aVal4, aVal1s, aVal2s, aVal4s, aVal:
		p.Val(a.x, v)
	case aFlags1, aFlags2, aFlags4, aFlags4s:
		p.Flags(a.x, v)
	case aEther:
		p.Str("htons(")
		p.Val(a.x, text.Bswap(v, 2))
		p.Byte(')')
	case aIfindex:
		p.Ifindex(uint32(v))
	case aFdAttr:
		p.Fd(int32(v))
	case aId:
		p.ID(uint32(v))
	case aTicks:
		p.Ticks(v)
	case aShutdown:
		p.FlagsNoted(names.SockShutdown, v)
	}
}

// longAttr prints what is not one number.
func longAttr(p *text.Printer, a *attr, addr, n uint64) bool {
	switch a.k {
	case aStr:
		attrText(p, addr, n)
	case aMac, aMacLink:
		var b [32]byte
		if n > uint64(len(b)) {
			return false
		}
		if p.Fetch(unsafe.Pointer(&b), int(n), addr) {
			if w := text.MacSize(p.Family); a.k == aMacLink && n > w {
				n = w
			}
			p.Mac(b[:n])
		}
	case aIn4, aIn6, aAddr:
		return addrAttr(p, a, addr, n)
	case aArrU8, aArrU16, aArrU32, aArrZ64, aIdxS32, aIdxU32, aIdxU64:
		return arrayAttr(p, a, addr, n)
	case aStructs:
		return structsAttr(p, a, addr, n)
	case aVia:
		return via(p, addr, n)
	case aGuid:
		return guid(p, addr, n)
	default:
		return diagAttr(p, a, addr, n)
	}
	return true
}

// attrText prints n bytes without the NUL at their end.
func attrText(p *text.Printer, addr, n uint64) {
	var c byte
	if n > 0 && !text.Peek(unsafe.Pointer(&c), 1, addr+n-1) {
		p.Ptr(addr)
		return
	}
	if n > 0 && c == 0 {
		p.Text(addr, n-1, text.Opt.StrLen, false)
		if n-1 > text.Opt.StrLen {
			return
		}
		return
	}
	p.Text(addr, n, text.Opt.StrLen, false)
	if n <= text.Opt.StrLen {
		p.Str("...")
	}
}

// inetAt prints an address of n bytes of a family; name is the variable it is
// in, or "".
func inetAt(p *text.Printer, family, addr, n uint64, name string) {
	var b [16]byte
	size := uint64(0)
	switch family {
	case unix.AF_INET:
		size = 4
	case unix.AF_INET6:
		size = 16
	}
	if name != "" && (size != 16 || n < 16 || !text.Peek(unsafe.Pointer(&b), 16, addr)) {
		p.Str(name)
		p.Byte('=')
	}
	if size == 0 || n < size {
		p.Random(addr, n)
		return
	}
	if systrap.Read(b[:size], addr) != int(size) {
		p.Ptr(addr)
		return
	}
	if size == 4 {
		p.InetAddr(b[:4])
		return
	}
	p.InetPton(b[:], name)
}

func addrAttr(p *text.Printer, a *attr, addr, n uint64) bool {
	family := p.Family
	switch a.k {
	case aIn4:
		family = unix.AF_INET
		if n < 4 {
			return false
		}
	case aIn6:
		family = unix.AF_INET6
		if n < 16 {
			return false
		}
	}
	inetAt(p, family, addr, n, "")
	return true
}

// arrayAttr prints an array of numbers.
func arrayAttr(p *text.Printer, a *attr, addr, n uint64) bool {
	size := uint64(4)
	switch a.k {
	case aArrU8:
		size = 1
	case aArrU16:
		size = 2
	case aArrZ64, aIdxU64:
		size = 8
	}
	count := n / size
	if count == 0 {
		return a.k == aArrU8
	}
	for i := uint64(0); i < count; i++ {
		var v uint64
		if !text.Peek(unsafe.Pointer(&v), int(size), addr+i*size) {
			p.Unreadable(addr+i*size, i > 0)
			if i == 0 {
				return true
			}
			break
		}
		if i == 0 {
			p.Byte('[')
		}
		if !p.Full() && i >= text.Opt.StrLen {
			p.Str("...")
			break
		}
		if a.k == aIdxS32 || a.k == aIdxU32 || a.k == aIdxU64 {
			p.Index(a.x, i)
		}
		switch a.k {
		case aIdxS32:
			p.Int(int64(int32(v)))
		case aArrZ64:
			p.Zhex(v, 8)
		default:
			p.Uint(v)
		}
		if i+1 < count {
			p.Comma()
		}
	}
	p.Byte(']')
	return true
}

// structsAttr prints an array of structures.
func structsAttr(p *text.Printer, a *attr, addr, n uint64) bool {
	size := text.SizeOf(a.s)
	count := n / size
	if count == 0 {
		return false
	}
	p.StructArray(a.s, addr, count)
	return true
}

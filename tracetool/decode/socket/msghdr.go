package socket

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/common"
	"libsystrap/tracetool/text"
)

// Msghdr prints struct msghdr at addr. After a receipt (in) n is the number of
// bytes received, and room the length of the name's buffer.
func Msghdr(p *text.Printer, addr uint64, in bool, room int64, n uint64) {
	var m unix.Msghdr
	if p.Fetch(unsafe.Pointer(&m), int(unsafe.Sizeof(m)), addr) {
		msghdrText(p, &m, in, room, n)
	}
}

func msghdrText(p *text.Printer, m *unix.Msghdr, in bool, room int64, n uint64) {
	namelen := int64(int32(m.Namelen))
	shown := namelen
	if in && shown > room {
		shown = room
	}
	name := uint64(uintptr(unsafe.Pointer(m.Name)))
	p.Str("{msg_name=")
	var family uint16
	if shown < 2 || !common.Sockaddr(p, name, shown) || !text.Peek(unsafe.Pointer(&family), 2, name) {
		family = 0
	}
	if shown < 2 {
		p.Ptr(name)
	}
	p.Field("msg_namelen")
	if in && room != namelen {
		p.Int(room)
		p.Str(" => ")
	}
	p.Int(namelen)
	p.Field("msg_iov")
	how := IovData
	if family == unix.AF_NETLINK {
		how = iovNetlink
	}
	Iovec(p, uint64(uintptr(unsafe.Pointer(m.Iov))), m.Iovlen, how, n)
	p.FieldUint("msg_iovlen", m.Iovlen)
	if m.Controllen > 0 {
		p.Field("msg_control")
		cmsgs(p, uint64(uintptr(unsafe.Pointer(m.Control))), m.Controllen)
	}
	p.FieldUint("msg_controllen", m.Controllen)
	p.Field("msg_flags")
	p.Flags(names.Msg, uint64(uint32(m.Flags)))
	p.Byte('}')
}

// MsghdrOut prints what recvmsg(2) left; saved[0] is the name's room.
func MsghdrOut(p *text.Printer, addr uint64) {
	room := int64(int32(p.Saved[0]))
	if !p.Failed() {
		Msghdr(p, addr, true, room, uint64(p.C.Result))
		return
	}
	if !text.Readable(addr, 56) {
		p.Ptr(addr)
		return
	}
	p.Str("{msg_namelen=")
	p.Int(room)
	p.Byte('}')
}

// optmemMax bounds the control data that is looked at: net.core.optmem_max of
// kernels before 6.9, with which the kernel itself refuses more.
const optmemMax = 20480

// optmem is optmem_max of this machine, once it is known.
var optmem uint64

// procOptmem is its file, with a NUL.
var procOptmem = [64]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'y', 's', '/', 'n', 'e', 't', '/', 'c', 'o', 'r', 'e', '/',
	'o', 'p', 't', 'm', 'e', 'm', '_', 'm', 'a', 'x'}

func controlMax() uint64 {
	if optmem == 0 {
		var b [16]byte
		n := text.ReadFile(&procOptmem, b[:])
		v := uint64(0)
		for i := 0; i < n && b[i] >= '0' && b[i] <= '9'; i++ {
			v = v*10 + uint64(b[i]-'0')
		}
		if v == 0 {
			v = optmemMax
		}
		optmem = (v + 7) &^ 7
	}
	return optmem
}

// cmsgs prints the control messages of n bytes at addr (cmsg(3)).
func cmsgs(p *text.Printer, addr, n uint64) {
	limit := n
	if limit > controlMax() {
		limit = controlMax()
	}
	if limit < 16 || !text.ReadableRange(addr, limit) {
		p.Ptr(addr)
		return
	}
	p.Byte('[')
	off, left := uint64(0), limit
	for left >= 16 {
		var h struct {
			len         uint64
			level, kind int32
		}
		if !text.Peek(unsafe.Pointer(&h), 16, addr+off) {
			break
		}
		if off > 0 {
			p.Comma()
		}
		p.Str("{cmsg_len=")
		p.Uint(h.len)
		p.Field("cmsg_level")
		p.Val(names.Sol, uint64(uint32(h.level)))
		p.Field("cmsg_type")
		k := h.len
		if k > left {
			k = left
		}
		if k < 16 {
			cmsg(p, h.level, h.kind, addr+off+16, 0)
		} else {
			cmsg(p, h.level, h.kind, addr+off+16, k-16)
		}
		p.Byte('}')
		if k < 16 {
			left -= 16
			break
		}
		step := (h.len + 7) &^ 7
		if step >= left || step < h.len {
			left = 0
			break
		}
		off += step
		left -= step
	}
	if left > 0 {
		p.Str(", ... /* ")
		p.Hex(addr + limit - left)
		p.Str(" */")
	} else if limit < n {
		p.Str(", ...")
	}
	p.Byte(']')
}

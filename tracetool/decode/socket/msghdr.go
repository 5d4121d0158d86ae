package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// msghdr prints struct msghdr at addr. After a receipt (in) n is the number of
// bytes received, and room the length of the name's buffer.
func (p *printer) msghdr(addr uint64, in bool, room int64, n uint64) {
	var m unix.Msghdr
	if p.fetch(unsafe.Pointer(&m), int(unsafe.Sizeof(m)), addr) {
		p.msghdrText(&m, in, room, n)
	}
}

func (p *printer) msghdrText(m *unix.Msghdr, in bool, room int64, n uint64) {
	namelen := int64(int32(m.Namelen))
	shown := namelen
	if in && shown > room {
		shown = room
	}
	name := uint64(uintptr(unsafe.Pointer(m.Name)))
	p.Str("{msg_name=")
	var family uint16
	if shown < 2 || !p.sockaddr(name, shown) || !peek(unsafe.Pointer(&family), 2, name) {
		family = 0
	}
	if shown < 2 {
		p.ptr(name)
	}
	p.field("msg_namelen")
	if in && room != namelen {
		p.Int(room)
		p.Str(" => ")
	}
	p.Int(namelen)
	p.field("msg_iov")
	how := iovData
	if family == unix.AF_NETLINK {
		how = iovNetlink
	}
	p.iovec(uint64(uintptr(unsafe.Pointer(m.Iov))), m.Iovlen, how, n)
	p.fieldUint("msg_iovlen", m.Iovlen)
	if m.Controllen > 0 {
		p.field("msg_control")
		p.cmsgs(uint64(uintptr(unsafe.Pointer(m.Control))), m.Controllen)
	}
	p.fieldUint("msg_controllen", m.Controllen)
	p.field("msg_flags")
	p.flags(xMsg, uint64(uint32(m.Flags)))
	p.Byte('}')
}

// msghdrOut prints what recvmsg(2) left; saved[0] is the name's room.
func (p *printer) msghdrOut(addr uint64) {
	room := int64(int32(p.saved[0]))
	if !p.failed() {
		p.msghdr(addr, true, room, uint64(p.c.Result))
		return
	}
	if !readable(addr, 56) {
		p.ptr(addr)
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
		n := readFile(&procOptmem, b[:])
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
func (p *printer) cmsgs(addr, n uint64) {
	limit := n
	if limit > controlMax() {
		limit = controlMax()
	}
	if limit < 16 || !readableRange(addr, limit) {
		p.ptr(addr)
		return
	}
	p.Byte('[')
	off, left := uint64(0), limit
	for left >= 16 {
		var h struct {
			len         uint64
			level, kind int32
		}
		if !peek(unsafe.Pointer(&h), 16, addr+off) {
			break
		}
		if off > 0 {
			p.comma()
		}
		p.Str("{cmsg_len=")
		p.Uint(h.len)
		p.field("cmsg_level")
		p.val(xSol, uint64(uint32(h.level)))
		p.field("cmsg_type")
		k := h.len
		if k > left {
			k = left
		}
		if k < 16 {
			p.cmsg(h.level, h.kind, addr+off+16, 0)
		} else {
			p.cmsg(h.level, h.kind, addr+off+16, k-16)
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

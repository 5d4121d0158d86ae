package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

func (p *printer) sched(v uint32) {
	const reset = 0x40000000 // SCHED_RESET_ON_FORK
	s := name(xSched, uint64(v&^reset))
	if v&reset == 0 || s == "" {
		p.val(xSched, uint64(v))
		return
	}
	p.Str(s)
	p.Str("|SCHED_RESET_ON_FORK")
}

func (p *printer) schedParam(addr uint64) {
	var v int32
	if p.fetch(unsafe.Pointer(&v), 4, addr) {
		p.Byte('[')
		p.Int(int64(v))
		p.Byte(']')
	}
}

func (p *printer) schedAttr(addr uint64) {
	var s unix.SchedAttr
	var size uint32
	if !p.fetch(unsafe.Pointer(&size), 4, addr) {
		return
	}
	n := int(size)
	if n > int(unsafe.Sizeof(s)) {
		n = int(unsafe.Sizeof(s))
	}
	if n < 48 {
		n = 48
	}
	if !p.fetch(unsafe.Pointer(&s), n, addr) {
		return
	}
	p.Str("{size=")
	p.Uint(uint64(size))
	p.field("sched_policy")
	p.val(xSched, uint64(s.Policy))
	p.field("sched_flags")
	p.flags(xSchedFlag, s.Flags)
	p.fieldInt("sched_nice", int64(s.Nice))
	p.fieldUint("sched_priority", uint64(s.Priority))
	p.fieldUint("sched_runtime", s.Runtime)
	p.fieldUint("sched_deadline", s.Deadline)
	p.fieldUint("sched_period", s.Period)
	if n >= 56 {
		p.fieldUint("sched_util_min", uint64(s.Util_min))
		p.fieldUint("sched_util_max", uint64(s.Util_max))
	}
	p.Byte('}')
}

// cpuset prints a CPU mask of n bytes of which the first have are valid.
func (p *printer) cpuset(addr, have, n uint64) {
	if addr == 0 || n == 0 {
		p.ptr(addr)
		return
	}
	if have < n {
		n = have
	}
	if n > 1024 {
		n = 1024
	}
	start := p.Len()
	sep := false
	p.Byte('[')
	for i := uint64(0); i < n; i += 8 {
		var w uint64
		k := n - i
		if k > 8 {
			k = 8
		}
		if !peek(unsafe.Pointer(&w), int(k), addr+i) {
			p.Truncate(start)
			p.Hex(addr)
			return
		}
		for b := uint64(0); b < 64; b++ {
			if w>>b&1 == 0 {
				continue
			}
			if sep {
				p.Byte(' ')
			}
			p.Uint(i*8 + b)
			sep = true
		}
	}
	p.Byte(']')
}

func (p *printer) ioprio(v uint32) {
	p.Str("IOPRIO_PRIO_VALUE(")
	p.val(xIoprioClass, uint64(v>>13))
	p.comma()
	p.Uint(uint64(v & 0x1fff))
	p.Byte(')')
}

func (p *printer) groups(addr, n uint64) {
	if addr == 0 || n > 65536 {
		p.ptr(addr)
		return
	}
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		var g uint32
		if i > 0 {
			p.comma()
		}
		if i >= maxItems && !opt.verbose {
			p.Str("...")
			break
		}
		if !p.fetch(unsafe.Pointer(&g), 4, addr+4*i) {
			break
		}
		p.Uint(uint64(g))
	}
	p.Byte(']')
}

func (p *printer) capHeader(addr uint64) {
	var h [2]uint32
	if p.fetch(unsafe.Pointer(&h), 8, addr) {
		p.Str("{version=")
		p.val(xCapVersion, uint64(h[0]))
		p.fieldInt("pid", int64(int32(h[1])))
		p.Byte('}')
	}
}

// capData prints the capability sets of capget(2): one or two words each.
func (p *printer) capData(addr uint64) {
	var d [6]uint32
	var h uint32
	if addr == 0 || !peek(unsafe.Pointer(&h), 4, p.c.Args[0]) {
		p.ptr(addr)
		return
	}
	n := 24
	if h == unix.LINUX_CAPABILITY_VERSION_1 {
		n = 12
	}
	if !p.fetch(unsafe.Pointer(&d), n, addr) {
		return
	}
	p.Str("{effective=")
	p.caps(d[0], d[3])
	p.Str(", permitted=")
	p.caps(d[1], d[4])
	p.Str(", inheritable=")
	p.caps(d[2], d[5])
	p.Byte('}')
}

func (p *printer) caps(lo, hi uint32) {
	v := uint64(hi)<<32 | uint64(lo)
	if v == 0 {
		p.Byte('0')
		return
	}
	sep := false
	rest := uint64(0)
	for b := uint64(0); b < 64; b++ {
		if v>>b&1 == 0 {
			continue
		}
		s := name(xCap, b)
		if s == "" {
			rest |= 1 << b
			continue
		}
		if sep {
			p.Byte('|')
		}
		p.Str("1<<")
		p.Str(s)
		sep = true
	}
	if rest != 0 {
		if sep {
			p.Byte('|')
		}
		p.hex(rest)
	}
}

// kcmp prints the last arguments of kcmp(2), which only some types have.
func (p *printer) kcmp() step {
	a := &p.c.Args
	switch uint32(a[2]) {
	case 0: // KCMP_FILE
		p.fd(int32(a[3]))
		p.comma()
		p.fd(int32(a[4]))
	case 7: // KCMP_EPOLL_TFD
		p.fd(int32(a[3]))
		p.comma()
		var s [3]uint32
		if p.fetch(unsafe.Pointer(&s), 12, a[4]) {
			p.Str("{efd=")
			p.fd(int32(s[0]))
			p.fieldInt("tfd", int64(int32(s[1])))
			p.fieldUint("toff", uint64(s[2]))
			p.Byte('}')
		}
	case 1, 2, 3, 4, 5, 6:
		p.Truncate(p.Len() - len(", "))
	default:
		p.hex(a[3])
		p.comma()
		p.hex(a[4])
	}
	return last
}

// pathn prints the path of n bytes at addr.
func (p *printer) pathn(addr, n uint64) { p.text(addr, n, pathMax, false) }

// xattr prints the value of an extended attribute.
func (p *printer) xattr(addr, n uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	p.buf(addr, n)
}

// dents prints how many entries getdents(2) found, or with -v the entries.
func (p *printer) dents(addr uint64, wide bool) {
	var h struct {
		ino  uint64
		off  int64
		len  uint16
		kind uint8
	}
	if addr == 0 || p.failed() {
		p.ptr(addr)
		return
	}
	end := uint64(p.c.Result)
	if !opt.verbose {
		p.Hex(addr)
	} else {
		p.Byte('[')
	}
	n := uint64(0)
	for off := uint64(0); off+19 <= end; n++ {
		if !peek(unsafe.Pointer(&h), 19, addr+off) || h.len < 19 {
			break
		}
		if opt.verbose {
			p.dent(&h.ino, h.off, h.len, h.kind, addr+off, wide, n > 0)
		}
		off += uint64(h.len)
	}
	if opt.verbose {
		p.Byte(']')
		return
	}
	p.Str(" /* ")
	p.Uint(n)
	p.Str(" entries */")
}

func (p *printer) dent(ino *uint64, off int64, n uint16, kind uint8, addr uint64, wide, sep bool) {
	if sep {
		p.comma()
	}
	p.Str("{d_ino=")
	p.Uint(*ino)
	p.fieldInt("d_off", off)
	p.fieldUint("d_reclen", uint64(n))
	if wide {
		p.field("d_type")
		p.dtype(kind)
		p.field("d_name")
		p.zstr(addr+19, 255)
	} else {
		p.field("d_name")
		p.zstr(addr+18, 255)
		var t uint8
		if systrap.Read(unsafe.Slice(&t, 1), addr+uint64(n)-1) == 1 {
			p.field("d_type")
			p.dtype(t)
		}
	}
	p.Byte('}')
}

func (p *printer) dtype(t uint8) {
	switch t {
	case unix.DT_UNKNOWN:
		p.Str("DT_UNKNOWN")
	case unix.DT_FIFO:
		p.Str("DT_FIFO")
	case unix.DT_CHR:
		p.Str("DT_CHR")
	case unix.DT_DIR:
		p.Str("DT_DIR")
	case unix.DT_BLK:
		p.Str("DT_BLK")
	case unix.DT_REG:
		p.Str("DT_REG")
	case unix.DT_LNK:
		p.Str("DT_LNK")
	case unix.DT_SOCK:
		p.Str("DT_SOCK")
	case unix.DT_WHT:
		p.Str("DT_WHT")
	default:
		p.hex(uint64(t))
		p.Str(" /* DT_??? */")
	}
}

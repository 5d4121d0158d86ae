package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// makesFile says whether open(2) looks at its third argument.
func makesFile(f uint64) bool { return f&(unix.O_CREAT|unix.O_TMPFILE&^unix.O_DIRECTORY) != 0 }

// open prints the flags of open(2) and the mode, which exists only with
// O_CREAT and O_TMPFILE.
func (p *printer) open(i int) step {
	f := uint64(uint32(p.c.Args[i]))
	p.openFlags(f)
	if makesFile(f) {
		p.comma()
		p.mode(uint32(p.c.Args[i+1]))
	}
	return last
}

// mqOpen is like open, with struct mq_attr behind (mq_open(3)).
func (p *printer) mqOpen(i int) step {
	f := uint64(uint32(p.c.Args[i]))
	p.openFlags(f)
	if f&unix.O_CREAT != 0 {
		p.comma()
		p.mode(uint32(p.c.Args[i+1]))
		p.comma()
		p.mqAttr(p.c.Args[i+2])
	}
	return last
}

// openHow prints struct open_how of openat2(2).
func (p *printer) openHow(addr, size uint64) {
	var h struct{ flags, mode, resolve uint64 }
	if size < 24 {
		p.ptr(addr)
		return
	}
	if !p.fetch(unsafe.Pointer(&h), 24, addr) {
		return
	}
	p.Str("{flags=")
	p.openFlags(h.flags)
	if makesFile(h.flags) || h.mode != 0 {
		p.Str(", mode=")
		p.modeLong(h.mode)
	}
	p.Str(", resolve=")
	p.flags(xResolve, h.resolve)
	p.nonzero(", ", addr, 24, size)
	p.Byte('}')
}

func (p *printer) access(m uint32) {
	p.flags(xAccess, uint64(m))
}

// statxFlags prints the two parts of statx(2)'s flags. The first has no number for
// AT_STATX_SYNC_AS_STAT in -X raw, the second no comment where nothing is known.
func (p *printer) statxFlags(f uint32) {
	const sync = 0x6000 // AT_STATX_SYNC_TYPE
	how, rest := uint64(f&sync), uint64(f&^sync)
	switch {
	case name(xAtStatxSync, how) == "":
		p.flags(xAtStatxSync, how)
	case look.xlat != xlatRaw || how != 0:
		p.val(xAtStatxSync, how)
	}
	if rest == 0 {
		return
	}
	p.Byte('|')
	for i := range *xtabs[xAtStatx].t {
		if (*xtabs[xAtStatx].t)[i].v&rest != 0 {
			p.flags(xAtStatx, rest)
			return
		}
	}
	p.hex(rest)
}

// offset prints the offset that a call like splice(2) reads and writes.
func (p *printer) offset(addr uint64) {
	var v int64
	if p.fetch(unsafe.Pointer(&v), 8, addr) {
		p.Byte('[')
		p.Int(v)
		p.Byte(']')
	}
}

// sendfileOff prints the offset of sendfile(2), and at its return the new one.
func (p *printer) sendfileOff() step {
	addr, count := p.c.Args[2], p.c.Args[3]
	var v uint64
	if !p.cont {
		if !p.fetch(unsafe.Pointer(&v), 8, addr) {
			return next
		}
		p.Byte('[')
		p.Uint(v)
		p.Byte(']')
	}
	if count == 0 {
		return next
	}
	if !p.exit {
		return wait
	}
	if !p.failed() && p.c.Result != 0 && addr != 0 {
		p.Str(" => ")
		if p.fetch(unsafe.Pointer(&v), 8, addr) {
			p.Byte('[')
			p.Uint(v)
			p.Byte(']')
		}
	}
	return next
}

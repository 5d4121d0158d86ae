package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

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
	if !p.full() {
		p.Hex(addr)
	} else {
		p.Byte('[')
	}
	n := uint64(0)
	for off := uint64(0); off+19 <= end; n++ {
		if !peek(unsafe.Pointer(&h), 19, addr+off) || h.len < 19 {
			break
		}
		if p.full() {
			p.dent(&h.ino, h.off, h.len, h.kind, addr+off, wide, n > 0)
		}
		off += uint64(h.len)
	}
	if p.full() {
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

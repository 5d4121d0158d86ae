package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/text"
)

// dents prints how many entries getdents(2) found, or with -v the entries.
func dents(p *text.Printer, addr uint64, wide bool) {
	var h struct {
		ino  uint64
		off  int64
		len  uint16
		kind uint8
	}
	if addr == 0 || p.Failed() {
		p.Ptr(addr)
		return
	}
	end := uint64(p.C.Result)
	if !p.Full() {
		p.Hex(addr)
	} else {
		p.Byte('[')
	}
	n := uint64(0)
	for off := uint64(0); off+19 <= end; n++ {
		if !text.Peek(unsafe.Pointer(&h), 19, addr+off) || h.len < 19 {
			break
		}
		if p.Full() {
			dent(p, &h.ino, h.off, h.len, h.kind, addr+off, wide, n > 0)
		}
		off += uint64(h.len)
	}
	if p.Full() {
		p.Byte(']')
		return
	}
	p.Str(" /* ")
	p.Uint(n)
	p.Str(" entries */")
}

func dent(p *text.Printer, ino *uint64, off int64, n uint16, kind uint8, addr uint64, wide, sep bool) {
	if sep {
		p.Comma()
	}
	p.Str("{d_ino=")
	p.Uint(*ino)
	p.FieldInt("d_off", off)
	p.FieldUint("d_reclen", uint64(n))
	if wide {
		p.Field("d_type")
		dtype(p, kind)
		p.Field("d_name")
		p.Zstr(addr+19, 255)
	} else {
		p.Field("d_name")
		p.Zstr(addr+18, 255)
		var t uint8
		if systrap.Read(unsafe.Slice(&t, 1), addr+uint64(n)-1) == 1 {
			p.Field("d_type")
			dtype(p, t)
		}
	}
	p.Byte('}')
}

func dtype(p *text.Printer, t uint8) {
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
		p.AltHex(uint64(t))
		p.Str(" /* DT_??? */")
	}
}

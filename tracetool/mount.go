package tracetool

import "unsafe"

// mountFlags prints the flags of mount(2) below the old magic number.
func (p *printer) mountFlags(f uint64) {
	const magic = 0xC0ED0000 // MS_MGC_VAL
	if f&0xffff0000 == magic {
		p.Str("MS_MGC_VAL")
		if f &^= 0xffff0000; f == 0 {
			return
		}
		p.Byte('|')
	}
	p.flags(xMount, f)
}

// mountData prints the data of mount(2): a string for most file systems, not
// looked at for bind mounts and their like.
func (p *printer) mountData(addr, f uint64) {
	const ignored = 0x1000 | 0x2000 | 1<<17 | 1<<18 | 1<<19 | 1<<20 // MS_BIND … MS_SHARED
	if f&ignored != 0 {
		p.ptr(addr)
		return
	}
	p.str(addr)
}

func (p *printer) mountAttr(addr, size uint64) {
	var a [4]uint64
	if size < 32 {
		p.ptr(addr)
		return
	}
	if !p.fetch(unsafe.Pointer(&a), 32, addr) {
		return
	}
	p.Str("{attr_set=")
	p.flags(xMountAttr, a[0])
	p.field("attr_clr")
	p.flags(xMountAttr, a[1])
	p.field("propagation")
	p.flags(xMount, a[2])
	p.fieldUint("userns_fd", a[3])
	p.Byte('}')
}

// fsconfig prints fsconfig(2): what key and value are depends on the command.
func (p *printer) fsconfig() step {
	a := &p.c.Args
	cmd := uint32(a[1])
	p.val(xFsconfig, uint64(cmd))
	p.comma()
	switch cmd {
	case 0: // FSCONFIG_SET_FLAG
		p.str(a[2])
		p.comma()
		p.ptr(a[3])
	case 1: // FSCONFIG_SET_STRING
		p.str(a[2])
		p.comma()
		p.str(a[3])
	case 2: // FSCONFIG_SET_BINARY
		p.str(a[2])
		p.comma()
		p.buf(a[3], uint64(uint32(a[4])))
	case 3, 4: // FSCONFIG_SET_PATH, FSCONFIG_SET_PATH_EMPTY
		p.str(a[2])
		p.comma()
		p.path(a[3])
		p.comma()
		p.dirfd(int32(a[4]))
		return last
	case 5: // FSCONFIG_SET_FD
		p.str(a[2])
		p.comma()
		p.ptr(a[3])
		p.comma()
		p.fd(int32(a[4]))
		return last
	default:
		p.ptr(a[2])
		p.comma()
		p.ptr(a[3])
	}
	p.comma()
	p.Int(int64(int32(a[4])))
	return last
}

// swapon prints the flags of swapon(2) with the priority in them.
func (p *printer) swapon(f uint32) {
	const prefer, discard, once, pages, prioMask = 0x8000, 0x10000, 0x20000, 0x40000, 0x7fff
	sep := false
	for i := 0; i < 4; i++ {
		bit, s := uint32(prefer), "SWAP_FLAG_PREFER"
		switch i {
		case 1:
			bit, s = discard, "SWAP_FLAG_DISCARD"
		case 2:
			bit, s = once, "SWAP_FLAG_DISCARD_ONCE"
		case 3:
			bit, s = pages, "SWAP_FLAG_DISCARD_PAGES"
		}
		if f&bit == 0 {
			continue
		}
		if sep {
			p.Byte('|')
		}
		p.Str(s)
		sep = true
		f &^= bit
	}
	if f != 0 || !sep {
		if sep {
			p.Byte('|')
		}
		if f&^prioMask != 0 {
			p.hex(uint64(f &^ prioMask))
			p.Byte('|')
		}
		p.Uint(uint64(f & prioMask))
	}
}

// quotaCmd prints QCMD(command, type) (quotactl(2)).
func (p *printer) quotaCmd(c uint32) {
	p.Str("QCMD(")
	p.val(xQuotaCmd, uint64(c>>8))
	p.comma()
	p.val(xQuotaType, uint64(c&0xff))
	p.Byte(')')
}

func (p *printer) sysfs() {
	a := &p.c.Args
	p.hex(a[0])
	p.comma()
	p.hex(a[1])
	p.comma()
	p.hex(a[2])
}

func (p *printer) kexec(f uint64) {
	p.val(xKexecArch, f&0xffff0000)
	if f &^= 0xffff0000; f != 0 {
		p.Byte('|')
		p.flags(xKexec, f)
	}
}

func (p *printer) fanInit(f uint32) {
	const class = 0xc
	p.val(xFanClass, uint64(f&class))
	if f &^= class; f != 0 {
		p.Byte('|')
		p.flags(xFanInit, uint64(f))
	}
}

// fhandle prints struct file_handle (name_to_handle_at(2)).
func (p *printer) fhandle(addr uint64) {
	var h struct {
		n    uint32
		kind int32
	}
	if !p.fetch(unsafe.Pointer(&h), 8, addr) {
		return
	}
	p.Str("{handle_bytes=")
	if p.exit && uint32(p.saved[0]) != h.n {
		p.Uint(uint64(uint32(p.saved[0])))
		p.Str(" => ")
	}
	p.Uint(uint64(h.n))
	if !p.failed() || !p.exit {
		p.field("handle_type")
		p.hex(uint64(uint32(h.kind)))
		p.field("f_handle")
		p.Str("0x")
		p.hexBytes(addr+8, uint64(h.n))
	}
	p.Byte('}')
}

// hexBytes prints n bytes at addr as hexadecimal digits.
func (p *printer) hexBytes(addr, n uint64) {
	if n > 128 {
		n = 128
	}
	for i := uint64(0); i < n; i++ {
		var b uint8
		if !peek(unsafe.Pointer(&b), 1, addr+i) {
			return
		}
		p.HexDigits(uint64(b), 2)
	}
}

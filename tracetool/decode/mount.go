package tracetool

import "unsafe"

// Flags of mount(2) that leave some arguments alone (mount(2)).
const (
	msMagic   = 0xC0ED0000 // MS_MGC_VAL
	msRemount = 0x20
	msNoData  = 0x1000 | 0x2000 | 1<<17 | 1<<18 | 1<<19 | 1<<20 // MS_BIND, MS_MOVE, MS_UNBINDABLE … MS_SHARED
)

// mountFlags prints the flags of mount(2) behind the old magic number.
func (p *printer) mountFlags(f uint64) {
	if f&0xffff0000 == msMagic {
		p.constant(msMagic, "MS_MGC_VAL", "", hexBase)
		if f &^= 0xffff0000; f == 0 {
			return
		}
		p.Byte('|')
	}
	p.flags(xMount, f)
}

// withoutMagic returns the flags of mount(2) without the old magic number.
func withoutMagic(f uint64) uint64 {
	if f&0xffff0000 == msMagic {
		return f &^ 0xffff0000
	}
	return f
}

// mountType prints the type of mount(2), which a new mount only has.
func (p *printer) mountType(addr, f uint64) {
	if withoutMagic(f)&(msNoData|msRemount) != 0 {
		p.ptr(addr)
		return
	}
	p.str(addr)
}

// mountData prints the data of mount(2): a string for most file systems, not
// looked at for bind mounts and their like.
func (p *printer) mountData(addr, f uint64) {
	if f = withoutMagic(f); f&msRemount == 0 && f&msNoData != 0 {
		p.ptr(addr)
		return
	}
	p.str(addr)
}

func (p *printer) mountAttr(addr, size uint64) {
	const least, idmap, maxFd = 32, 0x100000, 0x7fffffff
	var a [4]uint64
	if size < least {
		p.ptr(addr)
		return
	}
	if !p.fetch(unsafe.Pointer(&a), least, addr) {
		return
	}
	p.Str("{attr_set=")
	p.flags(xMountAttr, a[0])
	p.field("attr_clr")
	p.flags(xMountAttr, a[1])
	p.field("propagation")
	p.val(xPropagation, a[2])
	p.field("userns_fd")
	if a[3] > maxFd || (a[0]|a[1])&idmap == 0 {
		p.Uint(a[3])
	} else {
		p.fd(int32(a[3]))
	}
	p.nonzero(", ", addr, least, size)
	p.Byte('}')
}

// fsconfig prints fsconfig(2): what key and value are depends on the command.
func (p *printer) fsconfig() step {
	a := &p.c.Args
	cmd := uint32(a[1])
	p.val(xFsconfig, uint64(cmd))
	p.comma()
	const setFlag, setString, setBinary, setPath, setPathEmpty, setFd = 0, 1, 2, 3, 4, 5
	const longest, maxBinary = 256, 1 << 20
	aux := int32(a[4])
	if cmd <= setFd {
		p.zstrn(a[2], longest)
	} else {
		p.ptr(a[2])
	}
	p.comma()
	switch {
	case cmd == setString:
		p.zstrn(a[3], longest)
	case cmd == setPath || cmd == setPathEmpty:
		p.path(a[3])
	case cmd == setBinary && aux >= 0 && aux <= maxBinary:
		p.random(a[3], uint64(aux))
	default:
		p.ptr(a[3])
	}
	p.comma()
	switch cmd {
	case setPath, setPathEmpty:
		p.dirfd(aux)
	case setFd:
		p.fd(aux)
	default:
		p.Int(int64(aux))
	}
	return last
}

// swapon prints the flags of swapon(2) and the priority in their lowest bits.
func (p *printer) swapon(f uint32) {
	const prioMask = 0x7fff
	if f&^prioMask != 0 {
		p.flags(xSwap, uint64(f&^prioMask))
		p.Byte('|')
	}
	p.Uint(uint64(f & prioMask))
}

// quotaCmd prints QCMD(command, type) (quotactl(2)).
func (p *printer) quotaCmd(c uint32) {
	if !p.named(uint64(c), unsBase) {
		return
	}
	p.Str("QCMD(")
	p.nameOrNumber(xQuotaCmd, uint64(c>>8))
	p.comma()
	p.nameOrNumber(xQuotaType, uint64(c&0xff))
	p.Byte(')')
	p.endNamed()
}

// nameOrNumber is val whatever -X says, for what is in a comment or beside a
// number already.
func (p *printer) nameOrNumber(x nameID, v uint64) {
	if s := name(x, v); s != "" {
		p.Str(s)
		return
	}
	p.hex(v)
	p.comment(xtabs[x].dflt)
}

func (p *printer) sysfs() {
	a := &p.c.Args
	p.hex(a[0])
	p.comma()
	p.hex(a[1])
	p.comma()
	p.hex(a[2])
}

// kexecSegs prints the segments of kexec_load(2), 16 at most.
func (p *printer) kexecSegs(addr, n uint64) {
	const most = 16 // KEXEC_SEGMENT_MAX
	if n > most {
		p.ptr(addr)
		return
	}
	var s [4]uint64
	for i := uint64(0); p.each(unsafe.Pointer(&s), 32, addr, i, n); i++ {
		p.first("buf")
		p.ptr(s[0])
		p.fieldUint("bufsz", s[1])
		p.field("mem")
		p.ptr(s[2])
		p.fieldUint("memsz", s[3])
		p.Byte('}')
	}
}

// sysctl prints struct __sysctl_args of _sysctl(2), a call of old kernels.
func (p *printer) sysctl(addr uint64) {
	var s [6]uint64
	if !p.fetch(unsafe.Pointer(&s), 48, addr) {
		return
	}
	p.first("name")
	p.ptr(s[0])
	p.fieldInt("nlen", int64(int32(s[1])))
	p.field("oldval")
	p.ptr(s[2])
	p.field("oldlenp")
	p.ptr(s[3])
	p.field("newval")
	p.ptr(s[4])
	p.fieldUint("newlen", s[5])
	p.Byte('}')
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

package decode

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Flags of mount(2) that leave some arguments alone (mount(2)).
const (
	msMagic   = 0xC0ED0000 // MS_MGC_VAL
	msRemount = 0x20
	msNoData  = 0x1000 | 0x2000 | 1<<17 | 1<<18 | 1<<19 | 1<<20 // MS_BIND, MS_MOVE, MS_UNBINDABLE … MS_SHARED
)

// mountFlags prints the flags of mount(2) behind the old magic number.
func mountFlags(p *text.Printer, f uint64) {
	if f&0xffff0000 == msMagic {
		p.Constant(msMagic, "MS_MGC_VAL", "", text.Hexadecimal)
		if f &^= 0xffff0000; f == 0 {
			return
		}
		p.Byte('|')
	}
	p.Flags(names.Mount, f)
}

// withoutMagic returns the flags of mount(2) without the old magic number.
func withoutMagic(f uint64) uint64 {
	if f&0xffff0000 == msMagic {
		return f &^ 0xffff0000
	}
	return f
}

// mountType prints the type of mount(2), which a new mount only has.
func mountType(p *text.Printer, addr, f uint64) {
	if withoutMagic(f)&(msNoData|msRemount) != 0 {
		p.Ptr(addr)
		return
	}
	p.StrAt(addr)
}

// mountData prints the data of mount(2): a string for most file systems, not
// looked at for bind mounts and their like.
func mountData(p *text.Printer, addr, f uint64) {
	if f = withoutMagic(f); f&msRemount == 0 && f&msNoData != 0 {
		p.Ptr(addr)
		return
	}
	p.StrAt(addr)
}

func mountAttr(p *text.Printer, addr, size uint64) {
	const least, idmap, maxFd = 32, 0x100000, 0x7fffffff
	var a [4]uint64
	if size < least {
		p.Ptr(addr)
		return
	}
	if !p.Fetch(unsafe.Pointer(&a), least, addr) {
		return
	}
	p.Str("{attr_set=")
	p.Flags(names.MountAttr, a[0])
	p.Field("attr_clr")
	p.Flags(names.MountAttr, a[1])
	p.Field("propagation")
	p.Val(names.Propagation, a[2])
	p.Field("userns_fd")
	if a[3] > maxFd || (a[0]|a[1])&idmap == 0 {
		p.Uint(a[3])
	} else {
		p.Fd(int32(a[3]))
	}
	p.Nonzero(", ", addr, least, size)
	p.Byte('}')
}

// fsconfig prints fsconfig(2): what key and value are depends on the command.
func fsconfig(p *text.Printer) text.Step {
	a := &p.C.Args
	cmd := uint32(a[1])
	p.Val(names.Fsconfig, uint64(cmd))
	p.Comma()
	const setFlag, setString, setBinary, setPath, setPathEmpty, setFd = 0, 1, 2, 3, 4, 5
	const longest, maxBinary = 256, 1 << 20
	aux := int32(a[4])
	if cmd <= setFd {
		p.Zstrn(a[2], longest)
	} else {
		p.Ptr(a[2])
	}
	p.Comma()
	switch {
	case cmd == setString:
		p.Zstrn(a[3], longest)
	case cmd == setPath || cmd == setPathEmpty:
		p.Path(a[3])
	case cmd == setBinary && aux >= 0 && aux <= maxBinary:
		p.Random(a[3], uint64(aux))
	default:
		p.Ptr(a[3])
	}
	p.Comma()
	switch cmd {
	case setPath, setPathEmpty:
		p.Dirfd(aux)
	case setFd:
		p.Fd(aux)
	default:
		p.Int(int64(aux))
	}
	return text.Last
}

// swapon prints the flags of swapon(2) and the priority in their lowest bits.
func swapon(p *text.Printer, f uint32) {
	const prioMask = 0x7fff
	if f&^prioMask != 0 {
		p.Flags(names.Swap, uint64(f&^prioMask))
		p.Byte('|')
	}
	p.Uint(uint64(f & prioMask))
}

// quotaCmd prints QCMD(command, type) (quotactl(2)).
func quotaCmd(p *text.Printer, c uint32) {
	if !p.Named(uint64(c), text.Unsigned) {
		return
	}
	p.Str("QCMD(")
	nameOrNumber(p, names.QuotaCmd, uint64(c>>8))
	p.Comma()
	nameOrNumber(p, names.QuotaType, uint64(c&0xff))
	p.Byte(')')
	p.EndNamed()
}

// nameOrNumber is val whatever -X says, for what is in a comment or beside a
// number already.
func nameOrNumber(p *text.Printer, x names.ID, v uint64) {
	if s := text.NameOf(x, v); s != "" {
		p.Str(s)
		return
	}
	p.AltHex(v)
	p.Comment(names.Tables[x].Unknown.String())
}

func sysfs(p *text.Printer) {
	a := &p.C.Args
	p.AltHex(a[0])
	p.Comma()
	p.AltHex(a[1])
	p.Comma()
	p.AltHex(a[2])
}

// kexecSegs prints the segments of kexec_load(2), 16 at most.
func kexecSegs(p *text.Printer, addr, n uint64) {
	const most = 16 // KEXEC_SEGMENT_MAX
	if n > most {
		p.Ptr(addr)
		return
	}
	var s [4]uint64
	for i := uint64(0); p.Each(unsafe.Pointer(&s), 32, addr, i, n); i++ {
		p.First("buf")
		p.Ptr(s[0])
		p.FieldUint("bufsz", s[1])
		p.Field("mem")
		p.Ptr(s[2])
		p.FieldUint("memsz", s[3])
		p.Byte('}')
	}
}

// sysctl prints struct __sysctl_args of _sysctl(2), a call of old kernels.
func sysctl(p *text.Printer, addr uint64) {
	var s [6]uint64
	if !p.Fetch(unsafe.Pointer(&s), 48, addr) {
		return
	}
	p.First("name")
	p.Ptr(s[0])
	p.FieldInt("nlen", int64(int32(s[1])))
	p.Field("oldval")
	p.Ptr(s[2])
	p.Field("oldlenp")
	p.Ptr(s[3])
	p.Field("newval")
	p.Ptr(s[4])
	p.FieldUint("newlen", s[5])
	p.Byte('}')
}

func kexec(p *text.Printer, f uint64) {
	p.Val(names.KexecArch, f&0xffff0000)
	if f &^= 0xffff0000; f != 0 {
		p.Byte('|')
		p.Flags(names.Kexec, f)
	}
}

func fanInit(p *text.Printer, f uint32) {
	const class = 0xc
	p.Val(names.FanClass, uint64(f&class))
	if f &^= class; f != 0 {
		p.Byte('|')
		p.Flags(names.FanInit, uint64(f))
	}
}

// fhandle prints struct file_handle (name_to_handle_at(2)).
func fhandle(p *text.Printer, addr uint64) {
	var h struct {
		n    uint32
		kind int32
	}
	if !p.Fetch(unsafe.Pointer(&h), 8, addr) {
		return
	}
	p.Str("{handle_bytes=")
	if p.Exit && uint32(p.Saved[0]) != h.n {
		p.Uint(uint64(uint32(p.Saved[0])))
		p.Str(" => ")
	}
	p.Uint(uint64(h.n))
	if !p.Failed() || !p.Exit {
		p.Field("handle_type")
		p.AltHex(uint64(uint32(h.kind)))
		p.Field("f_handle")
		p.Str("0x")
		hexBytes(p, addr+8, uint64(h.n))
	}
	p.Byte('}')
}

// hexBytes prints n bytes at addr as hexadecimal digits.
func hexBytes(p *text.Printer, addr, n uint64) {
	if n > 128 {
		n = 128
	}
	for i := uint64(0); i < n; i++ {
		var b uint8
		if !text.Peek(unsafe.Pointer(&b), 1, addr+i) {
			return
		}
		p.HexDigits(uint64(b), 2)
	}
}

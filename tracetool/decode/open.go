package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// makesFile says whether open(2) looks at its third argument.
func makesFile(f uint64) bool { return f&(unix.O_CREAT|unix.O_TMPFILE&^unix.O_DIRECTORY) != 0 }

// open prints the flags of open(2) and the mode, which exists only with
// O_CREAT and O_TMPFILE.
func open(p *text.Printer, i int) text.Step {
	f := uint64(uint32(p.C.Args[i]))
	p.OpenFlags(f)
	if makesFile(f) {
		p.Comma()
		p.Mode(uint32(p.C.Args[i+1]))
	}
	return text.Last
}

// mqOpen is like open, with struct mq_attr behind (mq_open(3)).
func mqOpen(p *text.Printer, i int) text.Step {
	f := uint64(uint32(p.C.Args[i]))
	p.OpenFlags(f)
	if f&unix.O_CREAT != 0 {
		p.Comma()
		p.Mode(uint32(p.C.Args[i+1]))
		p.Comma()
		mqAttr(p, p.C.Args[i+2])
	}
	return text.Last
}

// openHow prints struct open_how of openat2(2).
func openHow(p *text.Printer, addr, size uint64) {
	var h struct{ flags, mode, resolve uint64 }
	if size < 24 {
		p.Ptr(addr)
		return
	}
	if !p.Fetch(unsafe.Pointer(&h), 24, addr) {
		return
	}
	p.Str("{flags=")
	p.OpenFlags(h.flags)
	if makesFile(h.flags) || h.mode != 0 {
		p.Str(", mode=")
		p.ModeLong(h.mode)
	}
	p.Str(", resolve=")
	p.Flags(names.Resolve, h.resolve)
	p.Nonzero(", ", addr, 24, size)
	p.Byte('}')
}

func access(p *text.Printer, m uint32) {
	p.Flags(names.Access, uint64(m))
}

// StatxFlags prints the two parts of statx(2)'s flags. The first has no number for
// AT_STATX_SYNC_AS_STAT in -X raw, the second no comment where nothing is known.
func StatxFlags(p *text.Printer, f uint32) {
	const sync = 0x6000 // AT_STATX_SYNC_TYPE
	how, rest := uint64(f&sync), uint64(f&^sync)
	switch {
	case text.NameOf(names.AtStatxSync, how) == "":
		p.Flags(names.AtStatxSync, how)
	case text.Opt.Style != text.StyleRaw || how != 0:
		p.Val(names.AtStatxSync, how)
	}
	if rest == 0 {
		return
	}
	p.Byte('|')
	for i := range names.Rows(names.AtStatx) {
		if names.Rows(names.AtStatx)[i].Value&rest != 0 {
			p.Flags(names.AtStatx, rest)
			return
		}
	}
	p.AltHex(rest)
}

// offset prints the offset that a call like splice(2) reads and writes.
func offset(p *text.Printer, addr uint64) {
	var v int64
	if p.Fetch(unsafe.Pointer(&v), 8, addr) {
		p.Byte('[')
		p.Int(v)
		p.Byte(']')
	}
}

// sendfileOff prints the offset of sendfile(2), and at its return the new one.
func sendfileOff(p *text.Printer) text.Step {
	addr, count := p.C.Args[2], p.C.Args[3]
	var v uint64
	if !p.Cont {
		if !p.Fetch(unsafe.Pointer(&v), 8, addr) {
			return text.Next
		}
		p.Byte('[')
		p.Uint(v)
		p.Byte(']')
	}
	if count == 0 {
		return text.Next
	}
	if !p.Exit {
		return text.Wait
	}
	if !p.Failed() && p.C.Result != 0 && addr != 0 {
		p.Str(" => ")
		if p.Fetch(unsafe.Pointer(&v), 8, addr) {
			p.Byte('[')
			p.Uint(v)
			p.Byte(']')
		}
	}
	return text.Next
}

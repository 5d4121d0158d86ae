package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Page faults handled by the process itself (userfaultfd(2),
// linux/userfaultfd.h).

var sUffdRange = []text.Field{{Name: "start", Kind: text.X64}, {Name: "len", Kind: text.X64}}

var ioctlUffd = []Arg{
	{cmd: names.UFFDIO_API, k: Special},
	{cmd: names.UFFDIO_REGISTER, k: Grow, S: []text.Field{{Name: "range", Kind: text.Open}, {Name: "start", Kind: text.X64}, {Name: "len", Kind: text.X64}, {Kind: text.Close}, {Name: "mode", Kind: text.F64, Arg: names.UffdMode}},
		s2: []text.Field{{Kind: text.At, Arg: 24}, {Name: "ioctls", Kind: text.F64, Arg: names.UffdIoctl}}},
	{cmd: names.UFFDIO_UNREGISTER, k: Struct, S: sUffdRange}, {cmd: names.UFFDIO_WAKE, k: Struct, S: sUffdRange},
	{cmd: names.UFFDIO_COPY, k: Grow, S: []text.Field{{Name: "dst", Kind: text.X64}, {Name: "src", Kind: text.X64}, {Name: "len", Kind: text.X64}, {Name: "mode", Kind: text.F64, Arg: names.UffdCopy}},
		s2: []text.Field{{Kind: text.At, Arg: 32}, {Name: "copy", Kind: text.X64}}},
	{cmd: names.UFFDIO_ZEROPAGE, k: Grow, S: []text.Field{{Name: "range", Kind: text.Open}, {Name: "start", Kind: text.X64}, {Name: "len", Kind: text.X64}, {Kind: text.Close}, {Name: "mode", Kind: text.F64, Arg: names.UffdZero}},
		s2: []text.Field{{Kind: text.At, Arg: 24}, {Name: "zeropage", Kind: text.X64}}},
}

// uffdAPI prints struct uffdio_api; the kernel adds to the features.
func uffdAPI(p *text.Printer, v uint64) text.Step {
	const size = 24
	w := text.Window{Addr: v, End: size}
	if !p.Cont {
		p.Comma()
		if !text.Readable(v, size) {
			p.Ptr(v)
			return text.Last
		}
		p.Str("{api=")
		p.AltHex(w.Num(0, 8))
		p.Field("features")
		p.Saved[0] = w.Num(8, 8)
		p.Flags(names.UffdFeature, p.Saved[0])
		if !p.Exit {
			return text.Wait
		}
	}
	if !p.Failed() && text.Readable(v, size) {
		if f := w.Num(8, 8); f != p.Saved[0] {
			p.Str(" => features=")
			p.Flags(names.UffdFeature, f)
		}
		p.Field("ioctls")
		p.Flags(names.UffdApi, w.Num(16, 8))
	}
	p.Byte('}')
	return text.Last
}

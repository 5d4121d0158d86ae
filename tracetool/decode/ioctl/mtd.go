package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Flash memory (mtd/mtd-abi.h, mtd/ubi-user.h).

var (
	sErase   = []text.Field{{Name: "start", Kind: text.X32}, {Name: "length", Kind: text.X32}}
	sOob     = []text.Field{{Name: "start", Kind: text.X32}, {Name: "length", Kind: text.X32}, {Name: "ptr", Kind: text.Ptr}}
	sOob64   = []text.Field{{Name: "start", Kind: text.X64}, {Kind: text.At, Arg: 12}, {Name: "length", Kind: text.X32}, {Kind: text.At, Arg: 16}, {Name: "usr_ptr", Kind: text.Ptr}}
	sOtp     = []text.Field{{Name: "start", Kind: text.X32}, {Name: "length", Kind: text.X32}, {Name: "locked", Kind: text.U32}}
	sUbiMap  = []text.Field{{Name: "lnum", Kind: text.D32}, {Name: "dtype", Kind: text.V8, Arg: names.UbiData}, {Kind: text.Pad, Arg: 3}}
	sUbiProp = []text.Field{{Name: "property", Kind: text.V8, Arg: names.UbiProp}, {Kind: text.At, Arg: 8}, {Name: "value", Kind: text.X64}}
)

var ioctlMtd = []Arg{
	{cmd: names.MEMERASE, k: Struct, S: sErase}, {cmd: names.MEMLOCK, k: Struct, S: sErase}, {cmd: names.MEMUNLOCK, k: Struct, S: sErase},
	{cmd: names.MEMISLOCKED, k: Struct, S: sErase}, {cmd: names.MEMERASE64, k: Struct, S: []text.Field{{Name: "start", Kind: text.X64}, {Name: "length", Kind: text.X64}}},
	{cmd: names.MEMWRITEOOB, k: Struct, S: sOob}, {cmd: names.MEMREADOOB, k: Struct, S: sOob}, {cmd: names.MEMWRITEOOB64, k: Struct, S: sOob64},
	{cmd: names.MEMREADOOB64, k: Struct, S: sOob64},
	{cmd: names.MEMWRITE, k: Struct, S: []text.Field{{Name: "start", Kind: text.X64}, {Name: "len", Kind: text.X64}, {Name: "ooblen", Kind: text.X64}, {Name: "usr_data", Kind: text.Ptr},
		{Name: "usr_oob", Kind: text.Ptr}, {Name: "mode", Kind: text.V8, Arg: names.MtdOps}, {Kind: text.Pad, Arg: 7}}},
	{cmd: names.OTPGETREGIONINFO, k: Struct | Out, S: sOtp}, {cmd: names.OTPLOCK, k: Struct, S: sOtp}, {cmd: names.OTPSELECT, k: ValAt, X: names.MtdOtp},
	{cmd: names.MTDFILEMODE, k: ValArg, X: names.MtdFileMode}, {cmd: names.MEMGETBADBLOCK, k: U64At}, {cmd: names.MEMSETBADBLOCK, k: U64At},
	{cmd: names.MEMGETINFO, k: Struct | Out, S: []text.Field{{Name: "type", Kind: text.V8, Arg: names.MtdType}, {Name: "flags", Kind: text.F32, Arg: names.MtdFlag}, {Name: "size", Kind: text.X32},
		{Name: "erasesize", Kind: text.X32}, {Name: "writesize", Kind: text.X32}, {Name: "oobsize", Kind: text.X32}, {Name: "padding", Kind: text.X64}}},
	{cmd: names.MEMGETOOBSEL, k: Struct | Out, S: []text.Field{{Name: "useecc", Kind: text.V32, Arg: names.MtdNand}, {Name: "eccbytes", Kind: text.X32}, {Name: "oobfree", Kind: text.Pairs, Arg: 8},
		{Kind: text.Times, Arg: 32}, {Name: "eccpos", Kind: text.X32}}},
	{cmd: names.ECCGETLAYOUT, k: Struct | Out, S: []text.Field{{Name: "eccbytes", Kind: text.X32}, {Kind: text.Times, Arg: 64}, {Name: "eccpos", Kind: text.X32}, {Name: "oobavail", Kind: text.X32},
		{Name: "oobfree", Kind: text.Elems, Arg: 8}, {Name: "offset", Kind: text.X32}, {Name: "length", Kind: text.X32}, {Kind: text.Close}}},
	{cmd: names.ECCGETSTATS, k: Struct | Out, S: []text.Field{{Name: "corrected", Kind: text.X32}, {Name: "failed", Kind: text.X32}, {Name: "badblocks", Kind: text.X32}, {Name: "bbtblocks", Kind: text.X32}}},
	{cmd: names.OTPGETREGIONCOUNT, k: UintAt | Out}, {cmd: names.MEMGETREGIONCOUNT, k: IntAt | Out},
	{cmd: names.MEMGETREGIONINFO, k: Grow, S: []text.Field{{Kind: text.At, Arg: 12}, {Name: "regionindex", Kind: text.X32}},
		s2: []text.Field{{Name: "offset", Kind: text.X32}, {Name: "erasesize", Kind: text.X32}, {Name: "numblocks", Kind: text.X32}, {Kind: text.Pad, Arg: 4}}},
}

var ioctlUbi = []Arg{
	{cmd: names.UBI_IOCATT, k: BothInt, S: []text.Field{{Name: "ubi_num", Kind: text.D32}, {Name: "mtd_num", Kind: text.D32}, {Name: "vid_hdr_offset", Kind: text.D32},
		{Name: "max_beb_per1024", Kind: text.D16}, {Kind: text.Pad, Arg: 10}}},
	{cmd: names.UBI_IOCEBCH, k: Struct, S: []text.Field{{Name: "lnum", Kind: text.D32}, {Name: "bytes", Kind: text.D32}, {Name: "dtype", Kind: text.V8, Arg: names.UbiData}, {Kind: text.Pad, Arg: 7}}},
	{cmd: names.UBI_IOCEBMAP, k: Struct, S: sUbiMap}, {cmd: names.UBI_IOCMKVOL, k: Special}, {cmd: names.UBI_IOCRNVOL, k: Special},
	{cmd: names.UBI_IOCRSVOL, k: Struct, S: []text.Field{{Name: "bytes", Kind: text.D64}, {Name: "vol_id", Kind: text.D32}}},
	{cmd: names.UBI_IOCSETVOLPROP, k: Struct, S: sUbiProp}, {cmd: names.UBI_IOCVOLUP, k: S64At}, {cmd: names.UBI_IOCDET, k: IntAt},
	{cmd: names.UBI_IOCEBER, k: IntAt}, {cmd: names.UBI_IOCEBISMAP, k: IntAt}, {cmd: names.UBI_IOCEBUNMAP, k: IntAt}, {cmd: names.UBI_IOCRMVOL, k: IntAt},
	{cmd: names.UBI_IOCRPEB, k: IntAt}, {cmd: names.UBI_IOCSPEB, k: IntAt}, {cmd: 0x40804f07}, {cmd: 0x4f08}, // UBI_IOCVOLCRBLK, UBI_IOCVOLRMBLK
}

var sMkvol = []text.Field{{Name: "vol_id", Kind: text.D32}, {Name: "alignment", Kind: text.D32}, {Name: "bytes", Kind: text.D64}, {Name: "vol_type", Kind: text.V8, Arg: names.UbiVol}, {Name: "flags", Kind: text.F8, Arg: names.UbiVolFlag},
	{Name: "name_len", Kind: text.D16}}

// ubiName prints a name of n bytes at offset off.
func ubiName(p *text.Printer, w *text.Window, off uint64, n int64) {
	n = min(max(n, 0), 127)
	p.Field("name")
	p.CharArray(w, off, uint64(n)+1)
}

func mkvol(p *text.Printer, v uint64) text.Step {
	const size, name = 152, 24
	if !p.Cont {
		p.Comma()
		if !text.Readable(v, size) {
			p.Ptr(v)
			return text.Last
		}
		w := text.Window{Addr: v, End: size}
		p.Byte('{')
		p.FieldsIn(&w, sMkvol, true)
		ubiName(p, &w, name, text.SignExtend(w.Num(18, 2), 2))
		p.Byte('}')
		if !p.Exit {
			return text.Wait
		}
	}
	if !p.Failed() {
		p.Str(" => ")
		p.IntAt(v)
	}
	return text.Last
}

func rnvol(p *text.Printer, v uint64) text.Step {
	const head, elem, most = 16, 136, 32
	p.Comma()
	if !text.ReadableRange(v, head+elem*most) {
		p.Ptr(v)
		return text.Last
	}
	w := text.Window{Addr: v, End: head + elem*most}
	count := text.SignExtend(w.Num(0, 4), 4)
	p.Str("{count=")
	p.Int(count)
	p.Str(", ents=[")
	n := uint64(min(max(count, 0), most))
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.Comma()
		}
		if i >= text.Opt.StrLen && !p.Full() {
			p.Str("...")
			break
		}
		at := head + elem*i
		p.Str("{vol_id=")
		p.Int(text.SignExtend(w.Num(at, 4), 4))
		k := text.SignExtend(w.Num(at+4, 2), 2)
		p.FieldInt("name_len", k)
		ubiName(p, &w, at+8, k)
		p.Byte('}')
	}
	p.Str("]}")
	return text.Last
}

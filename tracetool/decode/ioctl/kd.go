package ioctl

// The console's keyboard and screen (linux/kd.h, linux/keyboard.h); what VT_…
// commands point at strace 6.1 does not look into. The fonts are in ioctlfont.go.

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

const (
	kbTableSize = 256 // E_TABSZ, MAX_DIACR
	cmapSize    = 48
	fontSize    = 8192
)

var ioctlKd = []Arg{
	{cmd: names.KIOCSOUND, k: Own}, {cmd: names.KDMKTONE, k: Own}, {cmd: names.KDADDIO, k: Own}, {cmd: names.KDDELIO, k: Own}, {cmd: names.KDSIGACCEPT, k: Own},
	{cmd: names.KDGETLED, k: Flag8At | Out, X: names.Led3}, {cmd: names.KDSETLED, k: Flag8Arg, X: names.Led3},
	{cmd: names.KDGKBLED, k: Flag8At | Out, X: names.Led6}, {cmd: names.KDSKBLED, k: Flag8Arg, X: names.Led6},
	{cmd: names.KDGKBTYPE, k: Val8At | Out, X: names.KdType}, {cmd: names.KDGETMODE, k: ValAt | Out, X: names.KdMode}, {cmd: names.KDSETMODE, k: Val32Arg, X: names.KdMode},
	{cmd: names.KDGKBMODE, k: DecValAt | Out, X: names.KbMode}, {cmd: names.KDSKBMODE, k: DecValArg, X: names.KbMode},
	{cmd: names.KDGKBMETA, k: ValAt | Out, X: names.KbMeta}, {cmd: names.KDSKBMETA, k: Val32Arg, X: names.KbMeta},
	{cmd: names.KDENABIO}, {cmd: names.KDDISABIO}, {cmd: names.KDMAPDISP}, {cmd: names.KDUNMAPDISP}, {cmd: names.PIO_FONTRESET},
	{cmd: names.GIO_SCRNMAP, k: HexBufArg | Out, X: kbTableSize}, {cmd: names.PIO_SCRNMAP, k: HexBufArg, X: kbTableSize},
	{cmd: names.GIO_CMAP, k: HexBufArg | Out, X: cmapSize}, {cmd: names.PIO_CMAP, k: HexBufArg, X: cmapSize},
	{cmd: names.GIO_FONT, k: HexBufArg | Out, X: fontSize}, {cmd: names.PIO_FONT, k: HexBufArg, X: fontSize},
	{cmd: names.GIO_UNISCRNMAP, k: Special | Out}, {cmd: names.PIO_UNISCRNMAP, k: Special},
	{cmd: names.KDGKBDIACR, k: Special | Out}, {cmd: names.KDSKBDIACR, k: Special}, {cmd: names.KDGKBDIACRUC, k: Special | Out}, {cmd: names.KDSKBDIACRUC, k: Special},
	{cmd: names.KDGKBENT, k: Special}, {cmd: names.KDSKBENT, k: Special}, {cmd: names.KDGKBSENT, k: Special}, {cmd: names.KDSKBSENT, k: Special},
	{cmd: names.KDGETKEYCODE, k: Special}, {cmd: names.KDSETKEYCODE, k: Struct, S: []text.Field{{Name: "scancode", Kind: text.X32}, {Name: "keycode", Kind: text.X32}}},
	{cmd: names.KDKBDREP, k: Both, S: sKbdRepeat, s2: sKbdRepeat},
	{cmd: names.PIO_UNIMAPCLR, k: Struct, S: []text.Field{{Name: "advised_hashsize", Kind: text.U16}, {Name: "advised_hashstep", Kind: text.U16}, {Name: "advised_hashlevel", Kind: text.U16}}},
	{cmd: names.GIO_UNIMAP, k: Special}, {cmd: names.PIO_UNIMAP, k: Special},
	{cmd: names.GIO_FONTX, k: Special}, {cmd: names.PIO_FONTX, k: Special}, {cmd: names.KDFONTOP, k: Special},
}

var sKbdRepeat = []text.Field{{Name: "delay", Kind: text.D32}, {Name: "period", Kind: text.D32}}

// kd prints the argument of a command that needs more than a table.
func kd(p *text.Printer, cmd uint32, v uint64) text.Step {
	switch cmd {
	case names.KDGKBENT, names.KDSKBENT:
		return kbEntry(p, v, cmd == names.KDGKBENT)
	case names.KDGKBSENT, names.KDSKBSENT:
		return kbString(p, v, cmd == names.KDGKBSENT)
	case names.KDGETKEYCODE:
		return getKeycode(p, v)
	case names.GIO_UNIMAP, names.PIO_UNIMAP:
		return unimap(p, v, cmd == names.GIO_UNIMAP)
	case names.GIO_FONTX, names.PIO_FONTX:
		return fontDesc(p, v, cmd == names.GIO_FONTX)
	case names.KDFONTOP:
		return fontOp(p, v)
	}
	p.Comma()
	kdObject(p, cmd, v)
	return text.Last
}

// kdObject prints the object at v that is the same for reading and writing.
func kdObject(p *text.Printer, cmd uint32, v uint64) {
	switch cmd {
	case names.GIO_UNISCRNMAP, names.PIO_UNISCRNMAP:
		screenMap(p, v)
	case names.KDGKBDIACR, names.KDSKBDIACR:
		diacrs(p, v, "kbdiacr", 1)
	default:
		diacrs(p, v, "kbdiacruc", 4)
	}
}

// kdNumber prints an argument that is a number with a meaning of its own.
func kdNumber(p *text.Printer, cmd uint32, v uint64) {
	const gpFirst, gpLast = 0x3b4, 0x3df // of the ports that the kernel lets through (drivers/tty/vt/vt_ioctl.c)
	switch cmd {
	case names.KIOCSOUND:
		p.Uint(v)
		tone(p, v, 0)
	case names.KDMKTONE:
		ms := uint64(uint32(v) >> 16)
		if ms != 0 {
			p.Uint(ms)
			p.Str("<<16|")
		}
		p.Uint(v & 0xffff)
		if ms == 0 {
			tone(p, 0, 0)
			break
		}
		tone(p, v&0xffff, ms)
	case names.KDADDIO, names.KDDELIO:
		p.AltHex(v)
		if v >= gpFirst && v <= gpLast && text.Opt.Style != text.StyleRaw {
			p.Str(" /* GPFIRST + ")
			p.Uint(v - gpFirst)
			p.Str(" */")
		}
	case names.KDSIGACCEPT:
		if v > 0x7fffffff {
			p.Uint(v)
			break
		}
		p.Sig(int32(v))
	}
}

// tone prints what a count of the timer sounds like, for ms if that is given.
func tone(p *text.Printer, count, ms uint64) {
	const tickRate = 1193182 // PIT_TICK_RATE
	switch {
	case text.Opt.Style == text.StyleRaw:
	case count == 0 || count > tickRate:
		p.Comment("off")
	default:
		p.Str(" /* ")
		p.Uint(tickRate / count)
		p.Str(" Hz")
		if ms != 0 {
			p.Comma()
			p.Uint(ms)
			p.Str(" ms")
		}
		p.Str(" */")
	}
}

// kbEntry prints struct kbentry.
func kbEntry(p *text.Printer, v uint64, get bool) text.Step {
	if !p.Cont {
		p.Comma()
		var e [2]uint8
		if !p.Fetch(unsafe.Pointer(&e), 2, v) {
			return text.Last
		}
		p.First("kb_table")
		if e[0] < 4 {
			p.Val(names.KbTable, uint64(e[0]))
		} else {
			p.Flags(names.KbShift, uint64(e[0]))
		}
		p.FieldUint("kb_index", uint64(e[1]))
		if get && !p.Exit {
			return text.Wait
		}
	}
	if !get || !p.Failed() {
		var value uint16
		p.Field("kb_value")
		if text.Peek(unsafe.Pointer(&value), 2, v+2) {
			kbValue(p, uint64(value))
		} else {
			p.Str("???")
		}
	}
	p.Byte('}')
	return text.Last
}

// kbValue prints what a key does: K(type, value).
func kbValue(p *text.Printer, v uint64) {
	const latin, meta, letter, dead2 = 0, 8, 11, 13
	p.AltHex(v)
	if text.Opt.Style == text.StyleRaw {
		return
	}
	if s := text.NameOf(names.KbKey, v); s != "" {
		p.Comment(s)
		return
	}
	p.Str(" /* K(")
	t := v >> 8
	if s := text.NameOf(names.KbType, t); s != "" {
		p.Str(s)
	} else {
		p.AltHex(t)
	}
	p.Comma()
	switch t {
	case latin, meta, letter, dead2:
		charConst(p, byte(v))
	default:
		p.AltHex(v & 0xff)
	}
	p.Str(") */")
}

// charConst prints a character as C writes it.
func charConst(p *text.Printer, c byte) {
	p.Byte('\'')
	switch {
	case c == '\'' || c == '\\':
		p.Byte('\\')
		p.Byte(c)
	case text.Printable(c):
		p.Byte(c)
	case c >= '\t' && c <= '\r':
		p.Byte('\\')
		p.Byte("tnvfr"[c-'\t'])
	default:
		p.Str("\\x")
		p.HexDigits(uint64(c), 2)
	}
	p.Byte('\'')
}

// kbString prints struct kbsentry, the text of a function key.
func kbString(p *text.Printer, v uint64, get bool) text.Step {
	const size, typeFn = 512, 1 << 8 // K(KT_FN, …)
	if !p.Cont {
		p.Comma()
		var f uint8
		if !p.Fetch(unsafe.Pointer(&f), 1, v) {
			return text.Last
		}
		p.First("kb_func")
		if p.Named(uint64(f), text.Hexadecimal) {
			p.Str("KVAL(")
			p.Str(text.NameOf(names.KbKey, typeFn|uint64(f)))
			p.Byte(')')
			p.EndNamed()
		}
		if get && !p.Exit {
			return text.Wait
		}
	}
	if !get || !p.Failed() {
		p.Field("kb_string")
		start := p.Len()
		p.Zstrn(v+1, min(size, text.Opt.StrLen)) // the byte behind those is not looked at
		if p.Bytes()[start] != '"' {
			p.Truncate(start)
			p.Str("???")
		}
	}
	p.Byte('}')
	return text.Last
}

// diacrs prints struct kbdiacrs, whose characters have size bytes.
func diacrs(p *text.Printer, v uint64, array string, size uint64) {
	var count uint32
	var c [3]uint32
	if !p.Fetch(unsafe.Pointer(&count), 4, v) {
		return
	}
	p.First("kb_cnt")
	p.Uint(uint64(count))
	p.Field(array)
	n := min(uint64(count), kbTableSize)
	i := uint64(0)
	for ; p.Each(unsafe.Pointer(&c), 3*size, v+4, i, n); i++ {
		p.First("diacr")
		diacr(p, &c, 0, size)
		p.Field("base")
		diacr(p, &c, 1, size)
		p.Field("result")
		diacr(p, &c, 2, size)
		p.Byte('}')
	}
	if i == n && uint64(count) > n {
		p.Truncate(p.Len() - 1)
		p.Str(", ...]")
	}
	p.Byte('}')
}

// diacr prints character i of a triple.
func diacr(p *text.Printer, c *[3]uint32, i, size uint64) {
	if size == 1 {
		charConst(p, byte(c[0]>>(8*i)))
		return
	}
	p.AltHex(uint64(c[i]))
}

func getKeycode(p *text.Printer, v uint64) text.Step {
	var k [2]uint32
	if !p.Cont {
		p.Comma()
		if !p.Fetch(unsafe.Pointer(&k), 8, v) {
			return text.Last
		}
		p.First("scancode")
		p.AltHex(uint64(k[0]))
		p.FieldHex("keycode", uint64(k[1]))
		if !p.Exit {
			return text.Wait
		}
	}
	if !p.Failed() && text.Peek(unsafe.Pointer(&k), 8, v) {
		p.Str(" => ")
		p.AltHex(uint64(k[1]))
	}
	p.Byte('}')
	return text.Last
}

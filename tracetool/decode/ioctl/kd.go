package tracetool

// The console's keyboard and screen (linux/kd.h, linux/keyboard.h); what VT_…
// commands point at strace 6.1 does not look into. The fonts are in ioctlfont.go.

import "unsafe"

const (
	kbTableSize = 256 // E_TABSZ, MAX_DIACR
	cmapSize    = 48
	fontSize    = 8192
)

var ioctlKd = []ioctlArg{
	{cmd: cmdKIOCSOUND, k: iOwn}, {cmd: cmdKDMKTONE, k: iOwn}, {cmd: cmdKDADDIO, k: iOwn}, {cmd: cmdKDDELIO, k: iOwn}, {cmd: cmdKDSIGACCEPT, k: iOwn},
	{cmd: cmdKDGETLED, k: iFlag8At | out, x: xLed3}, {cmd: cmdKDSETLED, k: iFlag8Arg, x: xLed3},
	{cmd: cmdKDGKBLED, k: iFlag8At | out, x: xLed6}, {cmd: cmdKDSKBLED, k: iFlag8Arg, x: xLed6},
	{cmd: cmdKDGKBTYPE, k: iVal8At | out, x: xKdType}, {cmd: cmdKDGETMODE, k: iValAt | out, x: xKdMode}, {cmd: cmdKDSETMODE, k: iVal32Arg, x: xKdMode},
	{cmd: cmdKDGKBMODE, k: iDecValAt | out, x: xKbMode}, {cmd: cmdKDSKBMODE, k: iDecValArg, x: xKbMode},
	{cmd: cmdKDGKBMETA, k: iValAt | out, x: xKbMeta}, {cmd: cmdKDSKBMETA, k: iVal32Arg, x: xKbMeta},
	{cmd: cmdKDENABIO}, {cmd: cmdKDDISABIO}, {cmd: cmdKDMAPDISP}, {cmd: cmdKDUNMAPDISP}, {cmd: cmdPIO_FONTRESET},
	{cmd: cmdGIO_SCRNMAP, k: iHexBufArg | out, x: kbTableSize}, {cmd: cmdPIO_SCRNMAP, k: iHexBufArg, x: kbTableSize},
	{cmd: cmdGIO_CMAP, k: iHexBufArg | out, x: cmapSize}, {cmd: cmdPIO_CMAP, k: iHexBufArg, x: cmapSize},
	{cmd: cmdGIO_FONT, k: iHexBufArg | out, x: fontSize}, {cmd: cmdPIO_FONT, k: iHexBufArg, x: fontSize},
	{cmd: cmdGIO_UNISCRNMAP, k: iSpecial | out}, {cmd: cmdPIO_UNISCRNMAP, k: iSpecial},
	{cmd: cmdKDGKBDIACR, k: iSpecial | out}, {cmd: cmdKDSKBDIACR, k: iSpecial}, {cmd: cmdKDGKBDIACRUC, k: iSpecial | out}, {cmd: cmdKDSKBDIACRUC, k: iSpecial},
	{cmd: cmdKDGKBENT, k: iSpecial}, {cmd: cmdKDSKBENT, k: iSpecial}, {cmd: cmdKDGKBSENT, k: iSpecial}, {cmd: cmdKDSKBSENT, k: iSpecial},
	{cmd: cmdKDGETKEYCODE, k: iSpecial}, {cmd: cmdKDSETKEYCODE, k: iStruct, s: []field{{"scancode", fX32, 0}, {"keycode", fX32, 0}}},
	{cmd: cmdKDKBDREP, k: iBoth, s: sKbdRepeat, s2: sKbdRepeat},
	{cmd: cmdPIO_UNIMAPCLR, k: iStruct, s: []field{{"advised_hashsize", fU16, 0}, {"advised_hashstep", fU16, 0}, {"advised_hashlevel", fU16, 0}}},
	{cmd: cmdGIO_UNIMAP, k: iSpecial}, {cmd: cmdPIO_UNIMAP, k: iSpecial},
	{cmd: cmdGIO_FONTX, k: iSpecial}, {cmd: cmdPIO_FONTX, k: iSpecial}, {cmd: cmdKDFONTOP, k: iSpecial},
}

var sKbdRepeat = []field{{"delay", fD32, 0}, {"period", fD32, 0}}

// kd prints the argument of a command that needs more than a table.
func (p *printer) kd(cmd uint32, v uint64) step {
	switch cmd {
	case cmdKDGKBENT, cmdKDSKBENT:
		return p.kbEntry(v, cmd == cmdKDGKBENT)
	case cmdKDGKBSENT, cmdKDSKBSENT:
		return p.kbString(v, cmd == cmdKDGKBSENT)
	case cmdKDGETKEYCODE:
		return p.getKeycode(v)
	case cmdGIO_UNIMAP, cmdPIO_UNIMAP:
		return p.unimap(v, cmd == cmdGIO_UNIMAP)
	case cmdGIO_FONTX, cmdPIO_FONTX:
		return p.fontDesc(v, cmd == cmdGIO_FONTX)
	case cmdKDFONTOP:
		return p.fontOp(v)
	}
	p.comma()
	p.kdObject(cmd, v)
	return last
}

// kdObject prints the object at v that is the same for reading and writing.
func (p *printer) kdObject(cmd uint32, v uint64) {
	switch cmd {
	case cmdGIO_UNISCRNMAP, cmdPIO_UNISCRNMAP:
		p.screenMap(v)
	case cmdKDGKBDIACR, cmdKDSKBDIACR:
		p.diacrs(v, "kbdiacr", 1)
	default:
		p.diacrs(v, "kbdiacruc", 4)
	}
}

// kdNumber prints an argument that is a number with a meaning of its own.
func (p *printer) kdNumber(cmd uint32, v uint64) {
	const gpFirst, gpLast = 0x3b4, 0x3df // of the ports that the kernel lets through (drivers/tty/vt/vt_ioctl.c)
	switch cmd {
	case cmdKIOCSOUND:
		p.Uint(v)
		p.tone(v, 0)
	case cmdKDMKTONE:
		ms := uint64(uint32(v) >> 16)
		if ms != 0 {
			p.Uint(ms)
			p.Str("<<16|")
		}
		p.Uint(v & 0xffff)
		if ms == 0 {
			p.tone(0, 0)
			break
		}
		p.tone(v&0xffff, ms)
	case cmdKDADDIO, cmdKDDELIO:
		p.hex(v)
		if v >= gpFirst && v <= gpLast && look.xlat != xlatRaw {
			p.Str(" /* GPFIRST + ")
			p.Uint(v - gpFirst)
			p.Str(" */")
		}
	case cmdKDSIGACCEPT:
		if v > 0x7fffffff {
			p.Uint(v)
			break
		}
		p.sig(int32(v))
	}
}

// tone prints what a count of the timer sounds like, for ms if that is given.
func (p *printer) tone(count, ms uint64) {
	const tickRate = 1193182 // PIT_TICK_RATE
	switch {
	case look.xlat == xlatRaw:
	case count == 0 || count > tickRate:
		p.comment("off")
	default:
		p.Str(" /* ")
		p.Uint(tickRate / count)
		p.Str(" Hz")
		if ms != 0 {
			p.comma()
			p.Uint(ms)
			p.Str(" ms")
		}
		p.Str(" */")
	}
}

// kbEntry prints struct kbentry.
func (p *printer) kbEntry(v uint64, get bool) step {
	if !p.cont {
		p.comma()
		var e [2]uint8
		if !p.fetch(unsafe.Pointer(&e), 2, v) {
			return last
		}
		p.first("kb_table")
		if e[0] < 4 {
			p.val(xKbTable, uint64(e[0]))
		} else {
			p.flags(xKbShift, uint64(e[0]))
		}
		p.fieldUint("kb_index", uint64(e[1]))
		if get && !p.exit {
			return wait
		}
	}
	if !get || !p.failed() {
		var value uint16
		p.field("kb_value")
		if peek(unsafe.Pointer(&value), 2, v+2) {
			p.kbValue(uint64(value))
		} else {
			p.Str("???")
		}
	}
	p.Byte('}')
	return last
}

// kbValue prints what a key does: K(type, value).
func (p *printer) kbValue(v uint64) {
	const latin, meta, letter, dead2 = 0, 8, 11, 13
	p.hex(v)
	if look.xlat == xlatRaw {
		return
	}
	if s := name(xKbKey, v); s != "" {
		p.comment(s)
		return
	}
	p.Str(" /* K(")
	t := v >> 8
	if s := name(xKbType, t); s != "" {
		p.Str(s)
	} else {
		p.hex(t)
	}
	p.comma()
	switch t {
	case latin, meta, letter, dead2:
		p.charConst(byte(v))
	default:
		p.hex(v & 0xff)
	}
	p.Str(") */")
}

// charConst prints a character as C writes it.
func (p *printer) charConst(c byte) {
	p.Byte('\'')
	switch {
	case c == '\'' || c == '\\':
		p.Byte('\\')
		p.Byte(c)
	case printable(c):
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
func (p *printer) kbString(v uint64, get bool) step {
	const size, typeFn = 512, 1 << 8 // K(KT_FN, …)
	if !p.cont {
		p.comma()
		var f uint8
		if !p.fetch(unsafe.Pointer(&f), 1, v) {
			return last
		}
		p.first("kb_func")
		if p.named(uint64(f), hexBase) {
			p.Str("KVAL(")
			p.Str(name(xKbKey, typeFn|uint64(f)))
			p.Byte(')')
			p.endNamed()
		}
		if get && !p.exit {
			return wait
		}
	}
	if !get || !p.failed() {
		p.field("kb_string")
		start := p.Len()
		p.zstrn(v+1, min(size, look.strLen)) // the byte behind those is not looked at
		if p.Bytes()[start] != '"' {
			p.Truncate(start)
			p.Str("???")
		}
	}
	p.Byte('}')
	return last
}

// diacrs prints struct kbdiacrs, whose characters have size bytes.
func (p *printer) diacrs(v uint64, array string, size uint64) {
	var count uint32
	var c [3]uint32
	if !p.fetch(unsafe.Pointer(&count), 4, v) {
		return
	}
	p.first("kb_cnt")
	p.Uint(uint64(count))
	p.field(array)
	n := min(uint64(count), kbTableSize)
	i := uint64(0)
	for ; p.each(unsafe.Pointer(&c), 3*size, v+4, i, n); i++ {
		p.first("diacr")
		p.diacr(&c, 0, size)
		p.field("base")
		p.diacr(&c, 1, size)
		p.field("result")
		p.diacr(&c, 2, size)
		p.Byte('}')
	}
	if i == n && uint64(count) > n {
		p.Truncate(p.Len() - 1)
		p.Str(", ...]")
	}
	p.Byte('}')
}

// diacr prints character i of a triple.
func (p *printer) diacr(c *[3]uint32, i, size uint64) {
	if size == 1 {
		p.charConst(byte(c[0] >> (8 * i)))
		return
	}
	p.hex(uint64(c[i]))
}

func (p *printer) getKeycode(v uint64) step {
	var k [2]uint32
	if !p.cont {
		p.comma()
		if !p.fetch(unsafe.Pointer(&k), 8, v) {
			return last
		}
		p.first("scancode")
		p.hex(uint64(k[0]))
		p.fieldHex("keycode", uint64(k[1]))
		if !p.exit {
			return wait
		}
	}
	if !p.failed() && peek(unsafe.Pointer(&k), 8, v) {
		p.Str(" => ")
		p.hex(uint64(k[1]))
	}
	p.Byte('}')
	return last
}

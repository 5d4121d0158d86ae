package tracetool

// The console's fonts and their maps (linux/kd.h).

import "unsafe"

const (
	glyphSize   = 32  // of a character of at most 8 columns
	fontChars   = 512 // the most that a font has
	fontColumns = 32  // the most that a character has
	fontNameLen = 32  // MAX_FONT_NAME (drivers/tty/vt/vt.c)
)

// screenMap prints the 256 characters of GIO_UNISCRNMAP.
func (p *printer) screenMap(v uint64) {
	const direct, mask = 0xf000, 0x1ff // UNI_DIRECT_BASE, UNI_DIRECT_MASK
	var c uint16
	for i := uint64(0); p.each(unsafe.Pointer(&c), 2, v, i, kbTableSize); i++ {
		if c&^mask != direct {
			p.hex(uint64(c))
		} else if p.named(uint64(c), hexBase) {
			p.Str("UNI_DIRECT_BASE+")
			p.hex(uint64(c & mask))
			p.endNamed()
		}
	}
}

// unimap prints struct unimapdesc; how many entries there are comes back from
// a call that fails, too.
func (p *printer) unimap(v uint64, get bool) step {
	var d struct {
		count   uint16
		entries uint64
	}
	if !p.cont {
		p.comma()
		if !p.fetch(unsafe.Pointer(&d), 16, v) {
			return last
		}
		p.first("entry_ct")
		p.Uint(uint64(d.count))
		if get && !p.exit {
			return wait
		}
	}
	if get {
		p.Str(" => ")
	}
	if !peek(unsafe.Pointer(&d), 16, v) {
		p.Str("???}")
		return last
	}
	if get {
		p.Uint(uint64(d.count))
	}
	p.field("entries")
	if get && p.failed() {
		p.ptr(d.entries)
	} else {
		var e [2]uint16
		for i := uint64(0); p.each(unsafe.Pointer(&e), 4, d.entries, i, uint64(d.count)); i++ {
			p.first("unicode")
			p.hex(uint64(e[0]))
			p.fieldHex("fontpos", uint64(e[1]))
			p.Byte('}')
		}
	}
	p.Byte('}')
	return last
}

// consoleFont is struct consolefontdesc.
type consoleFont struct {
	count, height uint16
	data          uint64
}

// fontDesc prints the font of GIO_FONTX and PIO_FONTX.
func (p *printer) fontDesc(v uint64, get bool) step {
	var d consoleFont
	if !p.cont {
		p.comma()
		if !p.fetch(unsafe.Pointer(&d), 16, v) {
			return last
		}
		p.oldFont(&d, !get)
		if get && !p.exit {
			return wait
		}
	}
	if get && !p.failed() && peek(unsafe.Pointer(&d), 16, v) {
		p.Str(" => ")
		p.oldFont(&d, true)
	}
	return last
}

func (p *printer) oldFont(d *consoleFont, data bool) {
	p.first("charcount")
	p.Uint(uint64(d.count))
	p.fieldUint("charheight", uint64(d.height))
	p.field("chardata")
	if data {
		p.random(d.data, glyphSize*min(uint64(d.count), fontChars))
	} else {
		p.ptr(d.data)
	}
	p.Byte('}')
}

// fontCall is struct console_font_op.
type fontCall struct {
	op, flags, width, height, count uint32
	data                            uint64
}

const (
	fontSet = iota // KD_FONT_OP_…
	fontGet
	fontDefault
	fontCopy
)

// fontOp prints struct console_font_op.
func (p *printer) fontOp(v uint64) step {
	var f fontCall
	if !p.cont {
		p.comma()
		if !p.fetch(unsafe.Pointer(&f), 32, v) {
			return last
		}
		p.first("op")
		p.val(xFontOp, uint64(f.op))
		switch f.op {
		case fontCopy:
			p.fieldUint("height", uint64(f.height))
			p.Byte('}')
			return last
		case fontDefault:
		default:
			p.field("flags")
			p.flags(xFontFlag, uint64(f.flags))
		}
		p.comma()
		p.fontShape(&f, fontSet)
		if f.op == fontSet {
			return last
		}
		if !p.exit {
			return wait
		}
	}
	if !p.failed() && peek(unsafe.Pointer(&f), 32, v) {
		p.Str(" => {")
		p.fontShape(&f, fontGet)
	}
	return last
}

// fontShape prints what follows the flags; the data is shown with op if it is
// valid then.
func (p *printer) fontShape(f *fontCall, op uint32) {
	p.Str("width=")
	p.Uint(uint64(f.width))
	p.fieldUint("height", uint64(f.height))
	if f.op == fontDefault {
		if op == fontSet {
			p.field("data")
			p.zstr(f.data, min(look.strLen, fontNameLen-1))
		}
		p.Byte('}')
		return
	}
	p.fieldUint("charcount", uint64(f.count))
	p.field("data")
	if f.op == op {
		p.random(f.data, (min(uint64(f.width), fontColumns)+7)/8*glyphSize*min(uint64(f.count), fontChars))
	} else {
		p.ptr(f.data)
	}
	p.Byte('}')
}

package ioctl

// The console's fonts and their maps (linux/kd.h).

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

const (
	glyphSize   = 32  // of a character of at most 8 columns
	fontChars   = 512 // the most that a font has
	fontColumns = 32  // the most that a character has
	fontNameLen = 32  // MAX_FONT_NAME (drivers/tty/vt/vt.c)
)

// screenMap prints the 256 characters of GIO_UNISCRNMAP.
func screenMap(p *text.Printer, v uint64) {
	const direct, mask = 0xf000, 0x1ff // UNI_DIRECT_BASE, UNI_DIRECT_MASK
	var c uint16
	for i := uint64(0); p.Each(unsafe.Pointer(&c), 2, v, i, kbTableSize); i++ {
		if c&^mask != direct {
			p.AltHex(uint64(c))
		} else if p.Named(uint64(c), text.Hexadecimal) {
			p.Str("UNI_DIRECT_BASE+")
			p.AltHex(uint64(c & mask))
			p.EndNamed()
		}
	}
}

// unimap prints struct unimapdesc; how many entries there are comes back from
// a call that fails, too.
func unimap(p *text.Printer, v uint64, get bool) text.Step {
	var d struct {
		count   uint16
		entries uint64
	}
	if !p.Cont {
		p.Comma()
		if !p.Fetch(unsafe.Pointer(&d), 16, v) {
			return text.Last
		}
		p.First("entry_ct")
		p.Uint(uint64(d.count))
		if get && !p.Exit {
			return text.Wait
		}
	}
	if get {
		p.Str(" => ")
	}
	if !text.Peek(unsafe.Pointer(&d), 16, v) {
		p.Str("???}")
		return text.Last
	}
	if get {
		p.Uint(uint64(d.count))
	}
	p.Field("entries")
	if get && p.Failed() {
		p.Ptr(d.entries)
	} else {
		var e [2]uint16
		for i := uint64(0); p.Each(unsafe.Pointer(&e), 4, d.entries, i, uint64(d.count)); i++ {
			p.First("unicode")
			p.AltHex(uint64(e[0]))
			p.FieldHex("fontpos", uint64(e[1]))
			p.Byte('}')
		}
	}
	p.Byte('}')
	return text.Last
}

// ConsoleFont is struct consolefontdesc.
type ConsoleFont struct {
	Count, Height uint16
	Data          uint64
}

// fontDesc prints the font of GIO_FONTX and PIO_FONTX.
func fontDesc(p *text.Printer, v uint64, get bool) text.Step {
	var d ConsoleFont
	if !p.Cont {
		p.Comma()
		if !p.Fetch(unsafe.Pointer(&d), 16, v) {
			return text.Last
		}
		oldFont(p, &d, !get)
		if get && !p.Exit {
			return text.Wait
		}
	}
	if get && !p.Failed() && text.Peek(unsafe.Pointer(&d), 16, v) {
		p.Str(" => ")
		oldFont(p, &d, true)
	}
	return text.Last
}

func oldFont(p *text.Printer, d *ConsoleFont, data bool) {
	p.First("charcount")
	p.Uint(uint64(d.Count))
	p.FieldUint("charheight", uint64(d.Height))
	p.Field("chardata")
	if data {
		p.Random(d.Data, glyphSize*min(uint64(d.Count), fontChars))
	} else {
		p.Ptr(d.Data)
	}
	p.Byte('}')
}

// FontCall is struct console_font_op.
type FontCall struct {
	Op, flags, Width, Height, count uint32
	Data                            uint64
}

const (
	fontSet = iota // KD_FONT_OP_…
	fontGet
	FontDefault
	fontCopy
)

// fontOp prints struct console_font_op.
func fontOp(p *text.Printer, v uint64) text.Step {
	var f FontCall
	if !p.Cont {
		p.Comma()
		if !p.Fetch(unsafe.Pointer(&f), 32, v) {
			return text.Last
		}
		p.First("op")
		p.Val(names.FontOp, uint64(f.Op))
		switch f.Op {
		case fontCopy:
			p.FieldUint("height", uint64(f.Height))
			p.Byte('}')
			return text.Last
		case FontDefault:
		default:
			p.Field("flags")
			p.Flags(names.FontFlag, uint64(f.flags))
		}
		p.Comma()
		fontShape(p, &f, fontSet)
		if f.Op == fontSet {
			return text.Last
		}
		if !p.Exit {
			return text.Wait
		}
	}
	if !p.Failed() && text.Peek(unsafe.Pointer(&f), 32, v) {
		p.Str(" => {")
		fontShape(p, &f, fontGet)
	}
	return text.Last
}

// fontShape prints what follows the flags; the data is shown with op if it is
// valid then.
func fontShape(p *text.Printer, f *FontCall, op uint32) {
	p.Str("width=")
	p.Uint(uint64(f.Width))
	p.FieldUint("height", uint64(f.Height))
	if f.Op == FontDefault {
		if op == fontSet {
			p.Field("data")
			p.Zstr(f.Data, min(text.Opt.StrLen, fontNameLen-1))
		}
		p.Byte('}')
		return
	}
	p.FieldUint("charcount", uint64(f.count))
	p.Field("data")
	if f.Op == op {
		p.Random(f.Data, (min(uint64(f.Width), fontColumns)+7)/8*glyphSize*min(uint64(f.count), fontChars))
	} else {
		p.Ptr(f.Data)
	}
	p.Byte('}')
}

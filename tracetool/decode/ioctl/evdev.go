package ioctl

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Input devices (linux/input.h).

var (
	sInputId = []text.Field{{Name: "bustype", Kind: text.U16}, {Name: "vendor", Kind: text.U16}, {Name: "product", Kind: text.U16}, {Name: "version", Kind: text.U16}}
	sKeymap  = []text.Field{{Name: "flags", Kind: text.U8}, {Name: "len", Kind: text.U8}, {Kind: text.Abbrev}, {Name: "index", Kind: text.U16}, {Name: "keycode", Kind: text.V32, Arg: names.Key},
		{Kind: text.Times, Arg: 32}, {Name: "scancode", Kind: text.X8}}
	sEffect = []text.Field{{Name: "type", Kind: text.V16, Arg: names.Ff}, {Name: "id", Kind: text.D16}, {Name: "direction", Kind: text.U16}, {Kind: text.Abbrev}, {Name: "trigger", Kind: text.Open},
		{Name: "button", Kind: text.U16}, {Name: "interval", Kind: text.U16}, {Kind: text.Close}, {Name: "replay", Kind: text.Open}, {Name: "length", Kind: text.U16}, {Name: "delay", Kind: text.U16}, {Kind: text.Close}}
	sConstant = []text.Field{{Kind: text.At, Arg: 16}, {Name: "constant", Kind: text.Open}, {Name: "level", Kind: text.D16}, {Name: "envelope", Kind: text.Open}, {Name: "attack_length", Kind: text.U16},
		{Name: "attack_level", Kind: text.U16}, {Name: "fade_length", Kind: text.U16}, {Name: "fade_level", Kind: text.X16}, {Kind: text.Close}, {Kind: text.Close}}
	sRamp = []text.Field{{Kind: text.At, Arg: 16}, {Name: "ramp", Kind: text.Open}, {Name: "start_level", Kind: text.D16}, {Name: "end_level", Kind: text.D16}, {Name: "envelope", Kind: text.Open},
		{Name: "attack_length", Kind: text.U16}, {Name: "attack_level", Kind: text.U16}, {Name: "fade_length", Kind: text.U16}, {Name: "fade_level", Kind: text.X16}, {Kind: text.Close}, {Kind: text.Close}}
	sPeriodic = []text.Field{{Kind: text.At, Arg: 16}, {Name: "periodic", Kind: text.Open}, {Name: "waveform", Kind: text.U16}, {Name: "period", Kind: text.U16}, {Name: "magnitude", Kind: text.D16},
		{Name: "offset", Kind: text.D16}, {Name: "phase", Kind: text.U16}, {Name: "envelope", Kind: text.Open}, {Name: "attack_length", Kind: text.U16}, {Name: "attack_level", Kind: text.U16},
		{Name: "fade_length", Kind: text.U16}, {Name: "fade_level", Kind: text.X16}, {Kind: text.Close}, {Name: "custom_len", Kind: text.U32}, {Name: "custom_data", Kind: text.Ptr}, {Kind: text.Close}}
	sRumble = []text.Field{{Kind: text.At, Arg: 16}, {Name: "rumble", Kind: text.Open}, {Name: "strong_magnitude", Kind: text.U16}, {Name: "weak_magnitude", Kind: text.U16}, {Kind: text.Close}}
	sAbs    = []text.Field{{Name: "value", Kind: text.U32}, {Name: "minimum", Kind: text.U32}, {Kind: text.Abbrev}, {Name: "maximum", Kind: text.U32}, {Name: "fuzz", Kind: text.U32}, {Name: "flat", Kind: text.U32},
		{Kind: text.Limit}, {Name: "resolution", Kind: text.U32}}
)

var ioctlEvdev = []Arg{
	{cmd: names.EVIOCGVERSION, k: X32At | Out}, {cmd: names.EVIOCGEFFECTS, k: UintAt | Out}, {cmd: names.EVIOCGID, k: Struct | Out, S: sInputId},
	{cmd: names.EVIOCGREP, k: PairU32 | Out}, {cmd: names.EVIOCSREP, k: PairU32}, {cmd: names.EVIOCGKEYCODE, k: Special | Out},
	{cmd: names.EVIOCSKEYCODE, k: Special}, {cmd: names.EVIOCGKEYCODE_V2, k: Struct | Out, S: sKeymap}, {cmd: names.EVIOCSKEYCODE_V2, k: Struct, S: sKeymap},
	{cmd: names.EVIOCRMFF, k: Int}, {cmd: names.EVIOCGRAB, k: Uint}, {cmd: names.EVIOCREVOKE, k: Uint}, {cmd: names.EVIOCSCLOCKID, k: UintAt},
	{cmd: names.EVIOCSFF, k: Special},
}

const (
	iocWrite = 1
	iocRead  = 2
)

// evdev prints the argument of a command that is one of many with a number or
// a size of its own; ok is false if it is of another kind.
func evdev(p *text.Printer, cmd uint32, v uint64) (s text.Step, ok bool) {
	dir, size, nr := cmd>>30, uint64(cmd>>16&0x3fff), cmd&0xff
	switch dir {
	case iocWrite:
		p.Comma()
		if nr&^0x3f == 0xc0 { // EVIOCSABS
			absinfo(p, v, size)
		} else {
			p.Ptr(v)
		}
		return text.Last, true
	case iocRead:
		if !p.Exit {
			p.Comma()
			return text.Wait, true
		}
		if !p.Cont {
			p.Comma()
		}
		evdevRead(p, nr, v, size)
		return text.Last, true
	}
	return text.Last, false
}

func evdevRead(p *text.Printer, nr uint32, v, size uint64) {
	switch {
	case nr == 0x0a: // EVIOCGMTSLOTS
		mtslots(p, v, size)
	case nr == 6 || nr == 7 || nr == 8: // EVIOCGNAME, EVIOCGPHYS, EVIOCGUNIQ
		if p.Out(v) {
			p.Buf(v, uint64(p.C.Result))
		}
	case nr == 9: // EVIOCGPROP
		inputBits(p, names.InputProp, 0x1f, v)
	case nr == 0x18: // EVIOCGKEY
		inputBits(p, names.Key, 0x2ff, v)
	case nr == 0x19: // EVIOCGLED
		inputBits(p, names.Led, 0xf, v)
	case nr == 0x1a: // EVIOCGSND
		inputBits(p, names.Snd, 7, v)
	case nr == 0x1b: // EVIOCGSW
		inputBits(p, names.Sw, 0x10, v)
	case nr&^0x3f == 0x40: // EVIOCGABS
		if p.Out(v) {
			absinfo(p, v, size)
		}
	case nr&^0x1f == 0x20: // EVIOCGBIT
		evdevBits(p, nr&0x1f, v)
	default:
		p.Ptr(v)
	}
}

// evdevSets are the names and the highest number of the codes of each type of
// event.
var evdevSets = [...]struct {
	x   names.ID
	max uint16
}{0: {names.Ev, 0x1f}, 1: {names.Key, 0x2ff}, {names.Rel, 0xf}, {names.Abs, 0x3f}, {names.Msc, 7}, {names.Sw, 0x10}, 0x11: {names.Led, 0xf}, 0x12: {names.Snd, 7},
	0x14: {names.Rep, 1}, 0x15: {names.Ff, 0x7f}, 0x17: {names.FfStatus, 1}}

func evdevBits(p *text.Printer, t uint32, v uint64) {
	const pwr = 0x16
	switch {
	case t == pwr:
		if p.Out(v) {
			p.IntAt(v)
		}
	case int(t) < len(evdevSets) && evdevSets[t].max != 0:
		inputBits(p, evdevSets[t].x, uint64(evdevSets[t].max), v)
	default:
		p.Ptr(v)
	}
}

// inputBits prints as many bytes of bits as the call returned; max is the highest
// bit there can be.
func inputBits(p *text.Printer, x names.ID, most, v uint64) {
	const shown = 4
	bits := most
	if p.Failed() {
		p.Ptr(v)
		return
	}
	if uint64(p.C.Result) <= most/8 {
		bits = uint64(p.C.Result) * 8
	}
	size := ((bits+7)/8 + 7) &^ 7
	if size == 0 || !text.Readable(v, size) {
		p.Ptr(v)
		return
	}
	w := text.Window{Addr: v, End: size}
	if text.Opt.Style != text.StyleRaw {
		n := 0
		p.Byte('[')
		for i := uint64(0); i < bits; i++ {
			if w.Num(i/8, 1)>>(i%8)&1 == 0 {
				continue
			}
			if n > 0 {
				p.Byte(' ')
			}
			if n >= shown && !p.Full() {
				p.Str("...")
				break
			}
			p.Val(x, i)
			n++
		}
		p.Byte(']')
	}
	if text.Opt.Style == text.StyleAbbrev {
		return
	}
	if text.Opt.Style == text.StyleVerbose {
		p.Str(" /* ")
	}
	var word uint64
	for i := uint64(0); p.Each(unsafe.Pointer(&word), 8, v, i, size/8); i++ {
		p.AltHex(word)
	}
	p.EndNamed()
}

// absinfo prints struct input_absinfo of the size that the command has.
func absinfo(p *text.Printer, v, size uint64) {
	const first, whole = 20, 24
	if size < first {
		p.Ptr(v)
		return
	}
	n := min(size, whole)
	if !text.Readable(v, n) {
		p.Ptr(v)
		return
	}
	p.Byte('{')
	p.Fields(v, sAbs, n, true)
	if p.Full() && size > first && size != whole {
		p.Str(", ...")
	}
	p.Byte('}')
}

func mtslots(p *text.Printer, v, size uint64) {
	var code uint32
	n := size / 4
	if n == 0 || p.Failed() {
		p.Ptr(v)
		return
	}
	if !p.Fetch(unsafe.Pointer(&code), 4, v) {
		return
	}
	p.Str("{code=")
	p.Val(names.AbsMt, uint64(code))
	p.Field("values")
	for i := uint64(0); p.Each(unsafe.Pointer(&code), 4, v+4, i, n-1); i++ {
		p.Int(int64(int32(code)))
	}
	p.Byte('}')
}

// keycode prints the pair of EVIOCGKEYCODE.
func keycode(p *text.Printer, v uint64) {
	var k [2]uint32
	if !p.Fetch(unsafe.Pointer(&k), 8, v) {
		return
	}
	p.Byte('[')
	p.Uint(uint64(k[0]))
	p.Comma()
	p.Val(names.Key, uint64(k[1]))
	p.Byte(']')
}

// effect prints struct ff_effect.
func effect(p *text.Printer, v uint64) {
	const size = 48
	if !text.Readable(v, size) {
		p.Ptr(v)
		return
	}
	w := text.Window{Addr: v, End: size}
	p.Byte('{')
	p.FieldsIn(&w, sEffect, true)
	if p.Full() {
		switch w.Num(0, 2) {
		case 0x50: // FF_RUMBLE
			p.FieldsIn(&w, sRumble, false)
		case 0x51: // FF_PERIODIC
			p.FieldsIn(&w, sPeriodic, false)
		case 0x52: // FF_CONSTANT
			p.FieldsIn(&w, sConstant, false)
		case 0x57: // FF_RAMP
			p.FieldsIn(&w, sRamp, false)
		}
	}
	p.Byte('}')
}

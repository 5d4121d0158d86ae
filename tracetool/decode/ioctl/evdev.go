package tracetool

import "unsafe"

// Input devices (linux/input.h).

var (
	sInputId = []field{{"bustype", fU16, 0}, {"vendor", fU16, 0}, {"product", fU16, 0}, {"version", fU16, 0}}
	sKeymap  = []field{{"flags", fU8, 0}, {"len", fU8, 0}, {"", fAbbrev, 0}, {"index", fU16, 0}, {"keycode", fV32, xKey},
		{"", fTimes, 32}, {"scancode", fX8, 0}}
	sEffect = []field{{"type", fV16, xFf}, {"id", fD16, 0}, {"direction", fU16, 0}, {"", fAbbrev, 0}, {"trigger", fOpen, 0},
		{"button", fU16, 0}, {"interval", fU16, 0}, {"", fClose, 0}, {"replay", fOpen, 0}, {"length", fU16, 0}, {"delay", fU16, 0}, {"", fClose, 0}}
	sConstant = []field{{"", fAt, 16}, {"constant", fOpen, 0}, {"level", fD16, 0}, {"envelope", fOpen, 0}, {"attack_length", fU16, 0},
		{"attack_level", fU16, 0}, {"fade_length", fU16, 0}, {"fade_level", fX16, 0}, {"", fClose, 0}, {"", fClose, 0}}
	sRamp = []field{{"", fAt, 16}, {"ramp", fOpen, 0}, {"start_level", fD16, 0}, {"end_level", fD16, 0}, {"envelope", fOpen, 0},
		{"attack_length", fU16, 0}, {"attack_level", fU16, 0}, {"fade_length", fU16, 0}, {"fade_level", fX16, 0}, {"", fClose, 0}, {"", fClose, 0}}
	sPeriodic = []field{{"", fAt, 16}, {"periodic", fOpen, 0}, {"waveform", fU16, 0}, {"period", fU16, 0}, {"magnitude", fD16, 0},
		{"offset", fD16, 0}, {"phase", fU16, 0}, {"envelope", fOpen, 0}, {"attack_length", fU16, 0}, {"attack_level", fU16, 0},
		{"fade_length", fU16, 0}, {"fade_level", fX16, 0}, {"", fClose, 0}, {"custom_len", fU32, 0}, {"custom_data", fPtr, 0}, {"", fClose, 0}}
	sRumble = []field{{"", fAt, 16}, {"rumble", fOpen, 0}, {"strong_magnitude", fU16, 0}, {"weak_magnitude", fU16, 0}, {"", fClose, 0}}
	sAbs    = []field{{"value", fU32, 0}, {"minimum", fU32, 0}, {"", fAbbrev, 0}, {"maximum", fU32, 0}, {"fuzz", fU32, 0}, {"flat", fU32, 0},
		{"", fLimit, 0}, {"resolution", fU32, 0}}
)

var ioctlEvdev = []ioctlArg{
	{cmd: cmdEVIOCGVERSION, k: iX32At | out}, {cmd: cmdEVIOCGEFFECTS, k: iUintAt | out}, {cmd: cmdEVIOCGID, k: iStruct | out, s: sInputId},
	{cmd: cmdEVIOCGREP, k: iPairU32 | out}, {cmd: cmdEVIOCSREP, k: iPairU32}, {cmd: cmdEVIOCGKEYCODE, k: iSpecial | out},
	{cmd: cmdEVIOCSKEYCODE, k: iSpecial}, {cmd: cmdEVIOCGKEYCODE_V2, k: iStruct | out, s: sKeymap}, {cmd: cmdEVIOCSKEYCODE_V2, k: iStruct, s: sKeymap},
	{cmd: cmdEVIOCRMFF, k: iInt}, {cmd: cmdEVIOCGRAB, k: iUint}, {cmd: cmdEVIOCREVOKE, k: iUint}, {cmd: cmdEVIOCSCLOCKID, k: iUintAt},
	{cmd: cmdEVIOCSFF, k: iSpecial},
}

const (
	iocWrite = 1
	iocRead  = 2
)

// evdev prints the argument of a command that is one of many with a number or
// a size of its own; ok is false if it is of another kind.
func (p *printer) evdev(cmd uint32, v uint64) (s step, ok bool) {
	dir, size, nr := cmd>>30, uint64(cmd>>16&0x3fff), cmd&0xff
	switch dir {
	case iocWrite:
		p.comma()
		if nr&^0x3f == 0xc0 { // EVIOCSABS
			p.absinfo(v, size)
		} else {
			p.ptr(v)
		}
		return last, true
	case iocRead:
		if !p.exit {
			p.comma()
			return wait, true
		}
		if !p.cont {
			p.comma()
		}
		p.evdevRead(nr, v, size)
		return last, true
	}
	return last, false
}

func (p *printer) evdevRead(nr uint32, v, size uint64) {
	switch {
	case nr == 0x0a: // EVIOCGMTSLOTS
		p.mtslots(v, size)
	case nr == 6 || nr == 7 || nr == 8: // EVIOCGNAME, EVIOCGPHYS, EVIOCGUNIQ
		if p.out(v) {
			p.buf(v, uint64(p.c.Result))
		}
	case nr == 9: // EVIOCGPROP
		p.inputBits(xInputProp, 0x1f, v)
	case nr == 0x18: // EVIOCGKEY
		p.inputBits(xKey, 0x2ff, v)
	case nr == 0x19: // EVIOCGLED
		p.inputBits(xLed, 0xf, v)
	case nr == 0x1a: // EVIOCGSND
		p.inputBits(xSnd, 7, v)
	case nr == 0x1b: // EVIOCGSW
		p.inputBits(xSw, 0x10, v)
	case nr&^0x3f == 0x40: // EVIOCGABS
		if p.out(v) {
			p.absinfo(v, size)
		}
	case nr&^0x1f == 0x20: // EVIOCGBIT
		p.evdevBits(nr&0x1f, v)
	default:
		p.ptr(v)
	}
}

// evdevSets are the names and the highest number of the codes of each type of
// event.
var evdevSets = [...]struct {
	x   nameID
	max uint16
}{0: {xEv, 0x1f}, 1: {xKey, 0x2ff}, {xRel, 0xf}, {xAbs, 0x3f}, {xMsc, 7}, {xSw, 0x10}, 0x11: {xLed, 0xf}, 0x12: {xSnd, 7},
	0x14: {xRep, 1}, 0x15: {xFf, 0x7f}, 0x17: {xFfStatus, 1}}

func (p *printer) evdevBits(t uint32, v uint64) {
	const pwr = 0x16
	switch {
	case t == pwr:
		if p.out(v) {
			p.intAt(v)
		}
	case int(t) < len(evdevSets) && evdevSets[t].max != 0:
		p.inputBits(evdevSets[t].x, uint64(evdevSets[t].max), v)
	default:
		p.ptr(v)
	}
}

// inputBits prints as many bytes of bits as the call returned; max is the highest
// bit there can be.
func (p *printer) inputBits(x nameID, most, v uint64) {
	const shown = 4
	bits := most
	if p.failed() {
		p.ptr(v)
		return
	}
	if uint64(p.c.Result) <= most/8 {
		bits = uint64(p.c.Result) * 8
	}
	size := ((bits+7)/8 + 7) &^ 7
	if size == 0 || !readable(v, size) {
		p.ptr(v)
		return
	}
	w := window{addr: v, end: size}
	if look.xlat != xlatRaw {
		n := 0
		p.Byte('[')
		for i := uint64(0); i < bits; i++ {
			if w.num(i/8, 1)>>(i%8)&1 == 0 {
				continue
			}
			if n > 0 {
				p.Byte(' ')
			}
			if n >= shown && !p.full() {
				p.Str("...")
				break
			}
			p.val(x, i)
			n++
		}
		p.Byte(']')
	}
	if look.xlat == xlatAbbrev {
		return
	}
	if look.xlat == xlatVerbose {
		p.Str(" /* ")
	}
	var word uint64
	for i := uint64(0); p.each(unsafe.Pointer(&word), 8, v, i, size/8); i++ {
		p.hex(word)
	}
	p.endNamed()
}

// absinfo prints struct input_absinfo of the size that the command has.
func (p *printer) absinfo(v, size uint64) {
	const first, whole = 20, 24
	if size < first {
		p.ptr(v)
		return
	}
	n := min(size, whole)
	if !readable(v, n) {
		p.ptr(v)
		return
	}
	p.Byte('{')
	p.fields(v, sAbs, n, true)
	if p.full() && size > first && size != whole {
		p.Str(", ...")
	}
	p.Byte('}')
}

func (p *printer) mtslots(v, size uint64) {
	var code uint32
	n := size / 4
	if n == 0 || p.failed() {
		p.ptr(v)
		return
	}
	if !p.fetch(unsafe.Pointer(&code), 4, v) {
		return
	}
	p.Str("{code=")
	p.val(xAbsMt, uint64(code))
	p.field("values")
	for i := uint64(0); p.each(unsafe.Pointer(&code), 4, v+4, i, n-1); i++ {
		p.Int(int64(int32(code)))
	}
	p.Byte('}')
}

// keycode prints the pair of EVIOCGKEYCODE.
func (p *printer) keycode(v uint64) {
	var k [2]uint32
	if !p.fetch(unsafe.Pointer(&k), 8, v) {
		return
	}
	p.Byte('[')
	p.Uint(uint64(k[0]))
	p.comma()
	p.val(xKey, uint64(k[1]))
	p.Byte(']')
}

// effect prints struct ff_effect.
func (p *printer) effect(v uint64) {
	const size = 48
	if !readable(v, size) {
		p.ptr(v)
		return
	}
	w := window{addr: v, end: size}
	p.Byte('{')
	p.fieldsIn(&w, sEffect, true)
	if p.full() {
		switch w.num(0, 2) {
		case 0x50: // FF_RUMBLE
			p.fieldsIn(&w, sRumble, false)
		case 0x51: // FF_PERIODIC
			p.fieldsIn(&w, sPeriodic, false)
		case 0x52: // FF_CONSTANT
			p.fieldsIn(&w, sConstant, false)
		case 0x57: // FF_RAMP
			p.fieldsIn(&w, sRamp, false)
		}
	}
	p.Byte('}')
}

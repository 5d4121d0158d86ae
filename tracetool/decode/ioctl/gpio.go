package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// GPIO lines (linux/gpio.h).

var (
	sLineInfoIn  = []text.Field{{Name: "line_offset", Kind: text.U32}, {Kind: text.Pad, Arg: 68}}
	sLineInfoOut = []text.Field{{Kind: text.At, Arg: 4}, {Name: "flags", Kind: text.F32, Arg: names.GpioLine}, {Name: "name", Kind: text.Str, Arg: 32}, {Name: "consumer", Kind: text.Str, Arg: 32}}
	sHandleData  = []text.Field{{Kind: text.Times, Arg: 64}, {Name: "values", Kind: text.U8}}
	sLine2In     = []text.Field{{Kind: text.At, Arg: 64}, {Name: "offset", Kind: text.U32}, {Kind: text.Pad, Arg: 188}}
	sEventIn     = []text.Field{{Name: "lineoffset", Kind: text.U32}, {Name: "handleflags", Kind: text.F32, Arg: names.GpioHandle}, {Name: "eventflags", Kind: text.F32, Arg: names.GpioEvent}, {Name: "consumer_label", Kind: text.Str, Arg: 32},
		{Kind: text.Pad, Arg: 4}}
	sEventOut  = []text.Field{{Kind: text.At, Arg: 44}, {Name: "fd", Kind: text.Fd}}
	sValuesIn  = []text.Field{{Kind: text.At, Arg: 8}, {Name: "mask", Kind: text.X64}}
	sValuesOut = []text.Field{{Name: "bits", Kind: text.X64}, {Kind: text.Pad, Arg: 8}}
)

var ioctlGpio = []Arg{
	{cmd: names.GPIO_GET_CHIPINFO_IOCTL, k: Struct | Out, S: []text.Field{{Name: "name", Kind: text.Str, Arg: 32}, {Name: "label", Kind: text.Str, Arg: 32}, {Name: "lines", Kind: text.U32}}},
	{cmd: names.GPIO_GET_LINEINFO_UNWATCH_IOCTL, k: Struct, S: []text.Field{{Name: "offset", Kind: text.U32}}},
	{cmd: names.GPIO_GET_LINEINFO_IOCTL, k: Both, S: sLineInfoIn, s2: sLineInfoOut},
	{cmd: names.GPIO_GET_LINEINFO_WATCH_IOCTL, k: Both, S: sLineInfoIn, s2: sLineInfoOut},
	{cmd: names.GPIO_GET_LINEHANDLE_IOCTL, k: Special},
	{cmd: names.GPIO_GET_LINEEVENT_IOCTL, k: Both, S: sEventIn, s2: sEventOut},
	{cmd: names.GPIOHANDLE_GET_LINE_VALUES_IOCTL, k: Struct | Out, S: sHandleData},
	{cmd: names.GPIOHANDLE_SET_LINE_VALUES_IOCTL, k: Struct, S: sHandleData},
	{cmd: names.GPIOHANDLE_SET_CONFIG_IOCTL, k: Struct, S: []text.Field{{Name: "flags", Kind: text.F32, Arg: names.GpioHandle}, {Kind: text.Times, Arg: 64}, {Name: "default_values", Kind: text.U8}, {Kind: text.Pad, Arg: 16}}},
	{cmd: names.GPIO_V2_GET_LINEINFO_IOCTL, k: Special}, {cmd: names.GPIO_V2_GET_LINEINFO_WATCH_IOCTL, k: Special},
	{cmd: names.GPIO_V2_GET_LINE_IOCTL, k: Special}, {cmd: names.GPIO_V2_LINE_SET_CONFIG_IOCTL, k: Special},
	{cmd: names.GPIO_V2_LINE_GET_VALUES_IOCTL, k: Both, S: sValuesIn, s2: sValuesOut},
	{cmd: names.GPIO_V2_LINE_SET_VALUES_IOCTL, k: Struct, S: []text.Field{{Name: "bits", Kind: text.X64}, {Name: "mask", Kind: text.X64}}},
}

// upto prints n numbers of size bytes at offset off, of which there are most.
func upto(p *text.Printer, w *text.Window, name string, off, size, n, most uint64) {
	p.Field(name)
	p.Byte('[')
	n = min(n, most)
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.Comma()
		}
		if i >= text.Opt.StrLen && !p.Full() {
			p.Str("...")
			break
		}
		p.Uint(w.Num(off+i*size, size))
	}
	p.Byte(']')
}

// inOut begins an argument that is shown when the call is made and again when
// it has returned; it says whether there is more to say, and of which.
func inOut(p *text.Printer, v, size uint64) (more bool) {
	switch {
	case !p.Cont:
		p.Comma()
	case p.Failed():
		return false
	default:
		p.Str(" => ")
	}
	if !text.Readable(v, size) {
		p.Ptr(v)
		return false
	}
	return true
}

var sHandleFlags = []text.Field{{Kind: text.At, Arg: 256}, {Name: "flags", Kind: text.F32, Arg: names.GpioHandle}}
var sHandleLabel = []text.Field{{Kind: text.At, Arg: 324}, {Name: "consumer_label", Kind: text.Str, Arg: 32}}
var sHandleFd = []text.Field{{Kind: text.At, Arg: 360}, {Name: "fd", Kind: text.Fd}}

// lineHandle prints struct gpiohandle_request.
func lineHandle(p *text.Printer, v uint64) text.Step {
	const size, most, count = 364, 64, 356
	if !inOut(p, v, size) {
		return text.Last
	}
	w := text.Window{Addr: v, End: size}
	p.Byte('{')
	if p.Cont {
		p.FieldsIn(&w, sHandleFd, true)
		p.Byte('}')
		return text.Last
	}
	n := w.Num(count, 4)
	p.Str("lines=")
	p.Uint(n)
	upto(p, &w, "lineoffsets", 0, 4, n, most)
	p.FieldsIn(&w, sHandleFlags, false)
	upto(p, &w, "default_values", 260, 1, n, most)
	p.FieldsIn(&w, sHandleLabel, false)
	p.Byte('}')
	return text.Wait
}

var (
	sLine2Names = []text.Field{{Name: "name", Kind: text.Str, Arg: 32}, {Name: "consumer", Kind: text.Str, Arg: 32}, {Kind: text.At, Arg: 72}, {Name: "flags", Kind: text.F64, Arg: names.GpioV2Line}}
	sLine2Pad   = []text.Field{{Kind: text.At, Arg: 240}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 4}, {Name: "padding", Kind: text.X32}}
	sConf2Flags = []text.Field{{Name: "flags", Kind: text.F64, Arg: names.GpioV2Line}, {Name: "num_attrs", Kind: text.U32}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 5}, {Name: "padding", Kind: text.X32}}
	sReq2Label  = []text.Field{{Kind: text.At, Arg: 256}, {Name: "consumer", Kind: text.Str, Arg: 32}}
	sReq2End    = []text.Field{{Kind: text.At, Arg: 564}, {Kind: text.Nonzero}, {Name: "event_buffer_size", Kind: text.U32}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 5}, {Name: "padding", Kind: text.X32}}
	sReq2Fd     = []text.Field{{Kind: text.At, Arg: 588}, {Name: "fd", Kind: text.Fd}}
)

const attrsMax = 10 // GPIO_V2_LINE_NUM_ATTRS_MAX

// lineAttr prints struct gpio_v2_line_attribute at offset off; in says that it
// is a member, which shows when it is not understood.
func lineAttr(p *text.Printer, w *text.Window, off uint64, in bool) {
	id, pad, v := w.Num(off, 4), w.Num(off+4, 4), w.Num(off+8, 8)
	switch {
	case pad == 0 && id == 1: // GPIO_V2_LINE_ATTR_ID_FLAGS
		p.Str("flags=")
		p.Flags(names.GpioV2Line, v)
	case pad == 0 && id == 2: // GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES
		p.Str("values=")
		p.AltHex(v)
	case pad == 0 && id == 3: // GPIO_V2_LINE_ATTR_ID_DEBOUNCE
		p.Str("debounce_period_us=")
		p.Uint(v & 0xffffffff)
	default:
		if in {
			p.Str("attr={")
		}
		p.Str("id=")
		p.Uint(id)
		if pad != 0 {
			p.FieldHex("padding", pad)
		}
		p.FieldHex("data", v)
		if in {
			p.Byte('}')
		}
	}
}

// lineAttrs prints n attributes of size bytes from offset off on.
func lineAttrs(p *text.Printer, w *text.Window, off, size, n uint64) {
	const masked = 24
	p.Field("attrs")
	p.Byte('[')
	for i := uint64(0); i < min(n, attrsMax); i++ {
		if i > 0 {
			p.Comma()
		}
		p.Byte('{')
		lineAttr(p, w, off+i*size, size == masked)
		if size == masked {
			p.FieldHex("mask", w.Num(off+i*size+16, 8))
		}
		p.Byte('}')
	}
	p.Byte(']')
}

// line2Info prints struct gpio_v2_line_info.
func line2Info(p *text.Printer, v uint64) text.Step {
	const size = 256
	if !inOut(p, v, size) {
		return text.Last
	}
	if !p.Cont {
		p.StructAt(v, sLine2In)
		return text.Wait
	}
	w := text.Window{Addr: v, End: size}
	n := w.Num(68, 4)
	p.Byte('{')
	p.FieldsIn(&w, sLine2Names, true)
	p.FieldUint("num_attrs", n)
	if n != 0 {
		lineAttrs(p, &w, 80, 16, n)
	}
	p.FieldsIn(&w, sLine2Pad, false)
	p.Byte('}')
	return text.Last
}

// line2Config prints struct gpio_v2_line_config.
func line2Config(p *text.Printer, v uint64) {
	const size = 272
	if !text.Readable(v, size) {
		p.Ptr(v)
		return
	}
	w := text.Window{Addr: v, End: size}
	p.Byte('{')
	p.FieldsIn(&w, sConf2Flags, true)
	if n := w.Num(8, 4); n != 0 {
		lineAttrs(p, &w, 32, 24, n)
	}
	p.Byte('}')
}

// line2Request prints struct gpio_v2_line_request.
func line2Request(p *text.Printer, v uint64) text.Step {
	const size, most, config, count = 592, 64, 288, 560
	if !inOut(p, v, size) {
		return text.Last
	}
	w := text.Window{Addr: v, End: size}
	p.Byte('{')
	if p.Cont {
		p.FieldsIn(&w, sReq2Fd, true)
		p.Byte('}')
		return text.Last
	}
	n := w.Num(count, 4)
	p.Str("num_lines=")
	p.Uint(n)
	upto(p, &w, "offsets", 0, 4, n, most)
	p.FieldsIn(&w, sReq2Label, false)
	p.Field("config")
	line2Config(p, v+config)
	p.FieldsIn(&w, sReq2End, false)
	p.Byte('}')
	return text.Wait
}

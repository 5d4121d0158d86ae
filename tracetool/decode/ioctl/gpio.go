package tracetool

// GPIO lines (linux/gpio.h).

var (
	sLineInfoIn  = []field{{"line_offset", fU32, 0}, {"", fPad, 68}}
	sLineInfoOut = []field{{"", fAt, 4}, {"flags", fF32, xGpioLine}, {"name", fStr, 32}, {"consumer", fStr, 32}}
	sHandleData  = []field{{"", fTimes, 64}, {"values", fU8, 0}}
	sLine2In     = []field{{"", fAt, 64}, {"offset", fU32, 0}, {"", fPad, 188}}
	sEventIn     = []field{{"lineoffset", fU32, 0}, {"handleflags", fF32, xGpioHandle}, {"eventflags", fF32, xGpioEvent}, {"consumer_label", fStr, 32},
		{"", fPad, 4}}
	sEventOut  = []field{{"", fAt, 44}, {"fd", fFd, 0}}
	sValuesIn  = []field{{"", fAt, 8}, {"mask", fX64, 0}}
	sValuesOut = []field{{"bits", fX64, 0}, {"", fPad, 8}}
)

var ioctlGpio = []ioctlArg{
	{cmd: cmdGPIO_GET_CHIPINFO_IOCTL, k: iStruct | out, s: []field{{"name", fStr, 32}, {"label", fStr, 32}, {"lines", fU32, 0}}},
	{cmd: cmdGPIO_GET_LINEINFO_UNWATCH_IOCTL, k: iStruct, s: []field{{"offset", fU32, 0}}},
	{cmd: cmdGPIO_GET_LINEINFO_IOCTL, k: iBoth, s: sLineInfoIn, s2: sLineInfoOut},
	{cmd: cmdGPIO_GET_LINEINFO_WATCH_IOCTL, k: iBoth, s: sLineInfoIn, s2: sLineInfoOut},
	{cmd: cmdGPIO_GET_LINEHANDLE_IOCTL, k: iSpecial},
	{cmd: cmdGPIO_GET_LINEEVENT_IOCTL, k: iBoth, s: sEventIn, s2: sEventOut},
	{cmd: cmdGPIOHANDLE_GET_LINE_VALUES_IOCTL, k: iStruct | out, s: sHandleData},
	{cmd: cmdGPIOHANDLE_SET_LINE_VALUES_IOCTL, k: iStruct, s: sHandleData},
	{cmd: cmdGPIOHANDLE_SET_CONFIG_IOCTL, k: iStruct, s: []field{{"flags", fF32, xGpioHandle}, {"", fTimes, 64}, {"default_values", fU8, 0}, {"", fPad, 16}}},
	{cmd: cmdGPIO_V2_GET_LINEINFO_IOCTL, k: iSpecial}, {cmd: cmdGPIO_V2_GET_LINEINFO_WATCH_IOCTL, k: iSpecial},
	{cmd: cmdGPIO_V2_GET_LINE_IOCTL, k: iSpecial}, {cmd: cmdGPIO_V2_LINE_SET_CONFIG_IOCTL, k: iSpecial},
	{cmd: cmdGPIO_V2_LINE_GET_VALUES_IOCTL, k: iBoth, s: sValuesIn, s2: sValuesOut},
	{cmd: cmdGPIO_V2_LINE_SET_VALUES_IOCTL, k: iStruct, s: []field{{"bits", fX64, 0}, {"mask", fX64, 0}}},
}

// upto prints n numbers of size bytes at offset off, of which there are most.
func (p *printer) upto(w *window, name string, off, size, n, most uint64) {
	p.field(name)
	p.Byte('[')
	n = min(n, most)
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.comma()
		}
		if i >= look.strLen && !p.full() {
			p.Str("...")
			break
		}
		p.Uint(w.num(off+i*size, size))
	}
	p.Byte(']')
}

// inOut begins an argument that is shown when the call is made and again when
// it has returned; it says whether there is more to say, and of which.
func (p *printer) inOut(v, size uint64) (more bool) {
	switch {
	case !p.cont:
		p.comma()
	case p.failed():
		return false
	default:
		p.Str(" => ")
	}
	if !readable(v, size) {
		p.ptr(v)
		return false
	}
	return true
}

var sHandleFlags = []field{{"", fAt, 256}, {"flags", fF32, xGpioHandle}}
var sHandleLabel = []field{{"", fAt, 324}, {"consumer_label", fStr, 32}}
var sHandleFd = []field{{"", fAt, 360}, {"fd", fFd, 0}}

// lineHandle prints struct gpiohandle_request.
func (p *printer) lineHandle(v uint64) step {
	const size, most, count = 364, 64, 356
	if !p.inOut(v, size) {
		return last
	}
	w := window{addr: v, end: size}
	p.Byte('{')
	if p.cont {
		p.fieldsIn(&w, sHandleFd, true)
		p.Byte('}')
		return last
	}
	n := w.num(count, 4)
	p.Str("lines=")
	p.Uint(n)
	p.upto(&w, "lineoffsets", 0, 4, n, most)
	p.fieldsIn(&w, sHandleFlags, false)
	p.upto(&w, "default_values", 260, 1, n, most)
	p.fieldsIn(&w, sHandleLabel, false)
	p.Byte('}')
	return wait
}

var (
	sLine2Names = []field{{"name", fStr, 32}, {"consumer", fStr, 32}, {"", fAt, 72}, {"flags", fF64, xGpioV2Line}}
	sLine2Pad   = []field{{"", fAt, 240}, {"", fNonzero, 0}, {"", fTimes, 4}, {"padding", fX32, 0}}
	sConf2Flags = []field{{"flags", fF64, xGpioV2Line}, {"num_attrs", fU32, 0}, {"", fNonzero, 0}, {"", fTimes, 5}, {"padding", fX32, 0}}
	sReq2Label  = []field{{"", fAt, 256}, {"consumer", fStr, 32}}
	sReq2End    = []field{{"", fAt, 564}, {"", fNonzero, 0}, {"event_buffer_size", fU32, 0}, {"", fNonzero, 0}, {"", fTimes, 5}, {"padding", fX32, 0}}
	sReq2Fd     = []field{{"", fAt, 588}, {"fd", fFd, 0}}
)

const attrsMax = 10 // GPIO_V2_LINE_NUM_ATTRS_MAX

// lineAttr prints struct gpio_v2_line_attribute at offset off; in says that it
// is a member, which shows when it is not understood.
func (p *printer) lineAttr(w *window, off uint64, in bool) {
	id, pad, v := w.num(off, 4), w.num(off+4, 4), w.num(off+8, 8)
	switch {
	case pad == 0 && id == 1: // GPIO_V2_LINE_ATTR_ID_FLAGS
		p.Str("flags=")
		p.flags(xGpioV2Line, v)
	case pad == 0 && id == 2: // GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES
		p.Str("values=")
		p.hex(v)
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
			p.fieldHex("padding", pad)
		}
		p.fieldHex("data", v)
		if in {
			p.Byte('}')
		}
	}
}

// lineAttrs prints n attributes of size bytes from offset off on.
func (p *printer) lineAttrs(w *window, off, size, n uint64) {
	const masked = 24
	p.field("attrs")
	p.Byte('[')
	for i := uint64(0); i < min(n, attrsMax); i++ {
		if i > 0 {
			p.comma()
		}
		p.Byte('{')
		p.lineAttr(w, off+i*size, size == masked)
		if size == masked {
			p.fieldHex("mask", w.num(off+i*size+16, 8))
		}
		p.Byte('}')
	}
	p.Byte(']')
}

// line2Info prints struct gpio_v2_line_info.
func (p *printer) line2Info(v uint64) step {
	const size = 256
	if !p.inOut(v, size) {
		return last
	}
	if !p.cont {
		p.structAt(v, sLine2In)
		return wait
	}
	w := window{addr: v, end: size}
	n := w.num(68, 4)
	p.Byte('{')
	p.fieldsIn(&w, sLine2Names, true)
	p.fieldUint("num_attrs", n)
	if n != 0 {
		p.lineAttrs(&w, 80, 16, n)
	}
	p.fieldsIn(&w, sLine2Pad, false)
	p.Byte('}')
	return last
}

// line2Config prints struct gpio_v2_line_config.
func (p *printer) line2Config(v uint64) {
	const size = 272
	if !readable(v, size) {
		p.ptr(v)
		return
	}
	w := window{addr: v, end: size}
	p.Byte('{')
	p.fieldsIn(&w, sConf2Flags, true)
	if n := w.num(8, 4); n != 0 {
		p.lineAttrs(&w, 32, 24, n)
	}
	p.Byte('}')
}

// line2Request prints struct gpio_v2_line_request.
func (p *printer) line2Request(v uint64) step {
	const size, most, config, count = 592, 64, 288, 560
	if !p.inOut(v, size) {
		return last
	}
	w := window{addr: v, end: size}
	p.Byte('{')
	if p.cont {
		p.fieldsIn(&w, sReq2Fd, true)
		p.Byte('}')
		return last
	}
	n := w.num(count, 4)
	p.Str("num_lines=")
	p.Uint(n)
	p.upto(&w, "offsets", 0, 4, n, most)
	p.fieldsIn(&w, sReq2Label, false)
	p.field("config")
	p.line2Config(v + config)
	p.fieldsIn(&w, sReq2End, false)
	p.Byte('}')
	return wait
}

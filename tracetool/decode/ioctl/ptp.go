package tracetool

// Clocks of the Precision Time Protocol (linux/ptp_clock.h).

var ioctlPtp = []ioctlArg{
	{cmd: cmdPTP_CLOCK_GETCAPS, k: iStruct | out, s: sPtpCaps}, {cmd: cmdPTP_CLOCK_GETCAPS2, k: iStruct | out, s: sPtpCaps},
	{cmd: cmdPTP_EXTTS_REQUEST, k: iStruct, s: []field{{"index", fU32, 0}, {"flags", fF32, xPtpExtts}, {"", fPad, 8}}},
	{cmd: cmdPTP_EXTTS_REQUEST2, k: iStruct, s: []field{{"index", fU32, 0}, {"flags", fF32, xPtpExtts}, {"", fNonzero, 0}, {"", fTimes, 2}, {"rsv", fX32, 0}}},
	{cmd: cmdPTP_PEROUT_REQUEST, k: iSpecial}, {cmd: cmdPTP_PEROUT_REQUEST2, k: iSpecial},
	{cmd: cmdPTP_ENABLE_PPS, k: iHex}, {cmd: cmdPTP_ENABLE_PPS2, k: iHex},
	{cmd: cmdPTP_SYS_OFFSET, k: iSpecial}, {cmd: cmdPTP_SYS_OFFSET2, k: iSpecial},
	{cmd: cmdPTP_PIN_GETFUNC, k: iSpecial}, {cmd: cmdPTP_PIN_GETFUNC2, k: iSpecial},
	{cmd: cmdPTP_PIN_SETFUNC, k: iStruct, s: []field{{"", fAt, 64}, {"index", fU32, 0}, {"func", fV32, xPtpPin}, {"chan", fU32, 0}, {"", fPad, 20}}},
	{cmd: cmdPTP_PIN_SETFUNC2, k: iStruct, s: []field{{"", fAt, 64}, {"index", fU32, 0}, {"func", fV32, xPtpPin}, {"chan", fU32, 0}, {"", fNonzero, 0},
		{"", fTimes, 5}, {"rsv", fX32, 0}}},
	{cmd: cmdPTP_SYS_OFFSET_PRECISE, k: iSpecial | out}, {cmd: cmdPTP_SYS_OFFSET_PRECISE2, k: iSpecial | out},
	{cmd: cmdPTP_SYS_OFFSET_EXTENDED, k: iSpecial}, {cmd: cmdPTP_SYS_OFFSET_EXTENDED2, k: iSpecial},
}

var (
	sPtpCaps = []field{{"max_adj", fD32, 0}, {"n_alarm", fD32, 0}, {"n_ext_ts", fD32, 0}, {"n_per_out", fD32, 0}, {"pps", fD32, 0},
		{"n_pins", fD32, 0}, {"cross_timestamping", fD32, 0}, {"adjust_phase", fD32, 0}, {"", fNonzero, 0}, {"", fTimes, 12}, {"rsv", fX32, 0}}
	sPtpTime   = []field{{"sec", fD64, 0}, {"nsec", fU32, 0}, {"", fNonzero, 0}, {"reserved", fX32, 0}}
	sPtpPerout = []field{{"", fAt, 32}, {"index", fU32, 0}, {"flags", fF32, xPtpPerout}}
	sPtpRsv    = []field{{"", fAt, 40}, {"", fNonzero, 0}, {"", fTimes, 4}, {"rsv", fX32, 0}}
	sPtpOffset = []field{{"n_samples", fU32, 0}, {"", fNonzero, 0}, {"", fTimes, 3}, {"rsv", fX32, 0}}
	sPtpPin    = []field{{"", fAt, 64}, {"index", fU32, 0}}
	sPtpPinRsv = []field{{"", fAt, 76}, {"", fNonzero, 0}, {"", fTimes, 5}, {"rsv", fX32, 0}}
	sPtpPinGot = []field{{"name", fStr, 64}, {"", fAt, 68}, {"func", fV32, xPtpPin}, {"chan", fU32, 0}}
	sPtpExact  = []field{{"", fAt, 48}, {"", fNonzero, 0}, {"", fTimes, 4}, {"rsv", fX32, 0}}
)

// ptpTime prints struct ptp_clock_time; rtc says that it counts from the
// Epoch.
func (p *printer) ptpTime(v uint64, rtc bool) {
	if !p.structAt(v, sPtpTime) || !rtc || look.xlat == xlatRaw {
		return
	}
	w := window{addr: v, end: 16}
	p.date(int64(w.num(0, 8)), w.num(8, 4), 9)
}

// perout prints struct ptp_perout_request.
func (p *printer) perout(v uint64, two bool) step {
	const size, dutyCycle, phase = 56, 2, 4
	p.comma()
	if !readable(v, size) {
		p.ptr(v)
		return last
	}
	w := window{addr: v, end: size}
	f := w.num(36, 4)
	if f&phase != 0 {
		p.Str("{phase=")
	} else {
		p.Str("{start=")
	}
	p.ptpTime(v, f&phase == 0)
	p.field("period")
	p.ptpTime(v+16, false)
	p.fieldsIn(&w, sPtpPerout, false)
	if f&dutyCycle != 0 {
		p.field("on")
		p.ptpTime(v+40, false)
	} else if two {
		p.fieldsIn(&w, sPtpRsv, false)
	}
	p.Byte('}')
	return last
}

// sysOffset prints struct ptp_sys_offset or, with three times for a sample,
// ptp_sys_offset_extended.
func (p *printer) sysOffset(v, size uint64, extended bool) step {
	const head, most, elem = 16, 25, 16
	if !p.cont {
		p.comma()
		if !readable(v, size) {
			p.ptr(v)
			return last
		}
		p.Byte('{')
		p.fields(v, sPtpOffset, size, true)
		if !p.exit {
			return wait
		}
	}
	if p.failed() {
		p.Byte('}')
		return last
	}
	w := window{addr: v, end: size}
	n := min(w.num(0, 4), most)
	times := 2*n + 1
	if extended {
		times = n
	}
	p.field("ts")
	p.Byte('[')
	for i := uint64(0); i < times; i++ {
		if i > 0 {
			p.comma()
		}
		if i >= look.strLen && !p.full() {
			p.Str("...")
			break
		}
		at := v + head + elem*i
		if !extended {
			p.ptpTime(at, true)
			continue
		}
		at = v + head + 3*elem*i
		p.Byte('[')
		p.ptpTime(at, true)
		p.comma()
		p.ptpTime(at+elem, true)
		p.comma()
		p.ptpTime(at+2*elem, true)
		p.Byte(']')
	}
	p.Str("]}")
	return last
}

// pinFunc prints struct ptp_pin_desc as it is asked for.
func (p *printer) pinFunc(v uint64, two bool) step {
	const size = 96
	if !p.cont {
		p.comma()
		if !readable(v, size) {
			p.ptr(v)
			return last
		}
		p.Byte('{')
		p.fields(v, sPtpPin, size, true)
		if two {
			p.fields(v, sPtpPinRsv, size, false)
		}
		if !p.exit {
			return wait
		}
	}
	if !p.failed() {
		p.fields(v, sPtpPinGot, size, false)
	}
	p.Byte('}')
	return last
}

// sysPrecise prints struct ptp_sys_offset_precise.
func (p *printer) sysPrecise(v uint64) {
	const size = 64
	if !readable(v, size) {
		p.ptr(v)
		return
	}
	p.Str("{device=")
	p.ptpTime(v, true)
	p.field("sys_realtime")
	p.ptpTime(v+16, true)
	p.field("sys_monoraw")
	p.ptpTime(v+32, false)
	p.fields(v, sPtpExact, size, false)
	p.Byte('}')
}

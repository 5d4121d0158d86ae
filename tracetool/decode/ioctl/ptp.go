package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Clocks of the Precision Time Protocol (linux/ptp_clock.h).

var ioctlPtp = []Arg{
	{cmd: names.PTP_CLOCK_GETCAPS, k: Struct | Out, S: sPtpCaps}, {cmd: names.PTP_CLOCK_GETCAPS2, k: Struct | Out, S: sPtpCaps},
	{cmd: names.PTP_EXTTS_REQUEST, k: Struct, S: []text.Field{{Name: "index", Kind: text.U32}, {Name: "flags", Kind: text.F32, Arg: names.PtpExtts}, {Kind: text.Pad, Arg: 8}}},
	{cmd: names.PTP_EXTTS_REQUEST2, k: Struct, S: []text.Field{{Name: "index", Kind: text.U32}, {Name: "flags", Kind: text.F32, Arg: names.PtpExtts}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 2}, {Name: "rsv", Kind: text.X32}}},
	{cmd: names.PTP_PEROUT_REQUEST, k: Special}, {cmd: names.PTP_PEROUT_REQUEST2, k: Special},
	{cmd: names.PTP_ENABLE_PPS, k: Hex}, {cmd: names.PTP_ENABLE_PPS2, k: Hex},
	{cmd: names.PTP_SYS_OFFSET, k: Special}, {cmd: names.PTP_SYS_OFFSET2, k: Special},
	{cmd: names.PTP_PIN_GETFUNC, k: Special}, {cmd: names.PTP_PIN_GETFUNC2, k: Special},
	{cmd: names.PTP_PIN_SETFUNC, k: Struct, S: []text.Field{{Kind: text.At, Arg: 64}, {Name: "index", Kind: text.U32}, {Name: "func", Kind: text.V32, Arg: names.PtpPin}, {Name: "chan", Kind: text.U32}, {Kind: text.Pad, Arg: 20}}},
	{cmd: names.PTP_PIN_SETFUNC2, k: Struct, S: []text.Field{{Kind: text.At, Arg: 64}, {Name: "index", Kind: text.U32}, {Name: "func", Kind: text.V32, Arg: names.PtpPin}, {Name: "chan", Kind: text.U32}, {Kind: text.Nonzero},
		{Kind: text.Times, Arg: 5}, {Name: "rsv", Kind: text.X32}}},
	{cmd: names.PTP_SYS_OFFSET_PRECISE, k: Special | Out}, {cmd: names.PTP_SYS_OFFSET_PRECISE2, k: Special | Out},
	{cmd: names.PTP_SYS_OFFSET_EXTENDED, k: Special}, {cmd: names.PTP_SYS_OFFSET_EXTENDED2, k: Special},
}

var (
	sPtpCaps = []text.Field{{Name: "max_adj", Kind: text.D32}, {Name: "n_alarm", Kind: text.D32}, {Name: "n_ext_ts", Kind: text.D32}, {Name: "n_per_out", Kind: text.D32}, {Name: "pps", Kind: text.D32},
		{Name: "n_pins", Kind: text.D32}, {Name: "cross_timestamping", Kind: text.D32}, {Name: "adjust_phase", Kind: text.D32}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 12}, {Name: "rsv", Kind: text.X32}}
	sPtpTime   = []text.Field{{Name: "sec", Kind: text.D64}, {Name: "nsec", Kind: text.U32}, {Kind: text.Nonzero}, {Name: "reserved", Kind: text.X32}}
	sPtpPerout = []text.Field{{Kind: text.At, Arg: 32}, {Name: "index", Kind: text.U32}, {Name: "flags", Kind: text.F32, Arg: names.PtpPerout}}
	sPtpRsv    = []text.Field{{Kind: text.At, Arg: 40}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 4}, {Name: "rsv", Kind: text.X32}}
	sPtpOffset = []text.Field{{Name: "n_samples", Kind: text.U32}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 3}, {Name: "rsv", Kind: text.X32}}
	sPtpPin    = []text.Field{{Kind: text.At, Arg: 64}, {Name: "index", Kind: text.U32}}
	sPtpPinRsv = []text.Field{{Kind: text.At, Arg: 76}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 5}, {Name: "rsv", Kind: text.X32}}
	sPtpPinGot = []text.Field{{Name: "name", Kind: text.Str, Arg: 64}, {Kind: text.At, Arg: 68}, {Name: "func", Kind: text.V32, Arg: names.PtpPin}, {Name: "chan", Kind: text.U32}}
	sPtpExact  = []text.Field{{Kind: text.At, Arg: 48}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 4}, {Name: "rsv", Kind: text.X32}}
)

// ptpTime prints struct ptp_clock_time; rtc says that it counts from the
// Epoch.
func ptpTime(p *text.Printer, v uint64, rtc bool) {
	if !p.StructAt(v, sPtpTime) || !rtc || text.Opt.Style == text.StyleRaw {
		return
	}
	w := text.Window{Addr: v, End: 16}
	p.Date(int64(w.Num(0, 8)), w.Num(8, 4), 9)
}

// perout prints struct ptp_perout_request.
func perout(p *text.Printer, v uint64, two bool) text.Step {
	const size, dutyCycle, phase = 56, 2, 4
	p.Comma()
	if !text.Readable(v, size) {
		p.Ptr(v)
		return text.Last
	}
	w := text.Window{Addr: v, End: size}
	f := w.Num(36, 4)
	if f&phase != 0 {
		p.Str("{phase=")
	} else {
		p.Str("{start=")
	}
	ptpTime(p, v, f&phase == 0)
	p.Field("period")
	ptpTime(p, v+16, false)
	p.FieldsIn(&w, sPtpPerout, false)
	if f&dutyCycle != 0 {
		p.Field("on")
		ptpTime(p, v+40, false)
	} else if two {
		p.FieldsIn(&w, sPtpRsv, false)
	}
	p.Byte('}')
	return text.Last
}

// sysOffset prints struct ptp_sys_offset or, with three times for a sample,
// ptp_sys_offset_extended.
func sysOffset(p *text.Printer, v, size uint64, extended bool) text.Step {
	const head, most, elem = 16, 25, 16
	if !p.Cont {
		p.Comma()
		if !text.Readable(v, size) {
			p.Ptr(v)
			return text.Last
		}
		p.Byte('{')
		p.Fields(v, sPtpOffset, size, true)
		if !p.Exit {
			return text.Wait
		}
	}
	if p.Failed() {
		p.Byte('}')
		return text.Last
	}
	w := text.Window{Addr: v, End: size}
	n := min(w.Num(0, 4), most)
	times := 2*n + 1
	if extended {
		times = n
	}
	p.Field("ts")
	p.Byte('[')
	for i := uint64(0); i < times; i++ {
		if i > 0 {
			p.Comma()
		}
		if i >= text.Opt.StrLen && !p.Full() {
			p.Str("...")
			break
		}
		at := v + head + elem*i
		if !extended {
			ptpTime(p, at, true)
			continue
		}
		at = v + head + 3*elem*i
		p.Byte('[')
		ptpTime(p, at, true)
		p.Comma()
		ptpTime(p, at+elem, true)
		p.Comma()
		ptpTime(p, at+2*elem, true)
		p.Byte(']')
	}
	p.Str("]}")
	return text.Last
}

// pinFunc prints struct ptp_pin_desc as it is asked for.
func pinFunc(p *text.Printer, v uint64, two bool) text.Step {
	const size = 96
	if !p.Cont {
		p.Comma()
		if !text.Readable(v, size) {
			p.Ptr(v)
			return text.Last
		}
		p.Byte('{')
		p.Fields(v, sPtpPin, size, true)
		if two {
			p.Fields(v, sPtpPinRsv, size, false)
		}
		if !p.Exit {
			return text.Wait
		}
	}
	if !p.Failed() {
		p.Fields(v, sPtpPinGot, size, false)
	}
	p.Byte('}')
	return text.Last
}

// sysPrecise prints struct ptp_sys_offset_precise.
func sysPrecise(p *text.Printer, v uint64) {
	const size = 64
	if !text.Readable(v, size) {
		p.Ptr(v)
		return
	}
	p.Str("{device=")
	ptpTime(p, v, true)
	p.Field("sys_realtime")
	ptpTime(p, v+16, true)
	p.Field("sys_monoraw")
	ptpTime(p, v+32, false)
	p.Fields(v, sPtpExact, size, false)
	p.Byte('}')
}

package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Clocks (rtc(4), linux/rtc.h).

var (
	sRtcTime = []text.Field{{Name: "tm_sec", Kind: text.D32}, {Name: "tm_min", Kind: text.D32}, {Name: "tm_hour", Kind: text.D32}, {Name: "tm_mday", Kind: text.D32}, {Name: "tm_mon", Kind: text.D32},
		{Name: "tm_year", Kind: text.D32}, {Kind: text.Abbrev}, {Name: "tm_wday", Kind: text.D32}, {Name: "tm_yday", Kind: text.D32}, {Name: "tm_isdst", Kind: text.D32}}
	sRtcPll = []text.Field{{Name: "pll_ctrl", Kind: text.D32}, {Name: "pll_value", Kind: text.D32}, {Name: "pll_max", Kind: text.D32}, {Name: "pll_min", Kind: text.D32}, {Name: "pll_posmult", Kind: text.D32},
		{Name: "pll_negmult", Kind: text.D32}, {Name: "pll_clock", Kind: text.D64}}
)

var ioctlRtc = []Arg{
	{cmd: names.RTC_ALM_READ, k: Struct | Out, S: sRtcTime}, {cmd: names.RTC_RD_TIME, k: Struct | Out, S: sRtcTime},
	{cmd: names.RTC_ALM_SET, k: Struct, S: sRtcTime}, {cmd: names.RTC_SET_TIME, k: Struct, S: sRtcTime},
	{cmd: names.RTC_IRQP_SET, k: Uint}, {cmd: names.RTC_EPOCH_SET, k: Uint}, {cmd: names.RTC_IRQP_READ, k: U64At | Out},
	{cmd: names.RTC_EPOCH_READ, k: U64At | Out}, {cmd: names.RTC_WKALM_RD, k: Special | Out}, {cmd: names.RTC_WKALM_SET, k: Special},
	{cmd: names.RTC_PLL_GET, k: Struct | Out, S: sRtcPll}, {cmd: names.RTC_PLL_SET, k: Struct, S: sRtcPll},
	{cmd: names.RTC_VL_READ, k: FlagAt | Out, X: names.RtcVl}, {cmd: names.RTC_PARAM_GET, k: Special}, {cmd: names.RTC_PARAM_SET, k: Special},
	{cmd: names.RTC_AIE_ON}, {cmd: names.RTC_AIE_OFF}, {cmd: names.RTC_UIE_ON}, {cmd: names.RTC_UIE_OFF}, {cmd: names.RTC_PIE_ON}, {cmd: names.RTC_PIE_OFF},
	{cmd: names.RTC_WIE_ON}, {cmd: names.RTC_WIE_OFF}, {cmd: names.RTC_VL_CLR},
}

// wkalrm prints struct rtc_wkalrm.
func wkalrm(p *text.Printer, v uint64) {
	if !text.Readable(v, 40) {
		p.Ptr(v)
		return
	}
	w := text.Window{Addr: v, End: 40}
	p.Str("{enabled=")
	p.Uint(w.Num(0, 1))
	p.FieldUint("pending", w.Num(1, 1))
	p.Field("time")
	p.StructAt(v+4, sRtcTime)
	p.Byte('}')
}

// rtcParam prints struct rtc_param, whose value depends on the parameter.
func rtcParam(p *text.Printer, v uint64, get bool) text.Step {
	const size = 24
	if !p.Cont {
		p.Comma()
	} else {
		p.Str(" => ")
	}
	if !text.Readable(v, size) || p.Cont && p.Failed() {
		p.Ptr(v)
		return text.Last
	}
	w := text.Window{Addr: v, End: size}
	param := w.Num(0, 8)
	first := true
	p.Byte('{')
	if !p.Cont {
		p.Sep(&first, "param")
		p.Val(names.RtcParam, param)
		if !get {
			rtcValue(p, &w, param, &first)
		}
		p.Sep(&first, "index")
		p.Uint(w.Num(16, 4))
	}
	if p.Cont && get {
		rtcValue(p, &w, param, &first)
	}
	if pad := w.Num(20, 4); pad != 0 {
		p.Sep(&first, "__pad")
		p.AltHex(pad)
	}
	p.Byte('}')
	if !p.Cont && get && !p.Exit {
		return text.Wait
	}
	return text.Last
}

func rtcValue(p *text.Printer, w *text.Window, param uint64, first *bool) {
	switch v := w.Num(8, 8); param {
	case 0: // RTC_PARAM_FEATURES
		p.Sep(first, "uvalue")
		p.Flags(names.RtcFeature, v)
	case 1: // RTC_PARAM_CORRECTION
		p.Sep(first, "svalue")
		p.Int(int64(v))
	case 2: // RTC_PARAM_BACKUP_SWITCH_MODE
		p.Sep(first, "uvalue")
		p.Val(names.RtcBsm, v)
	default:
		p.Sep(first, "uvalue")
		p.AltHex(v)
	}
}

package tracetool

// Clocks (rtc(4), linux/rtc.h).

var (
	sRtcTime = []field{{"tm_sec", fD32, 0}, {"tm_min", fD32, 0}, {"tm_hour", fD32, 0}, {"tm_mday", fD32, 0}, {"tm_mon", fD32, 0},
		{"tm_year", fD32, 0}, {"", fAbbrev, 0}, {"tm_wday", fD32, 0}, {"tm_yday", fD32, 0}, {"tm_isdst", fD32, 0}}
	sRtcPll = []field{{"pll_ctrl", fD32, 0}, {"pll_value", fD32, 0}, {"pll_max", fD32, 0}, {"pll_min", fD32, 0}, {"pll_posmult", fD32, 0},
		{"pll_negmult", fD32, 0}, {"pll_clock", fD64, 0}}
)

var ioctlRtc = []ioctlArg{
	{cmd: cmdRTC_ALM_READ, k: iStruct | out, s: sRtcTime}, {cmd: cmdRTC_RD_TIME, k: iStruct | out, s: sRtcTime},
	{cmd: cmdRTC_ALM_SET, k: iStruct, s: sRtcTime}, {cmd: cmdRTC_SET_TIME, k: iStruct, s: sRtcTime},
	{cmd: cmdRTC_IRQP_SET, k: iUint}, {cmd: cmdRTC_EPOCH_SET, k: iUint}, {cmd: cmdRTC_IRQP_READ, k: iU64At | out},
	{cmd: cmdRTC_EPOCH_READ, k: iU64At | out}, {cmd: cmdRTC_WKALM_RD, k: iSpecial | out}, {cmd: cmdRTC_WKALM_SET, k: iSpecial},
	{cmd: cmdRTC_PLL_GET, k: iStruct | out, s: sRtcPll}, {cmd: cmdRTC_PLL_SET, k: iStruct, s: sRtcPll},
	{cmd: cmdRTC_VL_READ, k: iFlagAt | out, x: xRtcVl}, {cmd: cmdRTC_PARAM_GET, k: iSpecial}, {cmd: cmdRTC_PARAM_SET, k: iSpecial},
	{cmd: cmdRTC_AIE_ON}, {cmd: cmdRTC_AIE_OFF}, {cmd: cmdRTC_UIE_ON}, {cmd: cmdRTC_UIE_OFF}, {cmd: cmdRTC_PIE_ON}, {cmd: cmdRTC_PIE_OFF},
	{cmd: cmdRTC_WIE_ON}, {cmd: cmdRTC_WIE_OFF}, {cmd: cmdRTC_VL_CLR},
}

// wkalrm prints struct rtc_wkalrm.
func (p *printer) wkalrm(v uint64) {
	if !readable(v, 40) {
		p.ptr(v)
		return
	}
	w := window{addr: v, end: 40}
	p.Str("{enabled=")
	p.Uint(w.num(0, 1))
	p.fieldUint("pending", w.num(1, 1))
	p.field("time")
	p.structAt(v+4, sRtcTime)
	p.Byte('}')
}

// rtcParam prints struct rtc_param, whose value depends on the parameter.
func (p *printer) rtcParam(v uint64, get bool) step {
	const size = 24
	if !p.cont {
		p.comma()
	} else {
		p.Str(" => ")
	}
	if !readable(v, size) || p.cont && p.failed() {
		p.ptr(v)
		return last
	}
	w := window{addr: v, end: size}
	param := w.num(0, 8)
	first := true
	p.Byte('{')
	if !p.cont {
		p.sep(&first, "param")
		p.val(xRtcParam, param)
		if !get {
			p.rtcValue(&w, param, &first)
		}
		p.sep(&first, "index")
		p.Uint(w.num(16, 4))
	}
	if p.cont && get {
		p.rtcValue(&w, param, &first)
	}
	if pad := w.num(20, 4); pad != 0 {
		p.sep(&first, "__pad")
		p.hex(pad)
	}
	p.Byte('}')
	if !p.cont && get && !p.exit {
		return wait
	}
	return last
}

func (p *printer) rtcValue(w *window, param uint64, first *bool) {
	switch v := w.num(8, 8); param {
	case 0: // RTC_PARAM_FEATURES
		p.sep(first, "uvalue")
		p.flags(xRtcFeature, v)
	case 1: // RTC_PARAM_CORRECTION
		p.sep(first, "svalue")
		p.Int(int64(v))
	case 2: // RTC_PARAM_BACKUP_SWITCH_MODE
		p.sep(first, "uvalue")
		p.val(xRtcBsm, v)
	default:
		p.sep(first, "uvalue")
		p.hex(v)
	}
}

package text

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
)

func (p *Printer) Tspec(t *unix.Timespec) {
	p.Str("{tv_sec=")
	p.Int(t.Sec)
	p.FieldUint("tv_nsec", uint64(t.Nsec))
	p.Byte('}')
}

func (p *Printer) Tval(t *unix.Timeval) {
	p.Str("{tv_sec=")
	p.Int(t.Sec)
	p.FieldUint("tv_usec", uint64(t.Usec))
	p.Byte('}')
}

func (p *Printer) Timespec(addr uint64) {
	var t unix.Timespec
	if p.Fetch(unsafe.Pointer(&t), 16, addr) {
		p.Tspec(&t)
	}
}

func (p *Printer) Timeval(addr uint64) {
	var t unix.Timeval
	if p.Fetch(unsafe.Pointer(&t), 16, addr) {
		p.Tval(&t)
	}
}

func (p *Printer) Timezone(addr uint64) {
	var t [2]int32
	if p.Fetch(unsafe.Pointer(&t), 8, addr) {
		p.Str("{tz_minuteswest=")
		p.Int(int64(t[0]))
		p.FieldInt("tz_dsttime", int64(t[1]))
		p.Byte('}')
	}
}

func (p *Printer) Itimerval(addr uint64) {
	var t [2]unix.Timeval
	if p.Fetch(unsafe.Pointer(&t), 32, addr) {
		p.Str("{it_interval=")
		p.Tval(&t[0])
		p.Str(", it_value=")
		p.Tval(&t[1])
		p.Byte('}')
	}
}

func (p *Printer) Itimerspec(addr uint64) {
	var t [2]unix.Timespec
	if p.Fetch(unsafe.Pointer(&t), 32, addr) {
		p.Str("{it_interval=")
		p.Tspec(&t[0])
		p.Str(", it_value=")
		p.Tspec(&t[1])
		p.Byte('}')
	}
}

// Timevals prints the two times of utimes(2).
func (p *Printer) Timevals(addr uint64) {
	var t [2]unix.Timeval
	if p.Fetch(unsafe.Pointer(&t), 32, addr) {
		p.Byte('[')
		p.Tval(&t[0])
		p.Date(t[0].Sec, uint64(t[0].Usec), 6)
		p.Comma()
		p.Tval(&t[1])
		p.Date(t[1].Sec, uint64(t[1].Usec), 6)
		p.Byte(']')
	}
}

// Utimes prints the two times of utimensat(2), with the special values of
// tv_nsec.
func (p *Printer) Utimes(addr uint64) {
	var t [2]unix.Timespec
	if !p.Fetch(unsafe.Pointer(&t), 32, addr) {
		return
	}
	p.Byte('[')
	for i := range t {
		if i > 0 {
			p.Comma()
		}
		switch t[i].Nsec {
		case unix.UTIME_NOW:
			p.specialTime(&t[i], "UTIME_NOW")
		case unix.UTIME_OMIT:
			p.specialTime(&t[i], "UTIME_OMIT")
		default:
			p.Tspec(&t[i])
			p.Date(t[i].Sec, uint64(t[i].Nsec), 9)
		}
	}
	p.Byte(']')
}

// specialTime prints a time of which only tv_nsec counts.
func (p *Printer) specialTime(t *unix.Timespec, s string) {
	if Opt.Style == StyleAbbrev {
		p.Str(s)
		return
	}
	p.Tspec(t)
	if Opt.Style == StyleVerbose {
		p.Comment(s)
	}
}

func (p *Printer) Utimbuf(addr uint64) {
	var t [2]int64
	if p.Fetch(unsafe.Pointer(&t), 16, addr) {
		p.Str("{actime=")
		p.Int(t[0])
		p.Date(t[0], 0, 0)
		p.FieldInt("modtime", t[1])
		p.Date(t[1], 0, 0)
		p.Byte('}')
	}
}

func (p *Printer) TimeOut(addr uint64) {
	var t int64
	if p.Out(addr) && p.Fetch(unsafe.Pointer(&t), 8, addr) {
		p.Byte('[')
		p.Int(t)
		p.Date(t, 0, 0)
		p.Byte(']')
	}
}

// Date prints a time as a comment, in ISO 8601; the fraction has digits
// digits and is left out if it is zero. There is no comment on what is no time.
func (p *Printer) Date(sec int64, frac uint64, digits int) {
	limit := uint64(1)
	for i := 0; i < digits; i++ {
		limit *= 10
	}
	if sec == 0 && frac == 0 || frac >= limit {
		return
	}
	start := p.Len()
	p.Str(" /* ")
	n := p.Len()
	p.Iso(sec, frac, digits)
	if p.Len() == n {
		p.Truncate(start)
		return
	}
	p.Str(" */")
}

// Iso prints a time in ISO 8601, or nothing if its year is none that gmtime(3)
// has.
func (p *Printer) Iso(sec int64, frac uint64, digits int) {
	local := sec + Opt.Zone
	day, s := local/86400, local%86400
	if s < 0 {
		day, s = day-1, s+86400
	}
	y, m, d := civil(day)
	if year := y - 1900; year != int64(int32(year)) {
		return
	}
	p.Int(int64(int32(y)))
	p.Byte('-')
	p.UintPad(uint64(m), 2)
	p.Byte('-')
	p.UintPad(uint64(d), 2)
	p.Byte('T')
	p.ClockTime(s)
	if frac != 0 {
		p.Byte('.')
		p.UintPad(frac, digits)
	}
	z := Opt.Zone / 60
	if z < 0 {
		p.Byte('-')
		z = -z
	} else {
		p.Byte('+')
	}
	p.UintPad(uint64(z/60), 2)
	p.UintPad(uint64(z%60), 2)
}

// ClockTime prints the second s of a day as HH:MM:SS.
func (p *Printer) ClockTime(s int64) {
	p.UintPad(uint64(s/3600), 2)
	p.Byte(':')
	p.UintPad(uint64(s/60%60), 2)
	p.Byte(':')
	p.UintPad(uint64(s%60), 2)
}

// civil converts days since 1970-01-01 to a date of the Gregorian calendar,
// counting years from March so that leap days come last.
func civil(days int64) (y, m, d int64) {
	days += 719468 // from 0000-03-01
	era := days / 146097
	if days < 0 {
		era = (days - 146096) / 146097
	}
	doe := days - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = doy - (153*mp+2)/5 + 1
	m = mp + 3
	if m > 12 {
		m -= 12
	}
	y = yoe + era*400
	if m <= 2 {
		y++
	}
	return y, m, d
}

// Clock prints a clock id.
func (p *Printer) Clock(id int32) { p.Val(names.Clock, uint64(uint32(id))) }

func (p *Printer) Tms(addr uint64) {
	var t [4]uint64
	if p.Out(addr) && p.Fetch(unsafe.Pointer(&t), 32, addr) {
		p.Str("{tms_utime=")
		p.Ticks(t[0])
		p.Field("tms_stime")
		p.Ticks(t[1])
		p.Field("tms_cutime")
		p.Ticks(t[2])
		p.Field("tms_cstime")
		p.Ticks(t[3])
		p.Byte('}')
	}
}

func (p *Printer) Timex(addr uint64) {
	var t unix.Timex
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&t), int(unsafe.Sizeof(t)), addr) {
		return
	}
	p.Str("{modes=")
	p.Flags(names.AdjMode, uint64(t.Modes))
	p.FieldInt("offset", t.Offset)
	p.FieldInt("freq", t.Freq)
	p.FieldInt("maxerror", t.Maxerror)
	p.FieldInt("esterror", t.Esterror)
	p.Field("status")
	p.Flags(names.AdjStatus, uint64(uint32(t.Status)))
	p.FieldInt("constant", t.Constant)
	p.FieldInt("precision", t.Precision)
	p.FieldInt("tolerance", t.Tolerance)
	p.Field("time")
	p.Tval(&t.Time)
	p.FieldInt("tick", t.Tick)
	p.FieldInt("ppsfreq", t.Ppsfreq)
	p.FieldInt("jitter", t.Jitter)
	p.FieldInt("shift", int64(t.Shift))
	p.FieldInt("stabil", t.Stabil)
	p.FieldInt("jitcnt", t.Jitcnt)
	p.FieldInt("calcnt", t.Calcnt)
	p.FieldInt("errcnt", t.Errcnt)
	p.FieldInt("stbcnt", t.Stbcnt)
	p.FieldInt("tai", int64(t.Tai))
	p.Byte('}')
}

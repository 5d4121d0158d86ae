package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func (p *printer) tspec(t *unix.Timespec) {
	p.Str("{tv_sec=")
	p.Int(t.Sec)
	p.fieldUint("tv_nsec", uint64(t.Nsec))
	p.Byte('}')
}

func (p *printer) tval(t *unix.Timeval) {
	p.Str("{tv_sec=")
	p.Int(t.Sec)
	p.fieldUint("tv_usec", uint64(t.Usec))
	p.Byte('}')
}

func (p *printer) timespec(addr uint64) {
	var t unix.Timespec
	if p.fetch(unsafe.Pointer(&t), 16, addr) {
		p.tspec(&t)
	}
}

func (p *printer) timeval(addr uint64) {
	var t unix.Timeval
	if p.fetch(unsafe.Pointer(&t), 16, addr) {
		p.tval(&t)
	}
}

func (p *printer) timezone(addr uint64) {
	var t [2]int32
	if p.fetch(unsafe.Pointer(&t), 8, addr) {
		p.Str("{tz_minuteswest=")
		p.Int(int64(t[0]))
		p.fieldInt("tz_dsttime", int64(t[1]))
		p.Byte('}')
	}
}

func (p *printer) itimerval(addr uint64) {
	var t [2]unix.Timeval
	if p.fetch(unsafe.Pointer(&t), 32, addr) {
		p.Str("{it_interval=")
		p.tval(&t[0])
		p.Str(", it_value=")
		p.tval(&t[1])
		p.Byte('}')
	}
}

func (p *printer) itimerspec(addr uint64) {
	var t [2]unix.Timespec
	if p.fetch(unsafe.Pointer(&t), 32, addr) {
		p.Str("{it_interval=")
		p.tspec(&t[0])
		p.Str(", it_value=")
		p.tspec(&t[1])
		p.Byte('}')
	}
}

// timevals prints the two times of utimes(2).
func (p *printer) timevals(addr uint64) {
	var t [2]unix.Timeval
	if p.fetch(unsafe.Pointer(&t), 32, addr) {
		p.Byte('[')
		p.tval(&t[0])
		p.date(t[0].Sec, uint64(t[0].Usec), 6)
		p.comma()
		p.tval(&t[1])
		p.date(t[1].Sec, uint64(t[1].Usec), 6)
		p.Byte(']')
	}
}

// utimes prints the two times of utimensat(2), with the special values of
// tv_nsec.
func (p *printer) utimes(addr uint64) {
	var t [2]unix.Timespec
	if !p.fetch(unsafe.Pointer(&t), 32, addr) {
		return
	}
	p.Byte('[')
	for i := range t {
		if i > 0 {
			p.comma()
		}
		switch t[i].Nsec {
		case unix.UTIME_NOW:
			p.specialTime(&t[i], "UTIME_NOW")
		case unix.UTIME_OMIT:
			p.specialTime(&t[i], "UTIME_OMIT")
		default:
			p.tspec(&t[i])
			p.date(t[i].Sec, uint64(t[i].Nsec), 9)
		}
	}
	p.Byte(']')
}

// specialTime prints a time of which only tv_nsec counts.
func (p *printer) specialTime(t *unix.Timespec, s string) {
	if look.xlat == xlatAbbrev {
		p.Str(s)
		return
	}
	p.tspec(t)
	if look.xlat == xlatVerbose {
		p.comment(s)
	}
}

func (p *printer) utimbuf(addr uint64) {
	var t [2]int64
	if p.fetch(unsafe.Pointer(&t), 16, addr) {
		p.Str("{actime=")
		p.Int(t[0])
		p.date(t[0], 0, 0)
		p.fieldInt("modtime", t[1])
		p.date(t[1], 0, 0)
		p.Byte('}')
	}
}

func (p *printer) timeOut(addr uint64) {
	var t int64
	if p.out(addr) && p.fetch(unsafe.Pointer(&t), 8, addr) {
		p.Byte('[')
		p.Int(t)
		p.date(t, 0, 0)
		p.Byte(']')
	}
}

// date prints a time as a comment, in ISO 8601; the fraction has digits
// digits and is left out if it is zero. There is no comment on what is no time.
func (p *printer) date(sec int64, frac uint64, digits int) {
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
	p.iso(sec, frac, digits)
	if p.Len() == n {
		p.Truncate(start)
		return
	}
	p.Str(" */")
}

// iso prints a time in ISO 8601, or nothing if its year is none that gmtime(3)
// has.
func (p *printer) iso(sec int64, frac uint64, digits int) {
	local := sec + look.zone
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
	p.clockTime(s)
	if frac != 0 {
		p.Byte('.')
		p.UintPad(frac, digits)
	}
	z := look.zone / 60
	if z < 0 {
		p.Byte('-')
		z = -z
	} else {
		p.Byte('+')
	}
	p.UintPad(uint64(z/60), 2)
	p.UintPad(uint64(z%60), 2)
}

// clockTime prints the second s of a day as HH:MM:SS.
func (p *printer) clockTime(s int64) {
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

// clock prints a clock id.
func (p *printer) clock(id int32) { p.val(xClock, uint64(uint32(id))) }

func (p *printer) tms(addr uint64) {
	var t [4]uint64
	if p.out(addr) && p.fetch(unsafe.Pointer(&t), 32, addr) {
		p.Str("{tms_utime=")
		p.ticks(t[0])
		p.field("tms_stime")
		p.ticks(t[1])
		p.field("tms_cutime")
		p.ticks(t[2])
		p.field("tms_cstime")
		p.ticks(t[3])
		p.Byte('}')
	}
}

func (p *printer) timex(addr uint64) {
	var t unix.Timex
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&t), int(unsafe.Sizeof(t)), addr) {
		return
	}
	p.Str("{modes=")
	p.flags(xAdjMode, uint64(t.Modes))
	p.fieldInt("offset", t.Offset)
	p.fieldInt("freq", t.Freq)
	p.fieldInt("maxerror", t.Maxerror)
	p.fieldInt("esterror", t.Esterror)
	p.field("status")
	p.flags(xAdjStatus, uint64(uint32(t.Status)))
	p.fieldInt("constant", t.Constant)
	p.fieldInt("precision", t.Precision)
	p.fieldInt("tolerance", t.Tolerance)
	p.field("time")
	p.tval(&t.Time)
	p.fieldInt("tick", t.Tick)
	p.fieldInt("ppsfreq", t.Ppsfreq)
	p.fieldInt("jitter", t.Jitter)
	p.fieldInt("shift", int64(t.Shift))
	p.fieldInt("stabil", t.Stabil)
	p.fieldInt("jitcnt", t.Jitcnt)
	p.fieldInt("calcnt", t.Calcnt)
	p.fieldInt("errcnt", t.Errcnt)
	p.fieldInt("stbcnt", t.Stbcnt)
	p.fieldInt("tai", int64(t.Tai))
	p.Byte('}')
}

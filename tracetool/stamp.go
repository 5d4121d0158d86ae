package tracetool

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/clock"
	"libsystrap/internal/core"
	"libsystrap/tracetool/text"
)

// now reads a clock, in the thread tid.
func now(id clock.ID, tid int) int64 { return clock.Now(core.Clocks(), id, tid) }

// readsClocks says whether options ask for times.
func readsClocks() bool {
	return opt.count != 0 || opt.duration || opt.relative || opt.stamp != stampNone || onlyJSON()
}

// timeField prints the time of day (-t) and the time since the last line (-r).
func timeField(p *text.Printer) {
	if opt.stamp != stampNone {
		t := now(clock.Realtime, 0)
		if opt.stamp == stampUnix {
			p.Int(t / 1e9)
		} else {
			p.ClockTime((t/1e9 + text.Opt.Zone) % 86400)
		}
		fraction(p, t%1e9, opt.scale)
		p.Byte(' ')
	}
	if !opt.relative {
		return
	}
	t := now(clock.Monotonic, 0)
	was := opt.last
	opt.last = t
	if was == 0 {
		was = t
	}
	if opt.stamp != stampNone {
		p.Str("(+")
	}
	d := since(was, t)
	padded(p, uint64(d/1e9), 6, true)
	fraction(p, d%1e9, opt.relScale)
	if opt.stamp != stampNone {
		p.Byte(')')
	}
	p.Byte(' ')
}

// since returns the time from a to b, or 0.
func since(a, b int64) int64 { return max(b-a, 0) }

// fraction prints a part of a second in so many digits, with the point.
func fraction(p *text.Printer, ns int64, n digits) {
	if n == 0 {
		return
	}
	for i := n; i < 9; i++ {
		ns /= 10
	}
	p.Byte('.')
	p.UintPad(uint64(ns), int(n))
}

// duration prints the time that a call took, as -T wants it.
func duration(p *text.Printer, start, end int64) {
	d := since(start, end)
	p.Str(" <")
	p.Int(d / 1e9)
	fraction(p, d%1e9, opt.durScale)
	p.Byte('>')
}

// unit returns how many digits a fraction of a second has in a unit, or -1.
func unit(s string) int {
	switch s {
	case "s":
		return 0
	case "ms":
		return 3
	case "us":
		return 6
	case "ns":
		return 9
	}
	return -1
}

// scale sets the precision that -r and -T may be given.
func scale(d *digits, c byte, name, arg string, has bool) bool {
	if !has {
		return true
	}
	n := unit(arg)
	if n < 0 {
		return badArgument(c, name, arg)
	}
	*d = digits(n)
	return true
}

// stampFormat applies the argument of --absolute-timestamps.
func stampFormat(s string) bool {
	set := false
	for {
		var w string
		if w, s = token(s, ','); w == "" {
			break
		}
		format, precision := true, true
		if n := len("format:"); len(w) >= n && equalFold(w[:n], "format:") {
			w, precision = w[n:], false
		} else if n := len("precision:"); len(w) >= n && equalFold(w[:n], "precision:") {
			w, format = w[n:], false
		}
		switch {
		case format && equalFold(w, "none"):
			opt.stamp = stampNone
			set = true
		case format && equalFold(w, "time"):
			opt.stamp = stampTime
			set = true
		case format && equalFold(w, "unix"):
			opt.stamp = stampUnix
			set = true
		case precision && unit(w) >= 0:
			opt.scale = digits(unit(w))
		default:
			return false
		}
	}
	if !set && opt.stamp == stampNone {
		opt.stamp = stampTime
	}
	return true
}

// hexStyle returns what --strings-in-hex means, or -1.
func hexStyle(arg string, has bool) int {
	if !has {
		return text.HexAll
	}
	switch arg {
	case "none":
		return 0
	case "non-ascii-chars":
		return text.HexBytes
	case "non-ascii":
		return text.HexSome
	case "all":
		return text.HexAll
	}
	return -1
}

// zone reads an offset from UTC in seconds.
func zone(s string) int64 {
	if s != "" && s[0] == '-' {
		return -max(number(s[1:], 86400), 0)
	}
	return max(number(s, 86400), 0)
}

// interval reads a time: a decimal number, perhaps with a fraction and an
// exponent, and a unit; without one it is in microseconds.
func interval(s string) (t unix.Timespec, ok bool) {
	i := 0
	if i < len(s) && s[i] == '+' {
		i++
	}
	var v uint64 // as a decimal fraction: v / 10^exp
	exp, digit := 0, false
	for ; i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' && exp == 0); i++ {
		if s[i] == '.' {
			exp = 1 // one more than digits seen, until the loop's end
			continue
		}
		digit = true
		if v > 1<<63/10-10 {
			return t, false
		}
		v = v*10 + uint64(s[i]-'0')
		if exp > 0 {
			exp++
		}
	}
	if exp > 0 {
		exp--
	}
	if !digit {
		return t, false
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		neg := j < len(s) && s[j] == '-'
		if j < len(s) && (s[j] == '-' || s[j] == '+') {
			j++
		}
		start, e := j, 0
		for ; j < len(s) && s[j] >= '0' && s[j] <= '9' && e < 100; j++ {
			e = e*10 + int(s[j]-'0')
		}
		if j == start {
			return t, false
		}
		if neg {
			e = -e
		}
		exp -= e
		i = j
	}
	n := 6
	if i < len(s) {
		if n = unit(s[i:]); n < 0 {
			return t, false
		}
	}
	// v / 10^exp units of 10^-n s, in ns.
	for e := 9 - n - exp; e != 0 && v != 0; {
		if e > 0 {
			if v > 1<<63/10 {
				return t, false
			}
			v *= 10
			e--
		} else {
			v /= 10
			e++
		}
	}
	return unix.Timespec{Sec: int64(v / 1e9), Nsec: int64(v % 1e9)}, true
}

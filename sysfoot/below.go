package sysfoot

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/footprint"
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
	"libsystrap/tracetool"
	"libsystrap/tracetool/text"
)

// rangeText is more than the text of a range takes, in bytes.
const rangeText = 640

// view is the call whose footprint is being written.
type view struct {
	c     *systrap.Call
	l     *systrap.Line
	form  tracetool.Foot
	tid   int
	last  bool // there is no more room to be had
	cut   bool
	any   bool // a range has been written
	limit transferred
	was   place // the mapping that the call has taken away
	// What the call has read and written, in bytes.
	read, written uint64
	// place is how many ranges have been written, counted how many of them are in the sums by mapping.
	place, counted uint32
	// moreN and moreBytes are of ranges that are not listed.
	moreN     uint32
	moreBytes uint64
}

// below writes the footprint of a call behind its line (tracetool.Below).
func below(printer uintptr, k int, last bool) bool {
	p := *(**text.Printer)(unsafe.Pointer(&printer))
	form := tracetool.Footprints()
	has := footprint.Touches(p.C.Sysno)
	if !has && form != tracetool.FootJSON {
		tracetool.NothingBelow(p.C.Sysno)
		return true
	}
	v := view{c: p.C, l: &p.Line, form: form, tid: p.Tid, last: last}
	if form == tracetool.FootJSON && !v.begin(p) {
		return false
	}
	if kept != nil && k >= 0 {
		v.counted = kept[k].counted
		if p.Exit && removes(p.C) {
			v.was = kept[k].was
		}
	}
	done := !has || v.ranges(k, p.Exit)
	if kept != nil && k >= 0 {
		kept[k].counted = v.counted
		if done {
			kept[k].counted = 0
		}
	}
	if !done {
		return false
	}
	if form == tracetool.FootJSON {
		v.end()
	}
	countCall(p.C.Sysno, p.Tid, v.read, v.written)
	return true
}

// ranges writes all ranges: what was kept, and what has been written; of a call that does not return all that it will do.
//
//go:noinline
func (v *view) ranges(k int, returned bool) bool {
	if v.c.Replaced {
		return true // what is injected in the call's place touches nothing
	}
	var saved footprint.Saved
	v.limit = transferOf(v.c, returned)
	if !returned {
		for it := footprint.Before(v.c); it.Next(); {
			if !v.put(&it.Range) {
				return v.last
			}
		}
		v.unknown()
		return true
	}
	if kept != nil && k >= 0 {
		r := &kept[k]
		saved = r.saved
		for i := range r.n {
			if !v.put(&r.ranges[i]) {
				return v.last
			}
		}
		if r.more > 0 {
			v.more(r.more, r.moreBytes)
		}
	}
	for it := footprint.After(v.c, saved); it.Next(); {
		if !v.put(&it.Range) {
			return v.last
		}
	}
	v.unknown()
	return true
}

// put writes one range. It returns false if it does not fit; with last it has said so.
func (v *view) put(r *footprint.Range) bool {
	if v.l.Room() < rangeText {
		if v.last && !v.cut {
			v.cut = true
			if v.form == tracetool.FootText {
				v.l.Str(" ~ ... (no room for more)\n")
			}
		}
		return false
	}
	in := v.was
	if r.Dir != footprint.Maps || in.end == 0 {
		in = where(r, v.c)
	}
	v.account(r, in.group)
	switch v.form {
	case tracetool.FootText:
		putText(v.l, r, in)
	case tracetool.FootLibsystrap:
		putLibsystrap(v.l, r, abi.Name(v.c.Sysno))
	case tracetool.FootJSON:
		if v.any {
			v.l.Byte(',')
		}
		putJSON(v.l, r, in)
	}
	v.any = true
	return true
}

// account adds the range to the sums, as far as it is known that it was touched. Where a line is written again with more
// room, those that were counted are not again.
func (v *view) account(r *footprint.Range, group int) {
	n := v.limit.of(r)
	anew := v.place >= v.counted
	v.place++
	v.counted = max(v.counted, v.place)
	if n == 0 {
		return
	}
	switch r.Dir {
	case footprint.Reads:
		v.read += n
		if anew {
			countGroup(group, n, 0)
		}
	case footprint.Writes:
		v.written += n
		if anew {
			countGroup(group, 0, n)
		}
	}
}

func (v *view) more(n uint32, bytes uint64) {
	switch v.form {
	case tracetool.FootText:
		v.l.Str(" ~ reads ")
		v.l.Uint(bytes)
		v.l.Str(" bytes in ")
		v.l.Uint(uint64(n))
		v.l.Str(" ranges more\n")
	case tracetool.FootJSON:
		v.moreN, v.moreBytes = n, bytes
	}
	v.read += bytes
}

// unknown says what is not known of the call. An ioctl is named by what is known of its number.
func (v *view) unknown() {
	why := ""
	if v.c.Sysno != unix.SYS_IOCTL {
		why = footprint.Unknown(v.c.Sysno)
	}
	if why != "" && v.form == tracetool.FootText && v.l.Room() >= len(why)+16 {
		v.l.Str(" ~ not all: ")
		v.l.Str(why)
		v.l.Byte('\n')
	}
}

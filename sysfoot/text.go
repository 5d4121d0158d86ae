package sysfoot

import (
	"libsystrap/footprint"
	"libsystrap/systrap"
)

// putText writes a range as a line to read.
func putText(l *systrap.Line, r *footprint.Range, in place) {
	l.Str(" ~ ")
	l.Str(r.Dir.String())
	l.Byte(' ')
	l.Hex(r.Addr)
	l.Byte('+')
	l.Uint(r.Len)
	l.Str(" (")
	if r.Arg >= 0 {
		l.Str("arg")
		l.Int(int64(r.Arg))
		if r.Field != "" {
			l.Byte(' ')
		}
	} else if r.Field == "" {
		l.Str("no argument")
	}
	r.Path(l)
	l.Str(") ")
	groupName(l, in.group)
	notes(l, r)
	l.Byte('\n')
}

// notes are what else is known of a range.
func notes(l *systrap.Line, r *footprint.Range) {
	separator := "; "
	for i := range flagNames {
		f := &flagNames[i]
		if r.Has(f.flag) {
			l.Str(separator)
			l.Str(f.text)
			separator = ", "
		}
	}
	if r.Pid != 0 && !r.Has(footprint.ByPidfd) {
		l.Str(separator)
		l.Str("of process ")
		l.Int(int64(r.Pid))
	} else if r.Pid != 0 {
		l.Str(separator)
		l.Str("of the process of pidfd ")
		l.Int(int64(r.Pid))
	}
}

var flagNames = [...]struct {
	flag       footprint.Flags
	text, json string
}{
	{footprint.MayChange, "may have changed", "may_have_changed"},
	{footprint.Bound, "at most", "at_most"},
	{footprint.Cut, "cut", "cut"},
	{footprint.AtLeast, "or more", "or_more"},
	{footprint.Keeps, "bytes stay", "bytes_stay"},
	{footprint.InChild, "of the child", "of_the_child"},
}

// putLibsystrap writes a range as libsystrap's trace-sysfoot does (write-footprints.c), which has no word for
// mappings, nor for what is used when the call has returned.
func putLibsystrap(l *systrap.Line, r *footprint.Range, call string) {
	dir := "read"
	switch r.Dir {
	case footprint.Writes, footprint.WritesLater:
		dir = "write"
	case footprint.Maps:
		return
	}
	l.Str("footprint: ")
	l.Str(dir)
	l.Str(" base=0x")
	l.HexDigits(r.Addr, 16)
	l.Str(" n=0x")
	l.HexDigits(r.Len, 16)
	l.Str(" syscall=")
	l.Str(call)
	l.Byte('\n')
}

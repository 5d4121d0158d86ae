package sysfoot

import (
	"libsystrap/footprint"
	"libsystrap/systrap"
	"libsystrap/tracetool"
	"libsystrap/tracetool/text"
)

// A call's line of JSON. docs/FOOTPRINTS.md has the fields.

// lineRoom is what a line of JSON has besides the call's text and the ranges, in bytes.
const lineRoom = 512

// begin writes all up to the ranges. It returns false if there is no room for it.
func (v *view) begin(p *text.Printer) bool {
	line := p.Rec[:p.Base]
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if v.l.Room() < lineRoom+escapedSize(line) {
		if !v.last {
			return false
		}
		line = line[:min(len(line), max(v.l.Room()-lineRoom, 0)/maxEscape)]
	}
	tracetool.BeginJSON(v.l, v.c, v.tid, p.Exit)
	v.l.Str(",\"line\":\"")
	escape(v.l, line)
	v.l.Str("\",\"ranges\":[")
	return true
}

func (v *view) end() {
	v.l.Byte(']')
	if v.moreN > 0 {
		v.l.Str(",\"more_reads\":{\"ranges\":")
		v.l.Uint(uint64(v.moreN))
		v.l.Str(",\"bytes\":")
		v.l.Uint(v.moreBytes)
		v.l.Byte('}')
	}
	if v.cut {
		v.l.Str(",\"cut\":true")
	}
	v.l.Str("}\n")
}

const maxEscape = 6

// escapedSize is how long the text of escape is.
func escapedSize(b []byte) int {
	n := len(b)
	for _, c := range b {
		switch {
		case c == '"' || c == '\\':
			n++
		case c < ' ' || c >= 0x7f:
			n += maxEscape - 1
		}
	}
	return n
}

// escape writes b as the inside of a JSON string (RFC 8259); bytes beyond ASCII as the characters of Latin-1.
func escape(l *systrap.Line, b []byte) {
	from := 0
	for i, c := range b {
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			continue
		}
		l.Raw(b[from:i])
		from = i + 1
		if c == '"' || c == '\\' {
			l.Byte('\\')
			l.Byte(c)
			continue
		}
		l.Str("\\u00")
		l.HexDigits(uint64(c), 2)
	}
	l.Raw(b[from:])
}

// putJSON writes a range as a JSON object. Its addresses are strings, as they are longer than what some readers' numbers hold.
func putJSON(l *systrap.Line, r *footprint.Range, in place) {
	l.Str("{\"dir\":\"")
	l.Str(r.Dir.String())
	l.Str("\",\"addr\":\"")
	l.Hex(r.Addr)
	l.Str("\",\"len\":")
	l.Uint(r.Len)
	l.Str(",\"arg\":")
	l.Int(int64(r.Arg))
	if r.Field != "" {
		l.Str(",\"path\":\"")
		r.Path(l)
		l.Byte('"')
	}
	l.Str(",\"in\":\"")
	var name [64]byte
	n := systrap.LineOn(name[:])
	groupName(&n, in.group)
	escape(l, n.Bytes())
	l.Byte('"')
	if in.end != 0 {
		l.Str(",\"map\":[\"")
		l.Hex(in.start)
		l.Str("\",\"")
		l.Hex(in.end)
		l.Str("\"]")
	}
	for i := range flagNames {
		if r.Has(flagNames[i].flag) {
			l.Str(",\"")
			l.Str(flagNames[i].json)
			l.Str("\":true")
		}
	}
	switch {
	case r.Has(footprint.ByPidfd):
		l.Str(",\"pidfd\":")
		l.Int(int64(r.Pid))
	case r.Pid != 0:
		l.Str(",\"pid\":")
		l.Int(int64(r.Pid))
	}
	l.Byte('}')
}

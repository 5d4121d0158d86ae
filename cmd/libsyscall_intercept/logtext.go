package main

import (
	"unsafe"

	"libsystrap/internal/ctext"
	"libsystrap/internal/dynsym"
	"libsystrap/systrap"
)

// object is what was loaded at the start.
type object struct {
	span
	name string
}

var (
	objects     [128]object
	objectCount int32
)

// findObjects notes what is loaded. What comes later has no name in the log.
func findObjects(p *systrap.Process) {
	for o := dynsym.First(); o != nil && int(objectCount) < len(objects); o = o.Next() {
		if o.Base == 0 {
			continue // a program that is not position independent: its headers are elsewhere
		}
		start, end := o.Bounds()
		at := &objects[objectCount]
		*at = object{span{uint64(start), uint64(end - start)}, ctext.CString(o.Name)}
		if at.name == "" && p.Path != 0 {
			at.name = ctext.CString((*byte)(pointer(p.Path)))
		}
		objectCount++
	}
}

// writePlace writes the object that pc is in, and where there.
func writePlace(l *systrap.Line, pc uint64) {
	for i := range objects[:objectCount] {
		if o := &objects[i]; o.has(pc) {
			l.Str(o.name)
			l.Byte(' ')
			l.Hex(pc - o.start)
			return
		}
	}
	l.Str("unknown ")
	l.Hex(pc)
}

func writePointer(l *systrap.Line, v uint64) {
	if v == 0 {
		l.Str("(null)")
		return
	}
	l.Str("0x")
	l.HexDigits(v, 16)
}

func writeMode(l *systrap.Line, v uint64) {
	l.Byte('0')
	l.OctDigits(v&0xffffffff, 1)
}

// longest is after how many characters of a text no more is shown.
const longest = 122

// writeText writes the text at addr, of n bytes, or up to its NUL if n is less than 0.
func writeText(l *systrap.Line, addr uint64, n int64) {
	if addr == 0 {
		l.Str("(null)")
		return
	}
	var buf [longest + 1]byte
	got, more := 0, false
	if n < 0 {
		k, ended := systrap.ReadString(buf[:], addr)
		got, more = k, !ended
	} else {
		want := int(min(n, int64(len(buf))))
		got, more = systrap.Read(buf[:want], addr), n > int64(len(buf))
		if got < want {
			got = -1
		}
	}
	if got < 0 {
		l.Hex(addr)
		return
	}
	l.Byte('"')
	start := l.Len()
	for _, b := range buf[:got] {
		if l.Len()-start >= longest {
			more = true
			break
		}
		writeByte(l, b)
	}
	if more {
		l.Str("...")
	}
	l.Byte('"')
}

func writeByte(l *systrap.Line, b byte) {
	switch {
	case b == '\n':
		l.Str("\\n")
	case b == '\r':
		l.Str("\\r")
	case b == '\t':
		l.Str("\\t")
	case b == 0:
		l.Str("\\0")
	case b == '"' || b == '\\':
		l.Byte('\\')
		l.Byte(b)
	case b >= ' ' && b < 0x7f:
		l.Byte(b)
	default:
		const digits = "0123456789abcdef"
		l.Str("\\x")
		l.Byte(digits[b>>4])
		l.Byte(digits[b&15])
	}
}

func addressOf(p *byte) uintptr { return uintptr(unsafe.Pointer(p)) }

func pointer(a uint64) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

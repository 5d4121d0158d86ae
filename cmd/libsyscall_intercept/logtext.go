package main

import (
	"unsafe"

	"golang.org/x/sys/unix"

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
	l.Hex(v)
}

// longest is how many bytes of a text are shown.
const longest = 120

// writeText writes the text at addr, of n bytes, or up to its NUL if n is less than 0.
func writeText(l *systrap.Line, addr uint64, n int64) {
	if addr == 0 {
		l.Str("(null)")
		return
	}
	var buf [longest]byte
	got, more := 0, false
	if n < 0 {
		k, ended := systrap.ReadString(buf[:], addr)
		got, more = k, !ended
	} else {
		want := int(min(n, longest))
		got, more = systrap.Read(buf[:want], addr), n > longest
		if got < want {
			got = -1
		}
	}
	if got < 0 {
		l.Hex(addr)
		return
	}
	l.Byte('"')
	for _, b := range buf[:got] {
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

// flag is the name of bits.
type flag struct {
	name string
	bits uint64
}

// cloneNames are the flags of clone(2) in the order of their names.
var cloneNames = [...]flag{
	{"CLONE_CHILD_CLEARTID", unix.CLONE_CHILD_CLEARTID}, {"CLONE_CHILD_SETTID", unix.CLONE_CHILD_SETTID}, {"CLONE_FILES", unix.CLONE_FILES},
	{"CLONE_FS", unix.CLONE_FS}, {"CLONE_PARENT_SETTID", unix.CLONE_PARENT_SETTID}, {"CLONE_SETTLS", unix.CLONE_SETTLS},
	{"CLONE_SIGHAND", unix.CLONE_SIGHAND}, {"CLONE_SYSVSEM", unix.CLONE_SYSVSEM}, {"CLONE_THREAD", unix.CLONE_THREAD},
	{"CLONE_VFORK", unix.CLONE_VFORK}, {"CLONE_VM", unix.CLONE_VM},
}

// openNames are the flags of open(2) in the order of their names.
var openNames = [...]flag{
	{"O_APPEND", unix.O_APPEND}, {"O_CLOEXEC", unix.O_CLOEXEC}, {"O_CREAT", unix.O_CREAT}, {"O_DIRECTORY", unix.O_DIRECTORY},
	{"O_DSYNC", unix.O_DSYNC}, {"O_EXCL", unix.O_EXCL}, {"O_NOCTTY", unix.O_NOCTTY}, {"O_NOFOLLOW", unix.O_NOFOLLOW},
	{"O_NONBLOCK", unix.O_NONBLOCK}, {"O_RSYNC", unix.O_RSYNC}, {"O_TRUNC", unix.O_TRUNC},
}

func writeOpenFlags(l *systrap.Line, v uint64) {
	switch v & unix.O_ACCMODE {
	case unix.O_RDONLY:
		l.Str("O_RDONLY")
	case unix.O_WRONLY:
		l.Str("O_WRONLY")
	case unix.O_RDWR:
		l.Str("O_RDWR")
	default:
		l.Str("O_ACCMODE")
	}
	writeNames(l, v&^unix.O_ACCMODE, openNames[:], true)
}

// writeNames writes the names of v's bits, and what has none; more says that it goes on.
func writeNames(l *systrap.Line, v uint64, names []flag, more bool) {
	rest := v
	for i := range names {
		if f := &names[i]; v&f.bits == f.bits {
			if more {
				l.Str(" | ")
			}
			l.Str(f.name)
			rest &^= f.bits
			more = true
		}
	}
	if rest != 0 {
		if more {
			l.Str(" | ")
		}
		l.Hex(rest)
	}
}

func addressOf(p *byte) uintptr { return uintptr(unsafe.Pointer(p)) }

func pointer(a uint64) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

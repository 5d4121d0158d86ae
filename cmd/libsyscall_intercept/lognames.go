package main

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
)

// Names of flags and constants in the log.

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
	rest := v &^ unix.O_ACCMODE
	if !hasTmpfile(rest) {
		writeNames(l, rest, openNames[:], true)
		return
	}
	writeNames(l, rest&^unix.O_TMPFILE, openNames[:], true)
	l.Str(" | O_TMPFILE")
}

func hasTmpfile(flags uint64) bool { return flags&unix.O_TMPFILE == unix.O_TMPFILE }

// takesMode says whether a file may be made by open with these flags, so that it is given a mode.
func takesMode(flags uint64) bool { return flags&unix.O_CREAT != 0 || hasTmpfile(flags) }

// accessNames are the bits of access(2) in the order of their names.
var accessNames = [...]flag{{"R_OK", 4}, {"W_OK", 2}, {"X_OK", 1}}

func writeAccess(l *systrap.Line, v uint64) {
	if v == 0 {
		l.Str("F_OK")
		return
	}
	writeNames(l, v, accessNames[:], false)
}

// nameOf returns the name of a constant, or "".
func nameOf(table names.ID, v uint64) string {
	for _, e := range names.Rows(table) {
		if e.Value == v {
			return e.Name.String()
		}
	}
	return ""
}

// writeConstant writes the name of v, or its value if it has none.
func writeConstant(l *systrap.Line, table names.ID, v uint64) {
	if name := nameOf(table, v); name != "" {
		l.Str(name)
		return
	}
	l.Hex(v)
}

// writeNamed writes v, and its name behind it.
func writeNamed(l *systrap.Line, table names.ID, v uint64) {
	name := nameOf(table, v)
	if name == "" {
		name = "unknown"
	}
	l.Int(int64(v))
	l.Str(" (")
	l.Str(name)
	l.Byte(')')
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
	if rest != 0 || !more {
		if more {
			l.Str(" | ")
		}
		l.Hex(rest)
	}
}

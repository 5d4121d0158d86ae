// Whoopens says of each file that is opened which function asked for it: the first
// on the stack that is not the C library's.
//
//	systrap build -o whoopens.so ./examples/whoopens
//	LD_PRELOAD=./whoopens.so ls
package main

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/unwind"
)

func main() {
	systrap.Run(systrap.Tool{Name: "whoopens", Init: start, Exit: exit})
}

func start(*systrap.Process) bool {
	if !unwind.Start() {
		systrap.Warn("no memory to look at stacks with; the program runs untraced")
		return false
	}
	return true
}

func exit(c *systrap.Call) {
	path := c.Args[0]
	switch c.Sysno {
	case unix.SYS_OPEN:
	case unix.SYS_OPENAT, unix.SYS_OPENAT2:
		path = c.Args[1]
	default:
		return
	}
	if !c.Failed() {
		report(c, path)
	}
}

// report writes one line. The buffer is on the program's stack, of which a tool may
// use some kilobytes (systrap's documentation).
func report(c *systrap.Call, path uint64) {
	var buf [1024]byte
	l := systrap.LineOn(buf[:len(buf)-1])
	l.Str("whoopens: ")
	var name [256]byte
	if n := systrap.FdPath(name[:], int(c.Result)); n > 0 {
		l.Raw(name[:n])
	} else if n, _ := systrap.ReadString(name[:], path); n > 0 {
		l.Raw(name[:n]) // no /proc, or a longer one
	}
	caller(c, &l)
	n := l.Len()
	buf[n] = '\n'
	systrap.Log(buf[:n+1])
}

// caller appends the function that the call is made for.
func caller(c *systrap.Call, l *systrap.Line) {
	var r systrap.Registers
	var w unwind.Walk
	if !c.Registers(&r) || !w.Begin(&r, false) {
		return
	}
	var f unwind.Frame
	for w.Next(&f) {
		if inLibc(f.File) {
			continue
		}
		l.Str(", by ")
		if f.Symbol != nil {
			l.Raw(f.Symbol)
			l.Str(" in ")
		}
		l.Raw(f.File)
		break
	}
	w.End() // File and Symbol are gone with it
}

// inLibc says whether a file is the C library.
func inLibc(file []byte) bool {
	base := 0
	for i, b := range file {
		if b == '/' {
			base = i + 1
		}
	}
	const libc = "libc.so"
	return len(file) >= base+len(libc) && string(file[base:base+len(libc)]) == libc
}

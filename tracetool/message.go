package tracetool

import (
	"libsystrap/internal/tracelog"
	"libsystrap/systrap"
)

// program is what messages about options begin with.
var program = "trace-syscalls"

// checked is set when systrap trace has looked at the options and said what
// there was to say.
var checked bool

// supervised is set when systrap trace waits for the program.
var supervised bool

// say writes a line about the options, made of parts.
func say(parts ...string) {
	if checked {
		return
	}
	var buf [1024]byte
	l := systrap.LineOn(buf[:len(buf)-1])
	l.Str(program)
	l.Str(": ")
	for _, p := range parts {
		l.Str(p)
	}
	n := l.Len()
	buf[n] = '\n'
	systrap.Log(buf[:n+1])
}

// warn writes a line about the trace that is no part of it: to standard error,
// or where the trace goes if that is standard error. What comes first is the
// name of the program.
//
//go:noinline
func warn(b []byte) {
	var buf [512]byte
	l := systrap.LineOn(buf[:])
	if opt.starter != "" {
		l.Str(opt.starter)
	} else {
		l.Str(program)
	}
	l.Str(": ")
	l.Raw(b)
	if opt.toFile {
		tracelog.ToStderr(l.Bytes())
	} else {
		systrap.Log(l.Bytes())
	}
}

// die says why the options cannot be used and returns false.
func die(parts ...string) bool {
	say(parts...)
	return false
}

// dieWithHelp is die with the hint at -h.
func dieWithHelp(parts ...string) bool {
	say(parts...)
	hint()
	return false
}

// hint writes what follows a message about a wrong command line.
func hint() {
	if checked {
		return
	}
	var buf [512]byte
	l := systrap.LineOn(buf[:])
	l.Str("Try '")
	l.Str(program)
	l.Str(" -h' for more information.\n")
	systrap.Log(l.Bytes())
}

// badArgument complains about the argument of the option that is known as
// --name, or if name is "" as -letter.
func badArgument(letter byte, name, arg string) bool {
	if name != "" {
		return dieWithHelp("invalid --", name, " argument: '", arg, "'")
	}
	i := int(letter)
	return dieWithHelp("invalid -", letters[i:i+1], " argument: '", arg, "'")
}

// letters holds every ASCII character at its own place.
const letters = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f" +
	" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f"

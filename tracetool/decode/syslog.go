package decode

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Actions of syslog(2).
const (
	syslogRead         = 2
	syslogReadAll      = 3
	syslogReadClear    = 4
	syslogConsoleLevel = 8
	syslogSizeBuffer   = 10
)

// syslog prints syslog(2): most actions do not look at the other arguments.
func syslog(p *text.Printer) text.Step {
	a := &p.C.Args
	action, size := int32(a[0]), int32(a[2])
	if !p.Cont {
		p.ValNotedDec(names.Syslog, int64(action))
	}
	switch {
	case action >= syslogRead && action <= syslogReadClear:
		if !p.Cont {
			p.Comma()
		}
		if !p.Exit {
			return text.Wait
		}
		if p.Failed() {
			p.Ptr(a[1])
		} else {
			p.Buf(a[1], uint64(p.C.Result))
		}
		p.Comma()
		p.Int(int64(size))
	case action == syslogConsoleLevel:
		p.Comma()
		p.Ptr(a[1])
		p.Comma()
		p.ValNotedDec(names.LogLevel, int64(size))
	case action >= 0 && action <= syslogSizeBuffer:
	default:
		p.Comma()
		p.Ptr(a[1])
		p.Comma()
		p.Int(int64(size))
	}
	return text.Last
}

package tracetool

// Actions of syslog(2).
const (
	syslogRead         = 2
	syslogReadAll      = 3
	syslogReadClear    = 4
	syslogConsoleLevel = 8
	syslogSizeBuffer   = 10
)

// syslog prints syslog(2): most actions do not look at the other arguments.
func (p *printer) syslog() step {
	a := &p.c.Args
	action, size := int32(a[0]), int32(a[2])
	if !p.cont {
		p.valNotedDec(xSyslog, int64(action))
	}
	switch {
	case action >= syslogRead && action <= syslogReadClear:
		if !p.cont {
			p.comma()
		}
		if !p.exit {
			return wait
		}
		if p.failed() {
			p.ptr(a[1])
		} else {
			p.buf(a[1], uint64(p.c.Result))
		}
		p.comma()
		p.Int(int64(size))
	case action == syslogConsoleLevel:
		p.comma()
		p.ptr(a[1])
		p.comma()
		p.valNotedDec(xLogLevel, int64(size))
	case action >= 0 && action <= syslogSizeBuffer:
	default:
		p.comma()
		p.ptr(a[1])
		p.comma()
		p.Int(int64(size))
	}
	return last
}

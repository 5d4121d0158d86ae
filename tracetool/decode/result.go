package tracetool

import "golang.org/x/sys/unix"

// result prints " = …", aligned to the column of -a.
func (p *printer) result(r ret) {
	p.Str(") ")
	p.Pad(look.column - p.base)
	p.Str("= ")
	if r == rNever && !p.injected {
		p.Byte('?')
		return
	}
	if p.failed() {
		if p.injected || !p.restarted() {
			p.failure(p.c.Errno())
		}
		return
	}
	v := p.c.Result
	if look.raw.has(p.c.Sysno) {
		p.hex(uint64(v))
		return
	}
	switch r {
	case rInt:
		p.Int(v)
	case rHex:
		p.hex(uint64(v))
	case rOct:
		p.mode(uint32(v))
	case rUint:
		p.Uint(uint64(v))
	case rNone:
		p.Byte('?')
	case rFd:
		p.fd(int32(v))
	case rPoll:
		p.Int(v)
		p.pollResult()
	case rSelect:
		p.Int(v)
		p.selectResult()
	case rFcntl:
		p.fcntlResult()
	case rPers:
		p.hex(uint64(v))
		p.Str(" (")
		p.personality(uint64(uint32(v)))
		p.Byte(')')
	case rTimex:
		p.Int(v)
		if s := name(xAdjState, uint64(v)); s != "" {
			p.Str(" (")
			p.Str(s)
			p.Byte(')')
		}
	case rPrctl:
		p.prctlResult()
	case rArchPrctl:
		p.archPrctlResult()
	case rTid, rTgid, rPgid, rSid:
		p.pidAs(int32(v), idKind(r-rTid))
	case rIoctl:
		p.ioctlResult()
	case rThreadArea:
		p.threadAreaResult()
	case rLandlock:
		if p.c.Args[2]&unix.LANDLOCK_CREATE_RULESET_VERSION != 0 {
			p.Int(v)
		} else {
			p.fd(int32(v))
		}
	case rLdt:
		// The kernel returns the int without its sign.
		p.Int(v)
		if e := -int32(v); v>>32 == 0 && e > 0 && e < 4096 {
			p.Byte(' ')
			p.errnoText(int(e))
		}
	case rSig:
		p.Int(v)
		if v > 0 && v <= nsig {
			p.Str(" (")
			p.sigWord(int32(v))
			p.Byte(')')
		}
	case rPrio:
		p.Int(v)
	case rIoprio:
		p.Int(v)
		if look.xlat != xlatRaw {
			p.Str(" (")
			p.ioprioText(uint32(v))
			p.Byte(')')
		}
	case rBpf:
		p.bpfResult()
	case rRecvmmsg:
		p.recvmmsgResult()
	case rKeyctl:
		p.Int(v)
	case rSched:
		p.Int(v)
		p.nameNote(xSched, uint64(v))
	case rTime:
		p.Int(v)
		p.Str(" (")
		p.iso(v, 0, 0)
		p.Byte(')')
	}
}

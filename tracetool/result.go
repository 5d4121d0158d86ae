package tracetool

import "golang.org/x/sys/unix"

// ret says how a result is printed.
type ret uint8

const (
	rInt       ret = iota // decimal
	rHex                  // an address, flags
	rOct                  // umask
	rUint                 // unsigned decimal
	rNone                 // "?"
	rFd                   // a descriptor
	rPoll                 // the ready descriptors follow
	rSelect               // likewise
	rFcntl                // depends on the command
	rPers                 // personality
	rTimex                // TIME_OK
	rPrctl                // depends on the option
	rArchPrctl            // likewise
	rSig                  // a signal
	rPrio                 // getpriority
	rIoprio               // ioprio_get
	rKeyctl               // depends on the operation
	rSched                // sched_getscheduler
	rTime                 // time
	rRecvmmsg             // what is left of the timeout follows
	rNever                // no return
)

// result prints " = …", aligned to the column of -a.
func (p *printer) result(r ret) {
	p.Str(") ")
	p.Pad(opt.column - p.base)
	p.Str("= ")
	if r == rNever {
		p.Byte('?')
		return
	}
	if p.c.Failed() {
		if p.c.Errno() != int(unix.EINTR) || !p.restarted() {
			p.failure(p.c.Errno())
		}
		return
	}
	v := p.c.Result
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
		p.hex(uint64(v))
		p.Str(" (")
		p.ioprio(uint32(v))
		p.Byte(')')
	case rRecvmmsg:
		p.recvmmsgResult()
	case rKeyctl:
		p.Int(v)
	case rSched:
		p.Int(v)
		p.Str(" (")
		p.sched(uint32(v))
		p.Byte(')')
	case rTime:
		p.Int(v)
		p.Str(" (")
		p.iso(v, 0, 0)
		p.Byte(')')
	}
}

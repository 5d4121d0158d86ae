package tracetool

import (
	"sync/atomic"
)

// prefix begins a line with the process and the time, as options say.
func (p *printer) prefix() {
	switch {
	case opt.separate, opt.noFollow:
	case opt.toFile:
		p.threadField(false)
		p.Byte(' ')
	case follow || pool != nil && pool.live.Load() > 0:
		p.Str("[pid ")
		p.threadField(true)
		p.Str("] ")
	}
	if opt.stamp != stampNone || opt.relative {
		p.timeField()
	}
	if p.c == nil {
		if opt.number {
			p.numberField(lastCall.Load())
		}
		if opt.pc && !p.atPC {
			p.Str("[????????????????] ")
		}
		return
	}
	if opt.number {
		lastCall.Store(p.c.Sysno)
		p.numberField(p.c.Sysno)
	}
	if opt.pc {
		p.pcField(p.c.PC + 2)
	}
}

// lastCall is the call that was printed last: -n repeats its number on the lines
// that are no call's.
var lastCall atomic.Int64

func (p *printer) numberField(nr int64) {
	p.Byte('[')
	p.padded(uint64(nr), 4, true)
	p.Str("] ")
}

// pcField prints the address that -i asks for.
func (p *printer) pcField(pc uint64) {
	p.Byte('[')
	p.HexDigits(pc, 16)
	p.Str("] ")
}

// threadField prints the thread of the line.
func (p *printer) threadField(right bool) {
	if p.shown == 0 {
		p.shown = outerTid(p.tid)
	}
	tid := p.shown
	if look.comm && tid > 0 {
		at := p.Len()
		p.padded(uint64(tid), 5, right)
		if !right {
			p.Truncate(at)
			p.Uint(uint64(tid))
		}
		p.comm(tid)
		return
	}
	p.padded(uint64(tid), 5, right)
}

// padded prints v at least w wide.
func (p *printer) padded(v uint64, w int, right bool) {
	pad := w - figures(v)
	for i := 0; right && i < pad; i++ {
		p.Byte(' ')
	}
	p.Uint(v)
	for i := 0; !right && i < pad; i++ {
		p.Byte(' ')
	}
}

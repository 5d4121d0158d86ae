package tracetool

import (
	"sync/atomic"

	"libsystrap/tracetool/text"
)

// prefix begins a line with the process and the time, as options say.
func prefix(p *text.Printer) {
	switch {
	case opt.separate, opt.noFollow && !opt.several:
	case opt.toFile:
		threadField(p, false)
		p.Byte(' ')
	case follow || opt.several || pool != nil && pool.live.Load() > 0:
		p.Str("[pid ")
		threadField(p, true)
		p.Str("] ")
	}
	if opt.stamp != stampNone || opt.relative {
		timeField(p)
	}
	if p.C == nil {
		if opt.number {
			numberField(p, lastCall.Load())
		}
		if opt.pc && !p.AtPC {
			p.Str("[????????????????] ")
		}
		return
	}
	if opt.number {
		lastCall.Store(p.C.Sysno)
		numberField(p, p.C.Sysno)
	}
	if opt.pc {
		pcField(p, p.C.PC+2)
	}
}

// lastCall is the call that was printed last: -n repeats its number on the lines
// that are no call's.
var lastCall atomic.Int64

func numberField(p *text.Printer, nr int64) {
	p.Byte('[')
	padded(p, uint64(nr), 4, true)
	p.Str("] ")
}

// pcField prints the address that -i asks for.
func pcField(p *text.Printer, pc uint64) {
	p.Byte('[')
	p.HexDigits(pc, 16)
	p.Str("] ")
}

// threadField prints the thread of the line.
func threadField(p *text.Printer, right bool) {
	if p.Shown == 0 {
		p.Shown = text.OuterTid(p.Tid)
	}
	tid := p.Shown
	if text.Opt.Comm && tid > 0 {
		at := p.Len()
		padded(p, uint64(tid), 5, right)
		if !right {
			p.Truncate(at)
			p.Uint(uint64(tid))
		}
		p.Comm(tid)
		return
	}
	padded(p, uint64(tid), 5, right)
}

// padded prints v at least w wide.
func padded(p *text.Printer, v uint64, w int, right bool) {
	at := p.Len()
	if right {
		p.Pad(at + w - figures(v))
	}
	p.Uint(v)
	p.Pad(at + w)
}

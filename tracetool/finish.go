package tracetool

import (
	"libsystrap/internal/clock"
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/text"
)

// publish says whether -e status= lets the line of a finished call through.
func publish(c *systrap.Call) bool {
	if c.Failed() {
		return opt.status.Has(statusFailed)
	}
	return opt.status.Has(statusSuccessful)
}

// tail is the room kept in a record for what follows the arguments.
const tail = 1024

// finishRecord prints the second part of a call and gives its record, which is
// busy, back.
func finishRecord(c *systrap.Call, k int, r *record, tid int) {
	var end int64
	if opt.duration {
		end = now(clock.Monotonic, tid)
	}
	if counts != nil {
		counts.count(c.Sysno, c.Failed(), since(r.counted, now(countClock(), tid)))
	}
	var in *injected
	if r.inj > 0 {
		in = &injections[r.inj-1]
		if doPokes(c, r.inj, true) {
			r.poked = true
		}
	}
	e := rest{k, c.User, int(r.n), true}
	if !staged() || publish(c) {
		if !staged() {
			e = r.rest(k, c.User, tid)
		}
		printEnd(c, k, e, tid, in, end)
	}
	e.free(tid)
	if in != nil {
		after(in, tid)
	}
}

// printEnd completes the line of record k, with its rest where e says.
func printEnd(c *systrap.Call, k int, e rest, tid int, in *injected, end int64) {
	r := &pool.head[k]
	row, ok := decode.Lookup(c.Sysno)
	var p text.Printer
	p.C, p.Tid, p.Rec, p.Kept = c, tid, textOf(e.k), &pool.kept[k]
	p.Exit, p.Cont, p.Arg, p.Saved = true, r.begun, int(r.arg), r.saved
	if e.whole {
		p.Base = e.n
		p.Line.Init(p.Rec[e.n : len(p.Rec)-tail])
	} else {
		interrupt(0)
		p.Line = systrap.LineOn(p.Rec[:len(p.Rec)-tail])
		prefix(&p)
		p.Str("<... ")
		decode.CallName(&p, row, ok)
		p.Str(" resumed>")
	}
	p.Success = in != nil && in.what&injectRetval != 0
	if r.begun {
		at := p.Base + p.Len()
		decode.Args(&p, row, true)
		for p.Overflow() && enlarge(e.k, e.h) {
			moved(&p, e.k, at, tail)
			p.Arg = int(r.arg)
			p.Saved = r.saved
			decode.Args(&p, row, true)
		}
	}
	if p.Overflow() {
		// Arguments are cut before the result is.
		p.Base += p.Len()
		p.Line = systrap.LineOn(p.Rec[p.Base:])
		p.Str("...")
	}
	p.Injected = in != nil && in.what&(injectError|injectRetval) != 0
	decode.Result(&p, row.Result)
	switch {
	case p.Injected && r.poked:
		p.Str(" (INJECTED: args, retval)")
	case r.poked:
		p.Str(" (INJECTED: args)")
	case p.Injected:
		p.Str(" (INJECTED)")
	}
	if in != nil && in.what&(injectDelayEnter|injectDelayExit) != 0 {
		p.Str(" (DELAYED)")
	}
	if opt.duration {
		duration(&p, r.start, end)
	}
	p.Byte('\n')
	if opt.dumps {
		p.Base += p.Len()
		p.Line = systrap.LineOn(p.Rec[p.Base:])
		dump(&p)
	}
	if opt.stack {
		p.Base += p.Len()
		p.Line = systrap.LineOn(p.Rec[p.Base:])
		callers(&p)
	}
	from := 0
	if extended(c.Sysno) {
		from = extend(&p, k, e)
	}
	emit(p.Rec[from:p.Base+p.Len()], tid)
}

// detach ends the line of an execve with which the program is left alone (-b).
func detach(c *systrap.Call, k int, r *record, tid int) {
	e := rest{k, c.User, int(r.n), true}
	if !staged() {
		e = r.rest(k, c.User, tid)
	}
	if (!staged() || opt.status.Has(statusDetached)) && !onlyJSON() {
		p := text.Printer{C: c, Tid: tid, Base: e.n, Rec: textOf(e.k)}
		if e.whole {
			p.Line = systrap.LineOn(p.Rec[e.n:])
		} else {
			interrupt(0)
			p.Base = 0
			p.Line = systrap.LineOn(p.Rec)
			prefix(&p)
			p.Str("<... ")
			p.Str(abi.Calls[c.Sysno].Name)
			p.Str(" resumed>")
		}
		p.Str(" <detached ...>\n")
		emit(p.Rec[:p.Base+p.Len()], tid)
	}
	e.free(tid)
	c.User = unprinted
}

// small prints a whole line from the stack, for want of a record; it may have
// to be cut.
//
//go:noinline
func small(c *systrap.Call, exited bool) {
	if onlyJSON() {
		smallJSON(c, exited)
		return
	}
	var buf [512]byte
	row, ok := decode.Lookup(c.Sysno)
	p := text.Printer{C: c, Exit: exited, Tid: systrap.Tid()}
	p.Line = systrap.LineOn(buf[:len(buf)-1])
	prefix(&p)
	decode.Title(&p, row, ok)
	if !decode.RawArgs(&p, row) {
		decode.Args(&p, row, false)
	}
	if exited {
		decode.Result(&p, row.Result)
	} else {
		p.Str(") ")
		p.Pad(text.Opt.Column)
		p.Str("= ?")
	}
	n := p.Len()
	buf[n] = '\n'
	emit(buf[:n+1], p.Tid)
}

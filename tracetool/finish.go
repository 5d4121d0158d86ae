package tracetool

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// publish says whether -e status= lets the line of a finished call through.
func publish(c *systrap.Call) bool {
	if c.Failed() {
		return opt.status.has(statusFailed)
	}
	return opt.status.has(statusSuccessful)
}

// tail is the room kept in a record for what follows the arguments.
const tail = 1024

// finishRecord prints the second part of a call and gives its record, which is
// busy, back.
func finishRecord(c *systrap.Call, k int, r *record, tid int) {
	var end unix.Timespec
	if opt.duration {
		now(unix.CLOCK_MONOTONIC, &end)
	}
	if counts != nil {
		var cpu unix.Timespec
		now(countClock(), &cpu)
		counts.count(c.Sysno, c.Failed(), &r.cpu, &cpu)
	}
	var in *injected
	if r.inj > 0 {
		in = &injections[r.inj-1]
		if doPokes(c, r.inj, true) {
			r.poked = true
		}
	}
	if !staged() || publish(c) {
		printEnd(c, k, r, tid, in, &end)
	}
	r.free(c.User, tid)
	if in != nil {
		after(in, tid)
	}
}

// printEnd completes the line.
func printEnd(c *systrap.Call, k int, r *record, tid int, in *injected, end *unix.Timespec) {
	row, ok := lookup(c.Sysno)
	p := printer{c: c, exit: true, cont: r.begun, arg: int(r.arg), saved: r.saved, tid: tid, rec: textOf(k), kept: &pool.kept[k]}
	if staged() || closeLine(c.User, r) {
		p.base = int(r.n)
		p.Line = systrap.LineOn(p.rec[r.n : len(p.rec)-tail])
	} else {
		interrupt(0)
		p.Line = systrap.LineOn(p.rec[:len(p.rec)-tail])
		p.prefix()
		p.Str("<... ")
		p.callName(row, ok)
		p.Str(" resumed>")
	}
	p.success = in != nil && in.what&injectRetval != 0
	if r.begun {
		at := p.base + p.Len()
		p.args(row, true)
		for p.Overflow() && enlarge(k, c.User) {
			p.moved(k, at, tail)
			p.arg = int(r.arg)
			p.saved = r.saved
			p.args(row, true)
		}
	}
	if p.Overflow() {
		// Arguments are cut before the result is.
		p.base += p.Len()
		p.Line = systrap.LineOn(p.rec[p.base:])
		p.Str("...")
	}
	p.injected = in != nil && in.what&(injectError|injectRetval) != 0
	p.result(row.ret)
	switch {
	case p.injected && r.poked:
		p.Str(" (INJECTED: args, retval)")
	case r.poked:
		p.Str(" (INJECTED: args)")
	case p.injected:
		p.Str(" (INJECTED)")
	}
	if in != nil && in.what&(injectDelayEnter|injectDelayExit) != 0 {
		p.Str(" (DELAYED)")
	}
	if opt.duration {
		p.duration(&r.start, end)
	}
	p.Byte('\n')
	if !opt.read.empty() || !opt.write.empty() {
		p.base += p.Len()
		p.Line = systrap.LineOn(p.rec[p.base:])
		p.dump()
	}
	if opt.stack {
		p.base += p.Len()
		p.Line = systrap.LineOn(p.rec[p.base:])
		p.callers()
	}
	emit(p.rec[:p.base+p.Len()], tid)
}

// detach ends the line of an execve with which the program is left alone (-b).
func detach(c *systrap.Call, k int, r *record, tid int) {
	if !staged() || opt.status.has(statusDetached) {
		p := printer{c: c, tid: tid, base: int(r.n), rec: textOf(k)}
		if staged() || closeLine(c.User, r) {
			p.Line = systrap.LineOn(p.rec[r.n:])
		} else {
			interrupt(0)
			p.base = 0
			p.Line = systrap.LineOn(p.rec)
			p.prefix()
			p.Str("<... ")
			p.Str(calls[c.Sysno].name)
			p.Str(" resumed>")
		}
		p.Str(" <detached ...>\n")
		emit(p.rec[:p.base+p.Len()], tid)
	}
	r.free(c.User, tid)
	c.User = unprinted
}

// small prints a whole line from the stack, for want of a record; it may have
// to be cut.
//
//go:noinline
func small(c *systrap.Call, exited bool) {
	var buf [512]byte
	row, ok := lookup(c.Sysno)
	p := printer{c: c, exit: exited, tid: systrap.Tid()}
	p.Line = systrap.LineOn(buf[:len(buf)-1])
	p.prefix()
	p.title(row, ok)
	if !p.rawArgs(row) {
		p.args(row, false)
	}
	if exited {
		p.result(row.ret)
	} else {
		p.Str(") ")
		p.Pad(look.column)
		p.Str("= ?")
	}
	n := p.Len()
	buf[n] = '\n'
	emit(buf[:n+1], p.tid)
}

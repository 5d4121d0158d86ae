package tracetool

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/clock"
	"libsystrap/internal/core"
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
	"libsystrap/systrap/unwind"
	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/text"
)

// Tracer returns the tool that prints each call as strace does.
func Tracer() systrap.Tool {
	return systrap.Tool{Name: "trace-syscalls", Init: start, Enter: enter, Exec: exec, Exit: exit, Signal: signalled, Fini: finish, Leave: leave}
}

// follow says whether several processes may write: set once another thread or
// process has been made, or when this image was started by a traced one.
var follow bool

// firstTid is the thread that began this image.
var firstTid int

// followed says whether the calls of thread tid are printed at all.
func followed(tid int) bool { return !opt.noFollow || tid == firstTid }

func start(proc *systrap.Process) bool {
	if !parseOptions(proc.Options, proc.Execed) {
		return false
	}
	if opt.toFile {
		core.LaterOptions = " -A"
	}
	if proc.LogGone {
		reopen()
	}
	text.Flat, text.Strayed = &core.SameIDs, &core.IDsStrayed
	makePool()
	makeInjections()
	if opt.stack && !unwind.Start() {
		systrap.Warn("-k: cannot make memory for stacks, none are printed")
		opt.stack = false
	}
	firstTid = systrap.Tid()
	if !startSeparate(proc.Execed) {
		return false
	}
	startCounts()
	if readsClocks() || text.Opt.FdPaths {
		clock.Start()
	}
	follow = proc.Execed || proc.Others
	switch {
	case proc.Attached:
		stoppedBefore(proc.Stopped)
	case !proc.Execed, proc.Untold:
		firstExec(proc)
	case proc.Begun:
		resumedExec()
	}
	return true
}

// Values of Call.User besides handles of records.
const (
	unprinted = 1       // nothing is printed of the call
	counted   = 1 << 63 // -c: the call is only counted; with the time of its entry
	hit       = 1 << 62 // and something is injected
)

func enter(c *systrap.Call) systrap.Verdict {
	if isExec(c.Sysno) {
		core.NoFollow = !followed(systrap.Tid()) || opt.detach
	}
	if clock.TakenBy(c.Sysno, &c.Args) {
		clock.Lost()
	}
	v := begin(c)
	if makes(c.Sysno) {
		more()
	}
	return v
}

// passed passes a call that is not printed. The end of a thread has its line all the same.
func passed(c *systrap.Call) systrap.Verdict {
	if c.Sysno == unix.SYS_EXIT {
		threadExits(systrap.Tid(), int(c.Args[0]&0xff))
	}
	return systrap.Pass
}

// begin prints what is known of a call before it is made.
func begin(c *systrap.Call) systrap.Verdict {
	c.User = unprinted
	if !traced(c.Sysno) {
		return passed(c)
	}
	tid := systrap.Tid()
	if !followed(tid) {
		return passed(c)
	}
	row, ok := decode.Lookup(c.Sysno)
	if selectN > 0 && !selects(c, row) {
		return passed(c)
	}
	in := due(c.Sysno, tid)
	replaced := false
	if opt.count == countOnly {
		replaced = enterCounted(c, in, tid)
	} else if k, word := take(tid, c.SP); k >= 0 {
		replaced = enterPrinted(c, in, tid, row, ok, k, word)
	} else {
		replaced = enterWhole(c, in, tid)
	}
	if replaced {
		return systrap.Replace
	}
	return systrap.Pass
}

// enterCounted begins a call under -c.
func enterCounted(c *systrap.Call, in *injected, tid int) (replaced bool) {
	if counts == nil {
		return false
	}
	t := now(countClock(), tid)
	if c.Sysno == unix.SYS_RT_SIGRETURN {
		counts.count(c.Sysno, false, 0)
	}
	c.User = counted | uint64(t)&(hit-1)
	if in == nil {
		return false
	}
	c.User |= hit
	doPokes(c, injectBy[c.Sysno], false)
	return in.tamper(c, tid)
}

// enterWhole begins a call whose line is printed when it returns, for want of a
// record.
func enterWhole(c *systrap.Call, in *injected, tid int) (replaced bool) {
	c.User = 0
	if in != nil && in.tamper(c, tid) {
		return true
	}
	if c.NoReturn && !isExec(c.Sysno) {
		small(c, false)
	}
	return false
}

// enterPrinted begins a call's line in record k, whose owner's word is word.
//
//go:noinline
func enterPrinted(c *systrap.Call, in *injected, tid int, row *abi.Call, ok bool, k int, word uint64) (replaced bool) {
	r := &pool.head[k]
	r.n = 0
	r.inj = 0
	r.poked = false
	if in != nil {
		r.inj = injectBy[c.Sysno]
		r.poked = doPokes(c, r.inj, false)
	}
	c.User = handle(k, word)
	var p text.Printer // a composite literal would be made apart, and copied
	p.C, p.Tid, p.Rec, p.Kept = c, tid, ownText(k), &pool.kept[k]
	p.Line.Init(p.Rec[:len(p.Rec)-2*tail])
	prefix(&p)
	decode.Title(&p, row, ok)
	at := p.Len()
	if !decode.RawArgs(&p, row) {
		decode.Args(&p, row, false)
	}
	for p.Overflow() && enlarge(k, c.User) {
		moved(&p, k, at, 2*tail)
		p.Arg = 0
		p.Saved = [4]uint64{}
		decode.Args(&p, row, false)
	}
	if p.Arg < len(row.Args) {
		decode.Presave(&p, row)
	}
	if (c.NoReturn || killsItself(c)) && (in == nil || in.what&(injectError|injectRetval) == 0) && noReturn(&p, r, row) {
		c.User = unprinted
		r.free(word, tid)
		return false
	}
	r.saved = p.Saved
	r.sysno = c.Sysno
	r.arg = int32(p.Arg)
	r.begun = p.Arg < len(row.Args)
	if opt.duration {
		r.start = now(clock.Monotonic, tid)
	}
	if counts != nil {
		r.counted = now(countClock(), tid)
	}
	r.shown = int32(p.Shown)
	r.n = int32(p.Len())
	if p.Overflow() {
		r.n += int32(copy(p.Rec[r.n:], "..."))
	}
	if !staged() {
		interrupt(c.User)
	}
	set(&r.owner, word)
	return in != nil && in.tamper(c, tid)
}

// noReturn finishes the line of a call that does not come back; for the exec
// calls, which may fail, only Exec or Exit knows.
func noReturn(p *text.Printer, r *record, row *abi.Call) bool {
	show := !staged()
	switch p.C.Sysno {
	case unix.SYS_EXECVE, unix.SYS_EXECVEAT:
		return false
	case unix.SYS_RT_SIGRETURN:
		p.Str(") ")
		p.Pad(text.Opt.Column)
		p.Str("= ")
		decode.SigreturnResult(p)
		show = opt.status.Has(statusSuccessful)
		if counts != nil {
			counts.count(p.C.Sysno, false, 0)
		}
	default:
		p.Str(") ")
		p.Pad(text.Opt.Column)
		p.Str("= ?")
		show = opt.status.Has(statusUnfinished)
	}
	p.Byte('\n')
	if show {
		interrupt(0)
		callers(p)
		from := 0
		if extended(p.C.Sysno) {
			k := int(p.C.User>>32) - 1
			from = extend(p, k, rest{k: k, h: p.C.User})
		}
		emit(p.Rec[from:p.Base+p.Len()], p.Tid)
	}
	switch {
	case p.C.Sysno == unix.SYS_EXIT:
		threadExits(p.Tid, int(p.C.Args[0]&0xff))
	case opt.noFollow && !supervised && !p.C.NoReturn:
		killed(p.Tid, sigkill) // nobody else will
	}
	return true
}

func exit(c *systrap.Call) {
	if text.Opt.FdPaths {
		text.Returned(c.Sysno, &c.Args, c.Result, systrap.Tid())
	}
	if c.Child {
		born(c)
		return
	}
	switch c.Sysno {
	case unix.SYS_CLONE, unix.SYS_CLONE3, unix.SYS_FORK, unix.SYS_VFORK:
		if c.Failed() {
			fewer()
		}
	case unix.SYS_WAIT4, unix.SYS_WAITID:
		killedChild(c)
		reaped(c)
	}
	switch {
	case c.User == unprinted:
		return
	case c.User&counted != 0:
		exitCounted(c)
		return
	}
	tid := systrap.Tid()
	k, r := claim(c.User, tid)
	if r == nil {
		if !c.NotMade && !(isExec(c.Sysno) && whole(c, tid)) {
			small(c, true)
		}
		return
	}
	if c.NotMade && (staged() || r.withdraw(c.User)) {
		r.free(c.User, tid)
		return // strace sees nothing of it
	}
	finishRecord(c, k, r, tid)
}

// exitCounted ends a call under -c.
func exitCounted(c *systrap.Call) {
	if c.NotMade {
		return
	}
	tid := systrap.Tid()
	counts.count(c.Sysno, c.Failed(), since(int64(c.User&(hit-1)), now(countClock(), tid)))
	if c.User&hit != 0 {
		doPokes(c, injectBy[c.Sysno], true)
		after(&injections[injectBy[c.Sysno]-1], tid)
	}
}

// after does what is injected behind a call.
func after(in *injected, tid int) {
	if in.what&injectDelayExit != 0 {
		pause(&in.delayExit)
	}
	in.raise(tid)
}

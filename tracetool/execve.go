package tracetool

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/text"
)

// isExec says whether a call executes a program.
func isExec(nr int64) bool { return nr == unix.SYS_EXECVE || nr == unix.SYS_EXECVEAT }

// exec prints the line of an execve that will succeed as far as the library
// can tell: nothing of this image is left to print it afterwards. Where that is in doubt the line
// is left unfinished, for the new image to resume, or for Exit.
func exec(c *systrap.Call) {
	tid := systrap.Tid()
	if opt.detach && followed(tid) {
		pid := systrap.Pid()
		if systrap.Vforked() {
			pid = tid
		}
		saysDetached(int64(pid))
	}
	switch {
	case c.User == unprinted:
		return
	case c.User&counted != 0:
		if !opt.detach && !c.Doubtful {
			old := c.Result
			c.Result = 0 // what was there is no result of this call
			exitCounted(c)
			c.Result = old
			c.User = unprinted
		}
		return
	}
	k, r := claim(c.User, tid)
	if r == nil {
		if !c.Doubtful {
			old := c.Result
			c.Result = 0
			small(c, true)
			c.Result = old
		}
		return
	}
	switch {
	case opt.detach:
		detach(c, k, r, tid)
		return
	case c.Doubtful:
		interrupt(0)
		r.owner.Store(uint64(tid)<<32 | c.User&0xffffffff)
		return
	}
	if pid := systrap.Pid(); tid != pid && !systrap.Vforked() {
		// The thread's number becomes the first one's (execve(2)).
		supersede(c.User, pid, tid)
		tid = pid
		r.owner.Store(busy | uint64(tid)<<32 | c.User&0xffffffff)
	}
	old := c.Result
	c.Result = 0
	finishRecord(c, k, r, tid)
	c.Result = old
	c.User = 0
}

// resumedExec prints the end of the line of the execve that made this image, which the
// one before has left unfinished.
func resumedExec() {
	c := systrap.Call{Sysno: unix.SYS_EXECVE}
	if counts != nil {
		counts.count(c.Sysno, false, 0)
	}
	if !traced(c.Sysno) || opt.count == countOnly || onlyJSON() || !publish(&c) {
		return
	}
	row := &abi.Calls[unix.SYS_EXECVE]
	p := text.Printer{C: &c, Exit: true, Tid: systrap.Tid()}
	p.Line = systrap.LineOn(firstLine[:len(firstLine)-1])
	prefix(&p)
	p.Str("<... ")
	decode.CallName(&p, row, true)
	p.Str(" resumed>")
	decode.Result(&p, row.Result)
	n := p.Len()
	firstLine[n] = '\n'
	emit(firstLine[:n+1], p.Tid)
}

// whole prints the whole line of a finished call that has no record any more. It returns
// false if there is none for it.
func whole(c *systrap.Call, tid int) bool {
	k, word := take(tid, c.SP)
	if k < 0 {
		return false
	}
	row, ok := decode.Lookup(c.Sysno)
	enterPrinted(c, nil, tid, row, ok, k, word)
	k, r := claim(c.User, tid)
	if r != nil {
		finishRecord(c, k, r, tid)
	}
	return r != nil
}

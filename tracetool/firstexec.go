package tracetool

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// firstLine holds the line, as that of a record does.
var firstLine [64 << 10]byte

// firstExec prints the line of the execve that started the program, which was
// made before anything of ours existed: it is put together from what the kernel
// left on the stack.
func firstExec(proc *systrap.Process) {
	c := systrap.Call{Sysno: unix.SYS_EXECVE, Args: [6]uint64{proc.Path, proc.Args, proc.Env}}
	if counts != nil && traced(c.Sysno) {
		var t unix.Timespec
		counts.count(c.Sysno, false, &t, &t)
	}
	if !traced(c.Sysno) || opt.count == countOnly || !publish(&c) || !selects(&c, &calls[unix.SYS_EXECVE]) {
		return
	}
	p := printer{c: &c, tid: systrap.Tid()}
	p.Line = systrap.LineOn(firstLine[:len(firstLine)-1])
	p.prefix()
	row, _ := lookup(c.Sysno)
	p.title(row, true)
	p.arguments(row)
	p.result(row.ret)
	if opt.duration {
		var t unix.Timespec
		p.duration(&t, &t)
	}
	n := p.Len()
	firstLine[n] = '\n'
	emit(firstLine[:n+1], p.tid)
}

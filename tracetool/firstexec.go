package tracetool

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/core"
	"libsystrap/internal/sys"
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/text"
)

// firstLine holds the line, as that of a record does.
var firstLine [64 << 10]byte

// FailedExecLine writes the line of an execve that failed with errno to dst, if it
// is to be seen, and returns its length. It is for systrap trace, which makes that
// call: the arguments are addresses in its memory.
func FailedExecLine(dst []byte, path, argv, env uint64, errno int) int {
	c := systrap.Call{Sysno: unix.SYS_EXECVE, Args: [6]uint64{path, argv, env}, Result: -int64(errno)}
	opt.noFollow = !given.follow
	if !traced(c.Sysno) || opt.count == countOnly || onlyJSON() || !publish(&c) || selectN > 0 && !selects(&c, &abi.Calls[unix.SYS_EXECVE]) {
		return 0
	}
	return execLine(dst, &c, systrap.Pid(), 0)
}

// execLine writes the whole line of an execve to dst and returns its length. envAt is Printer.EnvAt.
func execLine(dst []byte, c *systrap.Call, tid int, envAt uint64) int {
	row := &abi.Calls[unix.SYS_EXECVE]
	p := text.Printer{C: c, Tid: tid, EnvAt: envAt}
	p.Line = systrap.LineOn(dst[:len(dst)-1])
	prefix(&p)
	decode.Title(&p, row, true)
	decode.Arguments(&p, row)
	decode.Result(&p, row.Result)
	if opt.duration {
		duration(&p, 0, 0)
	}
	n := p.Len()
	dst[n] = '\n'
	return n + 1
}

// ExitLine writes the line of a process's end to dst, if there is to be one, and
// returns its length.
func ExitLine(dst []byte, pid, status int) int {
	if opt.quiet.Has(quietExit) || opt.count == countOnly {
		return 0
	}
	p := text.Printer{Tid: pid}
	p.Line = systrap.LineOn(dst)
	exitLine(&p, status)
	return p.Len()
}

// firstExec prints the line of the execve that started the program, which was
// made before anything of ours existed: it is put together from what the kernel
// left on the stack.
func firstExec(proc *systrap.Process) {
	c := systrap.Call{Sysno: unix.SYS_EXECVE, Args: [6]uint64{proc.Path, proc.Args, proc.Env}}
	if counts != nil && traced(c.Sysno) {
		counts.count(c.Sysno, false, 0)
	}
	if !traced(c.Sysno) || opt.count == countOnly || onlyJSON() || !publish(&c) || !selects(&c, &abi.Calls[unix.SYS_EXECVE]) {
		return
	}
	tid := systrap.Tid()
	x := core.FirstExec()
	if x == nil {
		emit(firstLine[:execLine(firstLine[:], &c, tid, 0)], tid)
		return
	}
	var slot *uintptr
	old := uintptr(0)
	if text.Opt.Raw.Has(c.Sysno) {
		c.Args = [6]uint64{uint64(x.Path), uint64(x.Argv), uint64(x.Envp)}
	} else if argc := *(*uintptr)(sys.Ptr(uintptr(proc.Args) - 8)); x.Argc <= argc {
		// The given arguments are the last ones, and the first of them is put back for the moment where a script's path is.
		c.Args[1] += uint64(argc-x.Argc) * 8
		if x.Argc > 0 {
			slot = (*uintptr)(sys.Ptr(uintptr(c.Args[1])))
			old, *slot = *slot, x.Arg0
		}
	}
	emit(firstLine[:execLine(firstLine[:], &c, tid, uint64(x.Envp))], tid)
	if slot != nil {
		*slot = old
	}
}

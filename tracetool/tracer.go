package tracetool

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// Tracer returns the tool that prints each call as strace does.
func Tracer() systrap.Tool {
	return systrap.Tool{Name: "trace-syscalls", Init: start, Enter: enter, Exec: exec, Exit: exit, Fini: finish}
}

// follow says whether several processes may write: set once another thread or
// process has been made, or when this image was started by a traced one.
var follow bool

// firstTid is the thread that began this image.
var firstTid int

// followed says whether the calls of the calling thread are printed at all.
func followed() bool { return !opt.noFollow || systrap.Tid() == firstTid }

func start(proc *systrap.Process) bool {
	if !parseOptions(proc.Options, proc.Execed) {
		return false
	}
	makePool()
	firstTid = systrap.Tid()
	follow = proc.Execed
	if !proc.Execed {
		firstExec()
	}
	return true
}

// prefix begins a line with the process and the time, as options say.
func (p *printer) prefix() { p.prefixOf(systrap.Tid()) }

func (p *printer) prefixOf(tid int) {
	switch {
	case opt.toFile && opt.noFollow:
	case opt.toFile:
		p.padded(uint64(tid), false)
		p.Byte(' ')
	case follow || pool != nil && pool.live.Load() > 0:
		p.Str("[pid ")
		p.padded(uint64(tid), true)
		p.Str("] ")
	}
	if opt.stamp != 0 {
		p.stamp()
	}
	if p.c == nil {
		return
	}
	if opt.number {
		p.Byte('[')
		for w := uint64(1000); w > 1 && uint64(p.c.Sysno) < w; w /= 10 {
			p.Byte(' ')
		}
		p.Uint(uint64(p.c.Sysno))
		p.Str("] ")
	}
	if opt.pc {
		p.Byte('[')
		p.HexDigits(p.c.PC+2, 16)
		p.Str("] ")
	}
}

// padded prints v at least five wide.
func (p *printer) padded(v uint64, right bool) {
	w := 1
	for t := v; t >= 10; t /= 10 {
		w++
	}
	for i := w; right && i < 5; i++ {
		p.Byte(' ')
	}
	p.Uint(v)
	for i := w; !right && i < 5; i++ {
		p.Byte(' ')
	}
}

// title prints the call's name and the parenthesis.
func (p *printer) title(r *row, ok bool) {
	if ok {
		p.Str(r.name)
	} else {
		p.Str("syscall_")
		p.hex(uint64(p.c.Sysno))
	}
	p.Byte('(')
}

func enter(c *systrap.Call) systrap.Verdict {
	if !traced(c.Sysno) || !followed() {
		return systrap.Pass
	}
	tid := systrap.Tid()
	k, word := take(tid, c.SP)
	if k < 0 {
		if c.NoReturn {
			small(c, false)
		}
		return systrap.Pass
	}
	r := &pool.head[k]
	r.n = 0
	c.User = handle(k, word)
	p := printer{c: c}
	p.Line = systrap.LineOn(pool.text[k][:slotText-2*tail])
	p.prefix()
	row, ok := lookup(c.Sysno)
	p.title(row, ok)
	p.args(row, false)
	if p.arg < len(row.args) {
		p.presave(row)
	}
	if c.NoReturn && noReturn(&p, r, row) {
		c.User = 0
		r.owner.CompareAndSwap(word, 0)
		return systrap.Pass
	}
	r.saved = p.saved
	r.sysno = c.Sysno
	r.arg = int32(p.arg)
	r.begun = p.arg < len(row.args)
	if opt.duration {
		now(unix.CLOCK_MONOTONIC, &r.start)
	}
	r.n = int32(p.Len())
	if p.Overflow() {
		r.n += int32(copy(pool.text[k][r.n:], "..."))
	}
	if opt.status == statusAll {
		interrupt(c.User)
	}
	return systrap.Pass
}

// noReturn finishes the line of a call that does not come back; for the exec
// calls, which may fail, only Exec or Exit knows.
func noReturn(p *printer, r *record, row *row) bool {
	switch p.c.Sysno {
	case unix.SYS_EXECVE, unix.SYS_EXECVEAT:
		return false
	case unix.SYS_RT_SIGRETURN:
		p.Str(") ")
		p.Pad(opt.column)
		p.Str("= ")
		p.sigreturnResult()
	default:
		p.Str(") ")
		p.Pad(opt.column)
		p.Str("= ?")
	}
	p.Byte('\n')
	if opt.status == statusAll {
		interrupt(0)
		systrap.Log(p.Bytes())
	}
	if p.c.Sysno == unix.SYS_EXIT {
		gone.Store(int64(systrap.Tid()))
		exited(int(p.c.Args[0] & 0xff))
		fewer()
	}
	return true
}

// presave keeps what the kernel is about to overwrite: the lengths that
// buffers have.
func (p *printer) presave(row *row) {
	for i, k := range row.args {
		switch k {
		case kSocklenOut, kOptlenOut:
			var n uint32
			if peekU32(&n, p.c.Args[i]) {
				p.saved[0] = uint64(n)
			}
		case kMsghdrOut:
			var n uint32
			if peekU32(&n, p.c.Args[i]+8) {
				p.saved[0] = uint64(n)
			}
		case kMmsgOut:
			p.presaveMmsg()
		case kFhandle:
			var n uint32
			if peekU32(&n, p.c.Args[i]) {
				p.saved[0] = uint64(n)
			}
		}
	}
}

func exit(c *systrap.Call) {
	if c.Child {
		return
	}
	if made(c) {
		pool.live.Add(1)
	} else if c.Sysno == unix.SYS_WAIT4 && c.Result > 0 || c.Sysno == unix.SYS_WAITID && c.Result == 0 {
		fewer()
	}
	if !traced(c.Sysno) || !followed() {
		return
	}
	k, r := find(c.User, systrap.Tid())
	if r == nil {
		small(c, true)
		return
	}
	finishRecord(c, k, r)
}

// exec prints the line of an execve that will succeed as far as the library
// can tell: nothing of this image is left to print it afterwards. If it fails
// all the same, Exit prints a second line.
func exec(c *systrap.Call) {
	systrap.NoFollow = !followed()
	if !traced(c.Sysno) {
		return
	}
	k, r := find(c.User, systrap.Tid())
	if r == nil {
		return
	}
	old := c.Result
	c.Result = 0
	finishRecord(c, k, r)
	c.Result = old
	c.User = 0
}

// fewer counts a thread that has ended or a child that has been waited for.
func fewer() {
	for pool != nil {
		n := pool.live.Load()
		if n <= 0 || pool.live.CompareAndSwap(n, n-1) {
			return
		}
	}
}

// tail is the room kept in a record for what follows the arguments.
const tail = 1024

// made says whether c made a thread or process.
func made(c *systrap.Call) bool {
	switch c.Sysno {
	case unix.SYS_CLONE, unix.SYS_CLONE3, unix.SYS_FORK, unix.SYS_VFORK:
		return c.Result > 0 && pool != nil
	}
	return false
}

// finishRecord prints the second part of a call and gives its record back.
func finishRecord(c *systrap.Call, k int, r *record) {
	row, ok := lookup(c.Sysno)
	p := printer{c: c, exit: true, cont: r.begun, arg: int(r.arg), saved: r.saved}
	owner := opt.status != statusAll || closeLine(c.User, r)
	if owner {
		p.base = int(r.n)
		p.Line = systrap.LineOn(pool.text[k][r.n : slotText-tail])
	} else {
		interrupt(0)
		p.Line = systrap.LineOn(pool.text[k][:slotText-tail])
		p.prefix()
		p.Str("<... ")
		if ok {
			p.Str(row.name)
		} else {
			p.Str("syscall_")
			p.hex(uint64(c.Sysno))
		}
		p.Str(" resumed>")
	}
	if r.begun {
		p.args(row, true)
	}
	if p.Overflow() {
		// Arguments are cut before the result is.
		p.base += p.Len()
		p.Line = systrap.LineOn(pool.text[k][p.base:slotText])
		p.Str("...")
	}
	p.result(row.ret)
	if opt.duration {
		p.duration(&r.start)
	}
	p.Byte('\n')
	if opt.status == statusAll || (opt.status == statusOK) != c.Failed() {
		systrap.Log(pool.text[k][:p.base+p.Len()])
	}
	word := uint64(systrap.Tid())<<32 | c.User&0xffffffff
	r.owner.CompareAndSwap(word, 0)
}

// small prints a whole line from the stack, for want of a record; it may have
// to be cut.
//
//go:noinline
func small(c *systrap.Call, exited bool) {
	var buf [512]byte
	row, ok := lookup(c.Sysno)
	p := printer{c: c, exit: exited}
	p.Line = systrap.LineOn(buf[:len(buf)-1])
	p.prefix()
	p.title(row, ok)
	p.args(row, false)
	if exited {
		p.result(row.ret)
	} else {
		p.Str(") ")
		p.Pad(opt.column)
		p.Str("= ?")
	}
	n := p.Len()
	buf[n] = '\n'
	systrap.Log(buf[:n+1])
}

// exited prints the line that a thread's or process's end has.
func exited(status int) {
	if opt.quiet || !followed() {
		return
	}
	var buf [128]byte
	var p printer
	p.Line = systrap.LineOn(buf[:])
	p.prefix()
	p.Str("+++ exited with ")
	p.Int(int64(status))
	p.Str(" +++\n")
	systrap.Log(p.Bytes())
}

func finish(status int) {
	if !followed() {
		return
	}
	if gone.Load() != int64(systrap.Tid()) {
		exited(status)
	}
	if pool != nil && !systrap.Vforked() {
		others(status)
	}
}

// others ends the lines of the process's other threads, which die where they
// are.
func others(status int) {
	self := systrap.Tid()
	for k := range pool.head {
		r := &pool.head[k]
		word := r.owner.Load()
		tid := int(word >> 32)
		if word == 0 || tid == self {
			continue
		}
		if systrap.Syscall(unix.SYS_TGKILL, uintptr(systrap.Pid()), uintptr(tid), 0, 0, 0, 0) != 0 {
			continue
		}
		if !r.owner.CompareAndSwap(word, uint64(self)<<32|word&0xffffffff) {
			continue
		}
		cutShort(k, r, tid, status, word)
		fewer()
		r.owner.Store(0)
	}
}

// cutShort prints what is left to say of a call that will not return.
func cutShort(k int, r *record, tid, status int, word uint64) {
	var p printer
	p.Line = systrap.LineOn(pool.text[k][:slotText-64])
	if pool.open.CompareAndSwap(handle(k, word), 0) {
		p.Line = systrap.LineOn(pool.text[k][r.n : slotText-64])
		p.base = int(r.n)
	} else {
		p.prefixOf(tid)
		p.Str("<... ")
		if row, ok := lookup(r.sysno); ok {
			p.Str(row.name)
		}
		p.Str(" resumed>")
	}
	p.Str(") ")
	p.Pad(opt.column - p.base)
	p.Str("= ?\n")
	if !opt.quiet {
		p.prefixOf(tid)
		p.Str("+++ exited with ")
		p.Int(int64(status))
		p.Str(" +++\n")
	}
	systrap.Log(pool.text[k][:p.base+p.Len()])
}

// gone is the thread whose end has been printed last.
var gone atomic.Int64

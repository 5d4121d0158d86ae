package tracetool

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/core"
	"libsystrap/internal/ownfd"
	"libsystrap/systrap"
	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/text"
)

// makes says whether call nr makes a thread or process.
func makes(nr int64) bool {
	switch nr {
	case unix.SYS_CLONE, unix.SYS_CLONE3, unix.SYS_FORK, unix.SYS_VFORK:
		return pool != nil
	}
	return false
}

// more counts a thread or process that is being made: before it is, so that its
// own first line has the prefix that several have.
func more() { pool.live.Add(1) }

// attached says, as strace does, that a new thread or process is followed.
func attached(pid int64) {
	if !opt.noFollow {
		about(pid, " attached\n")
	}
}

// about says what strace says of a process when it comes or goes.
func about(pid int64, what string) {
	if opt.starter == "" || opt.toFile || opt.quiet.Has(quietAttach) {
		return
	}
	var buf [512]byte
	l := systrap.LineOn(buf[:])
	l.Str(opt.starter)
	l.Str(": Process ")
	l.Int(pid)
	l.Str(what)
	systrap.Log(l.Bytes())
}

// saysDetached says that a process is left alone from here on (-b), to who waits for the trace, too.
func saysDetached(pid int64) {
	if alive := ownfd.Get(ownfd.Alive); alive >= 0 {
		id := int32(pid)
		systrap.Syscall(unix.SYS_WRITE, uintptr(alive), uintptr(unsafe.Pointer(&id)), unsafe.Sizeof(id), 0, 0, 0)
	}
	if !opt.noFollow || int(pid) == firstTid {
		about(pid, " detached\n")
	}
}

// born runs in a new thread or process.
func born(c *systrap.Call) {
	switch {
	case c.CloneFlags&unix.CLONE_VM == 0:
		newProcess()
		text.ForgetLinks()
	case c.CloneFlags&unix.CLONE_THREAD == 0 && parentHere() <= 0:
		core.IDsStrayed = true
	}
	text.ForgetThread(systrap.Tid())
	attached(int64(systrap.Tid()))
	if counts != nil && followed(systrap.Tid()) {
		counts.join(int32(systrap.Pid()))
	}
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

// ends counts a process that is about to end, and notes it, so that its parent's
// wait does not count it again. A parent in another PID namespace does, as it
// knows it by another number.
func ends(pid int) {
	if pool == nil || pool.live.Load() == 0 || apart {
		return
	}
	for i := range pool.ended {
		if pool.ended[i].CompareAndSwap(0, int32(pid)) {
			fewer()
			return
		}
	}
}

// reaped counts a child that has been waited for, unless it has counted itself.
func reaped(c *systrap.Call) {
	pid := int32(c.Result)
	if c.Sysno == unix.SYS_WAITID {
		const atPid = 16 // si_pid
		var v uint32
		if c.Result != 0 || c.Args[3]&unix.WNOWAIT != 0 || !text.PeekUint32(&v, c.Args[2]+atPid) {
			return
		}
		pid = int32(v)
	}
	if pid <= 0 || pool == nil {
		return
	}
	for i := range pool.ended {
		if pool.ended[i].CompareAndSwap(pid, 0) {
			return
		}
	}
	fewer()
}

// gone is the thread whose end has been printed last.
var gone atomic.Int64

// leader is set when the first thread has ended and others go on: its status, in
// the upper half 1. Its end is the process's.
var leader atomic.Uint64

// threadExits prints what the exit of a thread has behind its line.
func threadExits(tid, status int) {
	gone.Store(int64(tid))
	if tid == systrap.Pid() {
		leader.Store(1<<32 | uint64(uint32(status)))
		return
	}
	exited(tid, status)
	fewer()
}

// leave ends the line that is under way, of a program that goes on untraced.
func leave(*systrap.Process) {
	if pool != nil && !opt.separate && !staged() && opt.status.Has(statusDetached) {
		interruptWith(0, " <detached ...>\n")
	}
	if counts != nil {
		counts.leave(int32(systrap.Pid()))
	}
}

// exited prints the line that a thread's or process's end has.
func exited(tid, status int) {
	if opt.quiet.Has(quietExit) || !followed(tid) || opt.count == countOnly {
		return
	}
	interrupt(0)
	var buf [256]byte
	p := text.Printer{Tid: tid}
	p.Line = systrap.LineOn(buf[:])
	exitLine(&p, status)
	emit(p.Bytes(), tid)
}

func exitLine(p *text.Printer, status int) {
	prefix(p)
	p.Str("+++ exited with ")
	p.Int(int64(status))
	p.Str(" +++\n")
}

func finish(status int) {
	tid := systrap.Tid()
	if !followed(tid) && !systrap.Vforked() && int(systrap.Pid()) != firstTid {
		return
	}
	if opt.noFollow && tid != firstTid && !systrap.Vforked() {
		// Another thread ends the first one, which is the only one that is seen.
		if pool != nil {
			others(status)
		}
		if d := dying.Load(); d != 0 {
			killed(firstTid, int(uint32(d)))
		} else {
			exited(firstTid, status)
		}
		leader.Store(0)
	} else if d := dying.Load(); d != 0 && int(d>>32) == tid {
		killed(tid, int(uint32(d)))
		if systrap.Vforked() {
			dying.Store(0) // it is the parent's variable
		}
	} else if gone.Load() != int64(tid) {
		exited(tid, status)
	}
	if l := leader.Load(); l != 0 && !systrap.Vforked() {
		leader.Store(0)
		exited(systrap.Pid(), status)
	}
	if pool != nil && !systrap.Vforked() {
		others(status)
	}
	ends(systrap.Pid())
	if counts != nil && counts.leave(int32(systrap.Pid())) && !checked {
		printCounts()
	}
}

// countText is for the table.
var countText [64 << 10]byte

// printCounts writes the table of -c at the end of the last process.
func printCounts() {
	if n := counts.Summary(countText[:]); n > 0 {
		systrap.Log(countText[:n])
	}
}

// others ends the lines of the process's other threads, which die where they
// are.
func others(status int) {
	self := systrap.Tid()
	for k := nextUsed(0); k < slots; k = nextUsed(k + 1) {
		r := &pool.head[k]
		word := r.owner.Load()
		tid := threadOf(word)
		if word == 0 || tid == self || !r.inSpace() {
			continue
		}
		if systrap.Syscall(unix.SYS_TGKILL, uintptr(systrap.Pid()), uintptr(tid), 0, 0, 0, 0) != 0 {
			continue
		}
		stolen, ok := r.steal(word&^busy, self)
		if !ok {
			continue
		}
		if cutShort(k, r, tid, status, !opt.noFollow) {
			r.owner.CompareAndSwap(stolen, 0)
		}
		fewer()
	}
}

// changePid ends the part of an execve's line that has the thread's number, if
// it has not been written yet.
func changePid(h uint64, pid int) {
	if opt.separate || staged() {
		return
	}
	var note [64]byte
	l := systrap.LineOn(note[:])
	l.Str(" <pid changed to ")
	l.Uint(uint64(pid))
	l.Str(" ...>\n")
	if pool.open.Load() == h {
		interruptWith(0, unsafe.String(&note[0], l.Len()))
	}
}

// supersede ends the lines of the threads that the execve of thread tid, whose
// record h is, ends; the thread takes over the number of the first one
// (execve(2)).
func supersede(h uint64, pid, tid int) {
	for k := nextUsed(0); k < slots; k = nextUsed(k + 1) {
		r := &pool.head[k]
		word := r.owner.Load()
		other := threadOf(word)
		if word == 0 || other == tid || !r.inSpace() || systrap.Syscall(unix.SYS_TGKILL, uintptr(pid), uintptr(other), 0, 0, 0, 0) != 0 {
			continue
		}
		stolen, ok := r.steal(word&^busy, tid)
		if !ok {
			continue
		}
		if cutShort(k, r, other, 0, other != pid) {
			r.owner.CompareAndSwap(stolen, 0)
		}
	}
	if opt.status.Has(statusSuccessful) {
		changePid(h, pid)
	}
	if opt.quiet.Has(quietThreadExecve) || !followed(pid) {
		return
	}
	interrupt(0)
	var buf [256]byte
	p := text.Printer{Tid: pid}
	p.Line = systrap.LineOn(buf[:])
	prefix(&p)
	p.Str("+++ superseded by execve in pid ")
	p.Uint(uint64(tid))
	p.Str(" +++\n")
	emit(p.Bytes(), pid)
}

// cutShort prints what is left to say of a call that will not return, whose record
// was stolen. It says whether that is still the caller's to free.
func cutShort(k int, r *record, tid, status int, ends bool) (ours bool) {
	e := rest{k, 0, int(r.n), true}
	if !staged() {
		e = r.rest(k, handle(k, r.owner.Load()), systrap.Tid())
	}
	room := textOf(e.k)
	room = room[:len(room)-256]
	p := text.Printer{Tid: tid, Shown: int(r.shown)}
	p.Line = systrap.LineOn(room)
	if e.whole {
		p.Line = systrap.LineOn(room[e.n:])
		p.Base = e.n
	} else {
		interrupt(0)
		prefix(&p)
		p.Str("<... ")
		if row, ok := decode.Lookup(r.sysno); ok {
			p.Str(row.Name)
		}
		p.Str(" resumed>")
	}
	if r.begun {
		p.Str(" <unfinished ...>")
	}
	p.Str(") ")
	p.Pad(text.Opt.Column - p.Base)
	p.Str("= ?\n")
	if !opt.status.Has(statusUnfinished) {
		p.Truncate(0)
		p.Line = systrap.LineOn(room)
		p.Base = 0
	}
	if ends && !opt.quiet.Has(quietExit) {
		if d := dying.Load(); d != 0 {
			killLine(&p, int(uint32(d)))
		} else {
			exitLine(&p, status)
		}
	}
	emit(room[:p.Base+p.Len()], tid)
	if e.k != k {
		e.free(systrap.Tid())
	}
	return e.k == k
}

package tracetool

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// dying is the signal that is about to end the process, and its thread's id in
// the upper half.
var dying atomic.Uint64

// signalled prints the line of a signal that the program is about to be given.
func signalled(s *systrap.Signal) {
	tid := systrap.Tid()
	if s.Fatal() {
		dying.Store(uint64(tid)<<32 | uint64(uint32(s.Signo)))
	}
	if !followed(tid) {
		return
	}
	if opt.count == countOnly || !opt.signals.has(int64(s.Signo)) {
		return
	}
	interrupt(0)
	if opt.stack && signalStack(s, tid) {
		return
	}
	var buf [1024]byte
	p := printer{tid: tid, atPC: true}
	p.Line = systrap.LineOn(buf[:])
	p.signalLine(s)
	emit(p.Bytes(), tid)
}

// signalStack prints a signal's line with the program's stack behind it (-k), if
// there is a record to make it in.
//
//go:noinline
func signalStack(s *systrap.Signal, tid int) bool {
	k, word := take(tid, 0)
	if k < 0 {
		return false
	}
	p := printer{tid: tid, atPC: true, rec: ownText(k)}
	p.Line = systrap.LineOn(p.rec)
	p.signalLine(s)
	var r systrap.Registers
	if s.Registers(&r) {
		p.stack(&r, true, false)
	}
	emit(p.rec[:p.base+p.Len()], tid)
	pool.head[k].free(word, tid)
	return true
}

func (p *printer) signalLine(s *systrap.Signal) {
	p.prefix()
	if opt.pc {
		p.pcField(s.PC)
	}
	p.Str("--- ")
	p.sigAlone(int32(s.Signo))
	p.Byte(' ')
	var info [32]int32
	if peek(unsafe.Pointer(&info), len(info)*4, s.Info) {
		p.siginfoText(&info)
		p.Byte(' ')
	}
	p.Str("---\n")
}

// killed prints the end of a process that a signal ends.
func killed(tid, sig int) {
	if opt.quiet.has(quietExit) || opt.count == countOnly || !opt.signals.has(int64(sig)) {
		return
	}
	interrupt(0)
	var buf [256]byte
	p := printer{tid: tid}
	p.Line = systrap.LineOn(buf[:])
	p.killLine(sig)
	emit(p.Bytes(), tid)
}

func (p *printer) killLine(sig int) {
	p.prefix()
	p.Str("+++ killed by ")
	p.sigAlone(int32(sig))
	if dumpsCore(sig) {
		p.Str(" (core dumped)")
	}
	p.Str(" +++\n")
}

// dumpsCore says whether the process leaves a core: the signal asks for one
// (signal(7)) and the limit allows it (core(5)).
func dumpsCore(sig int) bool {
	switch sig {
	case 3, 4, 5, 6, 7, 8, 11, 24, 25, 31:
		var lim unix.Rlimit
		systrap.Syscall(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_CORE, 0, uintptr(unsafe.Pointer(&lim)), 0, 0)
		return lim.Cur > 1
	}
	return false
}

package tracetool

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/text"
)

// dying is the signal that is about to end the process, and its thread's id in
// the upper half.
var dying atomic.Uint64

// signalled prints the line of a signal that the program is about to be given.
func signalled(s *systrap.Signal) {
	tid := systrap.Tid()
	text.Signalled()
	if s.Fatal() {
		dying.Store(uint64(tid)<<32 | uint64(uint32(s.Signo)))
	}
	if !followed(tid) {
		return
	}
	if opt.count == countOnly || !opt.signals.Has(int64(s.Signo)) {
		return
	}
	interrupt(0)
	if opt.stack && signalStack(s, tid) {
		return
	}
	var buf [1024]byte
	p := text.Printer{Tid: tid, AtPC: true}
	p.Line = systrap.LineOn(buf[:])
	signalLine(&p, s)
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
	p := text.Printer{Tid: tid, AtPC: true, Rec: ownText(k)}
	p.Line = systrap.LineOn(p.Rec)
	signalLine(&p, s)
	var r systrap.Registers
	if s.Registers(&r) {
		stack(&p, &r, true, false)
	}
	emit(p.Rec[:p.Base+p.Len()], tid)
	pool.head[k].free(word, tid)
	return true
}

func signalLine(p *text.Printer, s *systrap.Signal) {
	prefix(p)
	if opt.pc {
		pcField(p, s.PC)
	}
	p.Str("--- ")
	decode.SigAlone(p, int32(s.Signo))
	p.Byte(' ')
	var info [32]int32
	if text.Peek(unsafe.Pointer(&info), len(info)*4, s.Info) {
		decode.SiginfoText(p, &info)
		p.Byte(' ')
	}
	p.Str("---\n")
}

// killed prints the end of a process that a signal ends.
func killed(tid, sig int) {
	if opt.quiet.Has(quietExit) || opt.count == countOnly || !opt.signals.Has(int64(sig)) {
		return
	}
	interrupt(0)
	var buf [256]byte
	p := text.Printer{Tid: tid}
	p.Line = systrap.LineOn(buf[:])
	killLine(&p, sig)
	emit(p.Bytes(), tid)
}

// stoppedBefore says that a program that is attached to is stopped by a signal, if it is.
func stoppedBefore(sig int) {
	if sig == 0 || opt.count == countOnly || !opt.signals.Has(int64(sig)) {
		return
	}
	var buf [128]byte
	p := text.Printer{Tid: firstTid}
	p.Line = systrap.LineOn(buf[:])
	prefix(&p)
	p.Str("--- stopped by ")
	decode.SigAlone(&p, int32(sig))
	p.Str(" ---\n")
	emit(p.Bytes(), firstTid)
}

func killLine(p *text.Printer, sig int) {
	prefix(p)
	p.Str("+++ killed by ")
	decode.SigAlone(p, int32(sig))
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

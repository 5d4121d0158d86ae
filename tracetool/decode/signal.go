package decode

import (
	"math/bits"
	"unsafe"

	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// SigAlone prints a signal by name, whatever -X says: it is no argument.
func SigAlone(p *text.Printer, s int32) {
	if s <= 0 || s > abi.MaxSignal {
		p.Int(int64(s))
		return
	}
	p.Str("SIG")
	p.SigName(s)
}

// sigset prints the signal set of size bytes at addr.
func sigset(p *text.Printer, addr, size uint64) {
	if size != 8 {
		p.Ptr(addr)
		return
	}
	shortSigset(p, addr, size)
}

// shortSigset prints a signal set of at most eight bytes.
func shortSigset(p *text.Printer, addr, size uint64) {
	var set uint64
	if size == 0 || size > 8 {
		p.Ptr(addr)
		return
	}
	if p.Fetch(unsafe.Pointer(&set), int(size), addr) {
		sigmaskBits(p, set, int32(size+3)/4*32)
	}
}

// sigmask prints a signal set.
func sigmask(p *text.Printer, set uint64) { sigmaskBits(p, set, abi.MaxSignal) }

// sigmaskBits prints a set of n signals, as the signals that it lacks if those
// are fewer than a third.
func sigmaskBits(p *text.Printer, set uint64, n int32) {
	if int32(bits.OnesCount64(set)) >= n*2/3 {
		p.Byte('~')
		set = ^set
	}
	p.Byte('[')
	for sep := false; set != 0; set &= set - 1 {
		s := int32(bits.TrailingZeros64(set)) + 1
		if s > n {
			break
		}
		if sep {
			p.Byte(' ')
		}
		sep = true
		if p.Named(uint64(s), text.Decimal) {
			p.SigName(s)
			p.EndNamed()
		}
	}
	p.Byte(']')
}

// sigaction prints struct kernel_sigaction (include/linux/signal_types.h).
func sigaction(p *text.Printer, addr uint64) {
	var a struct{ handler, flags, restorer, mask uint64 }
	if !p.Fetch(unsafe.Pointer(&a), 32, addr) {
		return
	}
	p.Str("{sa_handler=")
	switch a.handler {
	case 0:
		p.Constant(a.handler, "SIG_DFL", "", text.Hexadecimal)
	case 1:
		p.Constant(a.handler, "SIG_IGN", "", text.Hexadecimal)
	case ^uint64(0):
		p.Constant(a.handler, "SIG_ERR", "", text.Hexadecimal)
	default:
		p.Hex(a.handler)
	}
	p.Str(", sa_mask=")
	sigmask(p, a.mask)
	p.Field("sa_flags")
	p.Flags(names.SaFlags, a.flags)
	if a.flags&0x04000000 != 0 { // SA_RESTORER
		p.Field("sa_restorer")
		p.Ptr(a.restorer)
	}
	p.Byte('}')
}

func sigstack(p *text.Printer, addr uint64) {
	var s struct {
		sp    uint64
		flags uint32
		_     uint32
		size  uint64
	}
	if !p.Fetch(unsafe.Pointer(&s), 24, addr) {
		return
	}
	p.Str("{ss_sp=")
	p.Ptr(s.sp)
	p.Field("ss_flags")
	p.Flags(names.SsFlags, uint64(s.flags))
	p.FieldUint("ss_size", s.size)
	p.Byte('}')
}

// sigtimedwait prints all of rt_sigtimedwait(2).
func sigtimedwait(p *text.Printer) text.Step {
	a := &p.C.Args
	if !p.Exit {
		sigset(p, a[0], a[3])
		p.Comma()
		p.Arg = 0
		return text.Wait
	}
	if !p.Cont {
		sigset(p, a[0], a[3])
		p.Comma()
	}
	if p.Out(a[1]) {
		siginfo(p, a[1])
	}
	p.Comma()
	p.Timespec(a[2])
	p.Comma()
	p.Uint(a[3])
	return text.Last
}

// sigevent prints struct sigevent of timer_create(2) and mq_notify(3).
func sigevent(p *text.Printer, addr uint64) {
	const sigevSignal, sigevThread, sigevThreadID = 0, 2, 4
	var e struct {
		value                uint64
		signo, notify        int32
		function, attributes uint64 // the kernel's structure is longer, but not used
	}
	if !p.Fetch(unsafe.Pointer(&e), int(unsafe.Sizeof(e)), addr) {
		return
	}
	p.Byte('{')
	if e.value != 0 {
		p.Str("sigev_value={sival_int=")
		p.Int(int64(int32(e.value)))
		p.Str(", sival_ptr=")
		p.Ptr(e.value)
		p.Str("}, ")
	}
	p.Str("sigev_signo=")
	switch e.notify {
	case sigevSignal, sigevThread, sigevThreadID:
		p.Sig(e.signo)
	default:
		p.Uint(uint64(uint32(e.signo)))
	}
	p.Field("sigev_notify")
	p.Val(names.Sigev, uint64(uint32(e.notify)))
	switch e.notify {
	case sigevThreadID:
		p.FieldInt("sigev_notify_thread_id", int64(int32(e.function)))
	case sigevThread:
		p.Field("sigev_notify_function")
		p.Ptr(e.function)
		p.Field("sigev_notify_attributes")
		p.Ptr(e.attributes)
	}
	p.Byte('}')
}

// sigreturn prints the mask that rt_sigreturn(2) restores: SP is at the
// frame's ucontext (arch/x86/include/uapi/asm/ucontext.h).
func sigreturn(p *text.Printer) {
	const uc, maskAt = 0, 296
	var set uint64
	if text.Peek(unsafe.Pointer(&set), 8, p.C.SP+uc+maskAt) {
		p.Str("{mask=")
		sigmask(p, set)
		p.Byte('}')
	}
}

// SigreturnResult prints the result that the interrupted call gets back: RAX
// of the frame's registers.
func SigreturnResult(p *text.Printer) {
	const rax = 40 + 13*8
	var v int64
	if !text.Peek(unsafe.Pointer(&v), 8, p.C.SP+rax) {
		p.Byte('?')
		return
	}
	if v < 0 && v >= -4095 {
		p.Failure(int(-v))
		return
	}
	p.Int(v)
}

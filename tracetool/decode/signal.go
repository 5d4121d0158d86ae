package tracetool

import (
	"math/bits"
	"unsafe"
)

// sigAlone prints a signal by name, whatever -X says: it is no argument.
func (p *printer) sigAlone(s int32) {
	if s <= 0 || s > nsig {
		p.Int(int64(s))
		return
	}
	p.Str("SIG")
	p.sigName(s)
}

// sigset prints the signal set of size bytes at addr.
func (p *printer) sigset(addr, size uint64) {
	if size != 8 {
		p.ptr(addr)
		return
	}
	p.shortSigset(addr, size)
}

// shortSigset prints a signal set of at most eight bytes.
func (p *printer) shortSigset(addr, size uint64) {
	var set uint64
	if size == 0 || size > 8 {
		p.ptr(addr)
		return
	}
	if p.fetch(unsafe.Pointer(&set), int(size), addr) {
		p.sigmaskBits(set, int32(size+3)/4*32)
	}
}

// sigmask prints a signal set.
func (p *printer) sigmask(set uint64) { p.sigmaskBits(set, nsig) }

// sigmaskBits prints a set of n signals, as the signals that it lacks if those
// are fewer than a third.
func (p *printer) sigmaskBits(set uint64, n int32) {
	if int32(bits.OnesCount64(set)) >= n*2/3 {
		p.Byte('~')
		set = ^set
	}
	p.Byte('[')
	sep := false
	for s := int32(1); s <= n; s++ {
		if set>>(s-1)&1 == 0 {
			continue
		}
		if sep {
			p.Byte(' ')
		}
		sep = true
		if p.named(uint64(s), decBase) {
			p.sigName(s)
			p.endNamed()
		}
	}
	p.Byte(']')
}

// sigaction prints struct kernel_sigaction (include/linux/signal_types.h).
func (p *printer) sigaction(addr uint64) {
	var a struct{ handler, flags, restorer, mask uint64 }
	if !p.fetch(unsafe.Pointer(&a), 32, addr) {
		return
	}
	p.Str("{sa_handler=")
	switch a.handler {
	case 0:
		p.constant(a.handler, "SIG_DFL", "", hexBase)
	case 1:
		p.constant(a.handler, "SIG_IGN", "", hexBase)
	case ^uint64(0):
		p.constant(a.handler, "SIG_ERR", "", hexBase)
	default:
		p.Hex(a.handler)
	}
	p.Str(", sa_mask=")
	p.sigmask(a.mask)
	p.field("sa_flags")
	p.flags(xSaFlags, a.flags)
	if a.flags&0x04000000 != 0 { // SA_RESTORER
		p.field("sa_restorer")
		p.ptr(a.restorer)
	}
	p.Byte('}')
}

func (p *printer) sigstack(addr uint64) {
	var s struct {
		sp    uint64
		flags uint32
		_     uint32
		size  uint64
	}
	if !p.fetch(unsafe.Pointer(&s), 24, addr) {
		return
	}
	p.Str("{ss_sp=")
	p.ptr(s.sp)
	p.field("ss_flags")
	p.flags(xSsFlags, uint64(s.flags))
	p.fieldUint("ss_size", s.size)
	p.Byte('}')
}

// sigtimedwait prints all of rt_sigtimedwait(2).
func (p *printer) sigtimedwait() step {
	a := &p.c.Args
	if !p.exit {
		p.sigset(a[0], a[3])
		p.comma()
		p.arg = 0
		return wait
	}
	if !p.cont {
		p.sigset(a[0], a[3])
		p.comma()
	}
	if p.out(a[1]) {
		p.siginfo(a[1])
	}
	p.comma()
	p.timespec(a[2])
	p.comma()
	p.Uint(a[3])
	return last
}

// sigevent prints struct sigevent of timer_create(2) and mq_notify(3).
func (p *printer) sigevent(addr uint64) {
	const sigevSignal, sigevThread, sigevThreadID = 0, 2, 4
	var e struct {
		value                uint64
		signo, notify        int32
		function, attributes uint64 // the kernel's structure is longer, but not used
	}
	if !p.fetch(unsafe.Pointer(&e), int(unsafe.Sizeof(e)), addr) {
		return
	}
	p.Byte('{')
	if e.value != 0 {
		p.Str("sigev_value={sival_int=")
		p.Int(int64(int32(e.value)))
		p.Str(", sival_ptr=")
		p.ptr(e.value)
		p.Str("}, ")
	}
	p.Str("sigev_signo=")
	switch e.notify {
	case sigevSignal, sigevThread, sigevThreadID:
		p.sig(e.signo)
	default:
		p.Uint(uint64(uint32(e.signo)))
	}
	p.field("sigev_notify")
	p.val(xSigev, uint64(uint32(e.notify)))
	switch e.notify {
	case sigevThreadID:
		p.fieldInt("sigev_notify_thread_id", int64(int32(e.function)))
	case sigevThread:
		p.field("sigev_notify_function")
		p.ptr(e.function)
		p.field("sigev_notify_attributes")
		p.ptr(e.attributes)
	}
	p.Byte('}')
}

// sigreturn prints the mask that rt_sigreturn(2) restores: SP is at the
// frame's ucontext (arch/x86/include/uapi/asm/ucontext.h).
func (p *printer) sigreturn() {
	const uc, maskAt = 0, 296
	var set uint64
	if peek(unsafe.Pointer(&set), 8, p.c.SP+uc+maskAt) {
		p.Str("{mask=")
		p.sigmask(set)
		p.Byte('}')
	}
}

// sigreturnResult prints the result that the interrupted call gets back: RAX
// of the frame's registers.
func (p *printer) sigreturnResult() {
	const rax = 40 + 13*8
	var v int64
	if !peek(unsafe.Pointer(&v), 8, p.c.SP+rax) {
		p.Byte('?')
		return
	}
	if v < 0 && v >= -4095 {
		p.failure(int(-v))
		return
	}
	p.Int(v)
}

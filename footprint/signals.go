package footprint

import "libsystrap/systrap"

// Signals: masks in structures, siginfo, sigevent, the frame that rt_sigreturn(2) reads.

// maskArgument adds what pselect6(2) and io_pgetevents(2) have as last argument: a pointer to a mask, and its
// size (struct sigset_argpack in fs/select.c).
func (it *Iterator) maskArgument(addr uint64) {
	it.reads(addr, 16, 0, "")
	if ss := read64(addr); ss != 0 {
		it.reads(ss, maskBytes(read64(addr+8)), MayChange, "ss")
	}
}

// maskBytes is the size of a mask, which only the right one is read of.
func maskBytes(n uint64) uint64 {
	if n != 8 {
		return 0 // EINVAL
	}
	return n
}

// siginfo adds a siginfo_t that is read: what the kernel keeps of it, and what is to be 0 where it does not know
// the signal's code (post_copy_siginfo_from_user in kernel/signal.c).
func (it *Iterator) siginfo(addr uint64) {
	it.reads(addr, 48, 0, "")
	it.reads(addr+48, 80, Bound, "")
}

// sigevent adds a struct sigevent; mq_notify(3)'s SIGEV_THREAD has 32 bytes to hand back, where sigev_value points.
func (it *Iterator) sigevent(addr uint64, notify bool) {
	it.reads(addr, 64, 0, "")
	const sigevThread = 2
	if notify && read32(addr+12) == sigevThread {
		it.reads(read64(addr), 32, MayChange, "sigev_value.sival_ptr")
	}
}

// signalFrame adds what rt_sigreturn(2) reads from the stack: struct ucontext, and the registers of the FPU where its
// fpstate points (arch/x86/kernel/signal_64.c and fpu/signal.c).
func (it *Iterator) signalFrame() {
	const (
		ucontextSize = 304
		fpstate      = 40 + 184 // uc_mcontext.fpstate
		fxsave       = 512
		magic, size  = 464, 468 // sw_reserved.magic1, .extended_size
		magicValue   = 0x46505853
	)
	sp := it.call.SP
	it.reads(sp, ucontextSize, 0, "")
	fp := read64(sp + fpstate)
	if fp == 0 {
		return
	}
	var b [8]byte
	n := uint64(fxsave)
	if systrap.Read(b[:], fp+magic) == len(b) && le32(b[:]) == magicValue {
		n = max(n, uint64(le32(b[size-magic:])))
	}
	it.reads(fp, n, MayChange, "uc_mcontext.fpstate")
}

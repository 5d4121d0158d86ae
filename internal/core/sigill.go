package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
)

const (
	enosys = int64(unix.ENOSYS)
	// saRestorer is SA_RESTORER (arch/x86/include/uapi/asm/signal.h).
	saRestorer = 0x04000000
	sigDfl     = 0
	sigIgn     = 1
)

// trap handles our own signals, and the program's. c and d are in the entry stub's frame. What it
// returns tells the stub how to go on.
func trap(info *restorer.Siginfo, uc *restorer.Ucontext, c *Call, d *door) resumption {
	ownCame(info)
	r := trapOrSignal(info, uc, c, d)
	if returnsDirect != 0 && r.handler == 0 && d.postponed == 0 {
		d.returnMask()
	}
	if d.thread != nil && d.thread.queued != 0 && d.postponed == 0 && !ownText.has(uc.Mcontext.RIP) {
		// What waits for a free moment is looked at by late: not on top of code of ours, for the end of which it may have been kept just now.
		if d.blockAll(); d.postponed == 0 {
			frameOf(c).info.Signo = 0
			d.postponed = 1
		}
	}
	return r
}

// trapOrSignal does what trap is for.
func trapOrSignal(info *restorer.Siginfo, uc *restorer.Ucontext, c *Call, d *door) resumption {
	d.uc = uc
	d.info = info
	d.mask = uc.Sigmask
	d.handler, d.at = 0, 0 // the stub leaves there what the last trap had: late would make its rt_sigreturn again
	if d.thread == nil {
		d.adoptThread()
	}
	if info.Signo == int32(unix.SIGSYS) && info.Code == sysUserDispatch {
		discovered(c, d)
		r := d.resume()
		d.learnMask()
		return r
	}
	if pc, ok := d.trapPC(); ok {
		site, how := siteBehindPrefixes(pc), hostNew
		if site == 0 {
			if site, how = hostTrap(pc, &uc.Mcontext); how == hostPast || how == hostTold {
				pc = site
			}
		}
		if site != 0 || how != hostNew {
			uc.Mcontext.RIP = pc
			d.load(c, site)
			if how != hostNew && d.thread != nil && d.thread.host.stack > hostNoStack {
				h := d.thread.hostFrame()
				c.User, c.Result = h.User, h.Result
			}
			frameOf(c).hosted = how
			d.enterDoor()
			dispatch(c, d)
			r := d.resume()
			d.learnMask()
			return r
		}
		if d.tellsHostFrame(pc) {
			return resumption{}
		}
		if i := stubAt(pc); i >= 0 {
			d.load(c, pc)
			displaced(c, d, i)
			d.enterDoor()
			r := d.resume()
			d.learnMask()
			return r
		}
		if within(pc, jumpHereAddr()+jumpLate, siteSize) {
			d.convert(c, (*entryFrame)(sys.Ptr(uintptr(uc.Mcontext.R14))))
			return resumption{}
		}
		if to := jumpTrapAt(pc); to != 0 {
			uc.Mcontext.RIP = to
			return resumption{}
		}
		if isSyscall(pc) || siteBehindPrefixes(pc) != 0 {
			uc.Mcontext.RIP = pc
			return resumption{} // it was a site when it was fetched, or is one again
		}
		if isCopied(pc) {
			uc.Mcontext.RIP = pc
			d.load(c, pc)
			dispatch(c, d)
			r := d.resume()
			d.learnMask()
			return r
		}
	}
	if endsCopy(d) {
		return resumption{}
	}
	if tracedSince(d) {
		return resumption{}
	}
	if jumpedAstray(d) || brokenJump(d) {
		return resumption{}
	}
	codeFault(d)
	d.delivering = true // handlerEntry's stub knows; a signal of our own was sent
	settle(uc, c)
	return deliver(d, c)
}

// adoptThread gives the thread of d, which the kernel's frame does not tell, a block:
// from its next trap on it has a stack of ours. Its clone was not trapped, there was no
// memory for a block, or a call that we do not see has set an alternate stack.
func (d *door) adoptThread() {
	if process == nil {
		return
	}
	tid := sys.Gettid()
	t := threadOf(tid)
	if t == nil {
		if t = takeThread(); t == nil {
			shutDoor()
			return
		}
		t.tid, t.owned = tid, true
		sys.FilesShared = true
	}
	if d.uc.Stack.Size != 0 {
		t.alt = d.uc.Stack
	}
	d.thread = t
	d.changeStack(t.kernelStack())
}

// illIllopn is ILL_ILLOPN, the si_code of #UD (handle_invalid_op in
// arch/x86/kernel/traps.c).
const illIllopn = 2

// installTrap makes trapEntry the handler of own signal i. SA_NODEFER keeps the
// signal unblocked, and no other is blocked: the raw call runs under the program's
// own mask; but see ownsent.go. SA_ONSTACK is for our own stack (altstack.go).
func installTrap(i int) int64 {
	entry := trapEntryAddr()
	if ownNumbers[i] == int(unix.SIGSEGV) {
		entry = faultEntryAddr()
	}
	flags, mask := ownFlags(i)
	act := restorer.Sigaction{Handler: uint64(entry), Flags: flags, Restorer: uint64(restorer.Addr()), Mask: mask}
	var old restorer.Sigaction
	r := rtSigaction(ownNumbers[i], &act, &old)
	if r == 0 && !trapInstalled[i] {
		trapInstalled[i] = true
		ownMask |= ownBit(i)
		if old.Handler != uint64(handlerEntryAddr()) { // startCatching's
			dispositions[ownNumbers[i]] = old
		}
		if sys.Sigprocmask(unix.SIG_UNBLOCK, ownBit(i))&ownBit(i) != 0 {
			if t := currentThread(); t != nil {
				t.setOwnBlocked(t.ownBlocked | ownBit(i))
			}
		}
	}
	return r
}

// giveBack takes our handlers away from a program that runs untraced after all, before
// any of it has run.
func giveBack() {
	for i, n := range ownNumbers {
		if !trapInstalled[i] {
			continue
		}
		rtSigaction(n, &dispositions[n], nil)
		if t := currentThread(); t != nil && t.ownBlocked&ownBit(i) != 0 {
			sys.Sigprocmask(unix.SIG_BLOCK, ownBit(i))
		}
	}
}

// trapInstalled says which signals are ours already.
var trapInstalled [numOwn]bool

// rtSigaction makes rt_sigaction(2) untrapped.
func rtSigaction(sig int, act, old *restorer.Sigaction) int64 {
	return int64(rawsys.Syscall(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(act)),
		uintptr(unsafe.Pointer(old)), sys.SigSetSize, 0, 0))
}

// The SA_* values of x/sys/unix are in no public constant; these are
// include/uapi/asm-generic/signal-defs.h's.
const (
	saSiginfo   = 0x4
	saOnstack   = 0x08000000
	saNodefer   = 0x40000000
	saResethand = 0x80000000
)

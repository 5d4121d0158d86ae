package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// sysRtSigprocmask changes the mask that the program goes on with. The kernel is
// not asked: our frame has the mask that rt_sigreturn installs, and what arrives
// until then waits for the program anyway (postpone.go).
// See docs/decisions/virtual-signal-mask.md.
//
// made says that it was, as a filter wants to see it.
func sysRtSigprocmask(c *Call, d *door, made bool) {
	if c.Args[3] != sys.SigSetSize {
		c.Result = -int64(unix.EINVAL)
		return
	}
	if d.jump && d.postponed != 0 {
		c.Result = restartNointr // the signal that waits comes first
		return
	}
	was := d.sigmask() | threadOwnBlocked()
	set := was
	c.Result = 0
	if c.Args[1] != 0 {
		v, ok := mem.ReadUint64(c.Args[1])
		if !ok {
			c.Result = -int64(unix.EFAULT)
			return
		}
		switch int32(c.Args[0]) {
		case unix.SIG_BLOCK:
			set |= v
		case unix.SIG_UNBLOCK:
			set &^= v
		case unix.SIG_SETMASK:
			set = v
		default:
			c.Result = -int64(unix.EINVAL)
			return
		}
		set &^= unblockable
		if d.jump {
			kset := set &^ ownMask
			c.Result = int64(rawsys.Raw(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(&kset)), 0, sys.SigSetSize, 0, 0))
			if d.postponed != 0 { // since just now: nothing else may come before that is handed over
				sys.Sigprocmask(unix.SIG_BLOCK, ^(ownMask | guardBits))
			}
			if c.Result != 0 {
				return
			}
		} else if made || returnsDirect != 0 && !sys.MayCall(unix.SYS_RT_SIGPROCMASK) {
			if !made {
				// The return from the trap cannot do it, so it is the program's own call.
				if performUnowned(c, 0); c.Result != 0 {
					return
				}
				proven(unix.SYS_RT_SIGPROCMASK)
			}
			d.mask = set &^ ownMask // it is in force, and decides what the guarded copy may do
		}
		d.setSigmask(set &^ ownMask)
	}
	if c.Args[2] != 0 && mem.Write(c.Args[2], bytesOfUint64(&was)) != sys.SigSetSize {
		c.Result = -int64(unix.EFAULT)
	}
	if (set^was)&ownMask != 0 {
		if t := currentThread(); t != nil {
			t.setOwnBlocked(set & ownMask)
		}
	}
}

// sysWithMask performs a call that blocks with another signal mask, or waits
// for the signals of one, with our own signals left out
// of it.
func sysWithMask(c *Call, s special) {
	if s == sigmaskPair5 {
		sysWithMaskPair(c)
		return
	}
	i := maskArg(s)
	if c.Args[i] == 0 || c.Args[i+1] != sys.SigSetSize {
		c.performPlain()
		return
	}
	set, ok := mem.ReadUint64(c.Args[i])
	if !ok {
		c.perform()
		return
	}
	if s == sigmaskArg1 {
		c.perform() // signalfd: the set is of signals to take, not a mask
		noteSignalfd(c, set)
		return
	}
	bits := exposes(c)
	kset := set &^ (ownMask &^ bits)
	args := c.Args
	if kset != set {
		args[i] = uint64(uintptr(unsafe.Pointer(&kset)))
	}
	c.performMasked(&args, set&ownMask, bits)
}

// performMasked performs c with args, during which the program blocks these of
// our own signals. One that was held and is not blocked now ends the call at
// once, as a pending signal would. bits are what exposes returned.
func (c *Call) performMasked(args *[6]uint64, blocked, bits uint64) {
	t := currentThread()
	if t == nil {
		c.performWith(args)
		return
	}
	if blocked == t.ownBlocked {
		c.performExposed(args, bits)
		return
	}
	t.startMasked(blocked)
	if t.heldBits()&^blocked != 0 {
		switch {
		case !c.performAtOnce(args):
			c.Result = -int64(unix.EINTR)
		case c.Sysno != unix.SYS_IO_PGETEVENTS:
			t.endMasked()
			return
		}
		t.setOwnBlocked(blocked) // it comes as the program goes on, and ends the mask
		return
	}
	c.performExposed(args, bits)
	t.endMasked()
}

// startMasked and endMasked bracket a call with a mask of its own. A handler
// that ends the call runs under that, finds in its frame the mask of before, and
// brings it back.
func (t *thread) startMasked(blocked uint64) {
	t.masked, t.unmasked = true, t.ownBlocked
	t.ownBlocked = blocked
}

func (t *thread) endMasked() {
	if t.masked {
		t.masked = false
		t.setOwnBlocked(t.unmasked)
	}
}

// enterHandler notes our own signals' bits in the frame of a handler that is
// about to run, and blocks those of mask.
func (t *thread) enterHandler(uc *restorer.Ucontext, mask uint64) {
	if t.masked {
		t.masked = false
		uc.Sigmask |= t.unmasked
	} else {
		uc.Sigmask |= t.ownBlocked
	}
	t.ownBlocked |= mask & ownMask
	if t.ownBlocked != 0 {
		handlersSlow = 1
	}
}

// sysRtSigtimedwait waits for the signals of a set; one of ours that was held is
// taken as the kernel would.
func sysRtSigtimedwait(c *Call) {
	set, ok := mem.ReadUint64(c.Args[0])
	if !ok || c.Args[3] != sys.SigSetSize || set&ownMask == 0 {
		c.perform()
		return
	}
	if t := currentThread(); t != nil {
		for i := range ownNumbers {
			if t.heldBits()&set&ownBit(i) != 0 && t.take(c, i) {
				return
			}
		}
	}
	set &^= ownMask
	args := c.Args
	args[0] = uint64(uintptr(unsafe.Pointer(&set)))
	c.performWith(&args)
}

// take makes own signal i, which was held, the result of sigtimedwait; false if another
// thread has taken it.
func (t *thread) take(c *Call, i int) bool {
	var info restorer.Siginfo
	if !t.unhold(i, &info) {
		return false
	}
	c.Result = int64(ownNumbers[i])
	n := int(unsafe.Sizeof(info))
	if c.Args[1] != 0 && mem.Write(c.Args[1], unsafe.Slice((*byte)(unsafe.Pointer(&info)), n)) != n {
		c.Result = -int64(unix.EFAULT)
	}
	return true
}

// sysRtSigpending adds what is held to what the kernel says.
func sysRtSigpending(c *Call) {
	if frameOf(c).door.postponed != 0 {
		c.Result = restartNointr // what waits for the program is not pending
		return
	}
	c.performHere()
	if c.Result != 0 {
		return
	}
	if t := currentThread(); t != nil && t.heldBits() != 0 {
		if set, ok := mem.ReadUint64(c.Args[0]); ok {
			set |= t.heldBits()
			mem.Write(c.Args[0], bytesOfUint64(&set))
		}
	}
}

// maskArg returns which argument is the sigset_t pointer.
func maskArg(s special) int {
	switch s {
	case sigmaskArg1:
		return 1
	case sigmaskArg3:
		return 3
	case sigmaskArg4:
		return 4
	}
	return 0
}

// sysWithMaskPair is sysWithMask for pselect6 and io_pgetevents, whose last
// argument points at the pair of mask and size.
func sysWithMaskPair(c *Call) {
	var pair [2]uint64
	b := unsafe.Slice((*byte)(unsafe.Pointer(&pair)), unsafe.Sizeof(pair))
	if c.Args[5] == 0 || mem.Read(b, c.Args[5]) != len(b) || pair[0] == 0 || pair[1] != sys.SigSetSize {
		c.performPlain()
		return
	}
	set, ok := mem.ReadUint64(pair[0])
	if !ok {
		c.perform()
		return
	}
	bits := exposes(c)
	kset := set &^ (ownMask &^ bits)
	args := c.Args
	if kset != set {
		pair[0] = uint64(uintptr(unsafe.Pointer(&kset)))
		args[5] = uint64(uintptr(unsafe.Pointer(&pair)))
	}
	c.performMasked(&args, set&ownMask, bits)
}

// prepareSigreturn prepares to load the program's own frame, by a copy: the mask is
// without our own signals, which we or its handler put there (enterHandler), and the
// alternate stack is ours.
// See docs/decisions/direct-sigreturn.md.
func (d *door) prepareSigreturn() {
	at := uintptr(d.uc.Mcontext.RSP)
	d.at = at
	t := d.thread
	if t == nil {
		return
	}
	uc := &t.sigreturn
	if mem.Beyond(uint64(at)) || mem.CopyGuarded(uintptr(unsafe.Pointer(uc)), at, unsafe.Sizeof(*uc)) != 0 {
		return // the kernel shall be the one to say so
	}
	d.at = t.sigreturnAddr()
	own := uc.Sigmask & ownMask
	uc.Sigmask &^= ownMask
	t.setAlt(&uc.Stack, uc.Mcontext.RSP) // the kernel says nothing of errors here either
	uc.Stack = t.kernelStack()
	if own != t.ownBlocked {
		t.setOwnBlocked(own)
	}
}

func bytesOfUint64(p *uint64) []byte { return unsafe.Slice((*byte)(unsafe.Pointer(p)), 8) }

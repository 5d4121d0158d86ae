package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// sysRtSigprocmask changes the mask with our own signals left out, in the kernel
// and in the frame that the program resumes from, and remembers their bits.
func sysRtSigprocmask(c *Call, d *door) {
	if c.Args[3] != sigSetSize {
		c.perform()
		return
	}
	var set, kset uint64
	setp := uintptr(0)
	if c.Args[1] != 0 {
		v, ok := ReadUint64(c.Args[1])
		if !ok {
			c.Result = -int64(unix.EFAULT)
			return
		}
		set = v
		kset = v &^ ownMask
		setp = uintptr(unsafe.Pointer(&kset))
	}
	was := threadOwnBlocked()
	c.Result = int64(rawsys.Syscall(uintptr(c.Sysno), uintptr(c.Args[0]), setp, uintptr(c.Args[2]), sigSetSize, 0, 0))
	if c.Result != 0 {
		return
	}
	if was != 0 && c.Args[2] != 0 {
		if old, ok := ReadUint64(c.Args[2]); ok {
			old |= was
			Write(c.Args[2], bytesOfUint64(&old))
		}
	}
	if setp == 0 {
		return
	}
	kset &^= 1<<(unix.SIGKILL-1) | 1<<(unix.SIGSTOP-1)
	switch int32(c.Args[0]) {
	case unix.SIG_BLOCK:
		d.setSigmask(d.sigmask() | kset)
		set |= was
	case unix.SIG_UNBLOCK:
		d.setSigmask(d.sigmask() &^ kset)
		set = was &^ set
	case unix.SIG_SETMASK:
		d.setSigmask(kset)
	}
	if set&ownMask != was {
		if t := currentThread(); t != nil {
			t.changeMask(c.SP, set&ownMask)
		}
	}
}

// sysSigaltstack changes the alternate stack in the kernel and in our frame.
func sysSigaltstack(c *Call, d *door) {
	var ss restorer.Stack
	b := unsafe.Slice((*byte)(unsafe.Pointer(&ss)), unsafe.Sizeof(ss))
	set := c.Args[0] != 0 && Read(b, c.Args[0]) == len(b)
	c.perform()
	if c.Result == 0 && set {
		d.setAltStack(&ss)
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
	if c.Args[i] == 0 || c.Args[i+1] != sigSetSize {
		c.perform()
		return
	}
	set, ok := ReadUint64(c.Args[i])
	if !ok {
		c.perform()
		return
	}
	kset := set &^ ownMask
	p := c.Args[i]
	if kset != set {
		c.Args[i] = uint64(uintptr(unsafe.Pointer(&kset)))
	}
	if s == sigmaskArg1 {
		c.perform() // signalfd: the set is of signals to take, not a mask
	} else {
		c.performMasked(set & ownMask)
	}
	c.Args[i] = p
}

// performMasked performs c, during which the program blocks these of our own
// signals. One that was held and is not blocked now ends the call at once, as a
// pending signal would.
func (c *Call) performMasked(blocked uint64) {
	t := currentThread()
	if t == nil || blocked == t.ownBlocked {
		c.perform()
		return
	}
	was := t.ownBlocked
	if t.ownPending&^blocked != 0 {
		t.setOwnBlocked(blocked)
		c.Result = -int64(unix.EINTR)
	} else {
		t.ownBlocked = blocked
		c.perform()
	}
	t.setOwnBlocked(was)
}

// sysRtSigtimedwait waits for the signals of a set; one of ours that was held is
// taken as the kernel would.
func sysRtSigtimedwait(c *Call) {
	set, ok := ReadUint64(c.Args[0])
	if !ok || c.Args[3] != sigSetSize || set&ownMask == 0 {
		c.perform()
		return
	}
	if t := currentThread(); t != nil {
		for i := range t.ownInfo {
			if t.ownPending&set&ownBit(i) != 0 {
				t.take(c, i)
				return
			}
		}
	}
	set &^= ownMask
	p := c.Args[0]
	c.Args[0] = uint64(uintptr(unsafe.Pointer(&set)))
	c.perform()
	c.Args[0] = p
}

// take makes own signal i, which was held, the result of sigtimedwait.
func (t *thread) take(c *Call, i int) {
	t.ownPending &^= ownBit(i)
	c.Result = int64(ownNumbers[i])
	n := int(unsafe.Sizeof(t.ownInfo[i]))
	if c.Args[1] != 0 && Write(c.Args[1], unsafe.Slice((*byte)(unsafe.Pointer(&t.ownInfo[i])), n)) != n {
		c.Result = -int64(unix.EFAULT)
	}
}

// sysRtSigpending adds what is held to what the kernel says.
func sysRtSigpending(c *Call) {
	c.perform()
	if c.Result != 0 {
		return
	}
	if t := currentThread(); t != nil && t.ownPending != 0 {
		if set, ok := ReadUint64(c.Args[0]); ok {
			set |= t.ownPending
			Write(c.Args[0], bytesOfUint64(&set))
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
	if c.Args[5] == 0 || Read(b, c.Args[5]) != len(b) || pair[0] == 0 || pair[1] != sigSetSize {
		c.perform()
		return
	}
	set, ok := ReadUint64(pair[0])
	if !ok {
		c.perform()
		return
	}
	kset := set &^ ownMask
	p := c.Args[5]
	if kset != set {
		pair[0] = uint64(uintptr(unsafe.Pointer(&kset)))
		c.Args[5] = uint64(uintptr(unsafe.Pointer(&pair)))
	}
	c.performMasked(set & ownMask)
	c.Args[5] = p
}

// prepareSigreturn keeps our own signals out of the mask that the program's own
// frame brings back: a handler may have put them there.
func (d *door) prepareSigreturn() {
	at := d.uc.Mcontext.RSP
	uc := (*restorer.Ucontext)(ptr(uintptr(at)))
	if at%pageSize > pageSize-uint64(unsafe.Sizeof(*uc)) {
		// It reaches into the next page, which need not be there: SP can be
		// anything, and the kernel shall be the one to say so.
		if _, ok := ReadUint64(at + uint64(unsafe.Sizeof(*uc)) - 8); !ok {
			return
		}
	}
	t := currentThread()
	lent := t != nil && t.giveBack(at-uint64(frameUc))
	own := uc.Sigmask & ownMask
	if own != 0 {
		uc.Sigmask &^= ownMask
	}
	carryOver(uc)
	if t == nil {
		return
	}
	if !lent {
		// The kernel made this frame: it has none of our bits, unless the
		// program put them there.
		own |= t.undoneBy(at)
	}
	if own != t.ownBlocked {
		t.setOwnBlocked(own)
	}
}

// giveBack says whether frame was lent to a handler, which is now returning.
func (t *thread) giveBack(frame uint64) bool {
	for i := range t.lent {
		if t.lent[i] == frame {
			t.lent[i] = 0
			return true
		}
	}
	return false
}

func bytesOfUint64(p *uint64) []byte { return unsafe.Slice((*byte)(unsafe.Pointer(p)), 8) }

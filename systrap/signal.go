package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// sysRtSigprocmask changes the mask with SIGILL left out, in the kernel and in
// the frame that the program resumes from, and remembers SIGILL's bit.
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
		kset = v &^ sigillBit
		setp = uintptr(unsafe.Pointer(&kset))
	}
	wasBlocked := threadSigillBlocked()
	c.Result = int64(rawsys.Syscall(uintptr(c.Sysno), uintptr(c.Args[0]), setp, uintptr(c.Args[2]), sigSetSize, 0, 0))
	if c.Result != 0 {
		return
	}
	if wasBlocked && c.Args[2] != 0 {
		if old, ok := ReadUint64(c.Args[2]); ok {
			old |= sigillBit
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
		if set&sigillBit != 0 {
			setThreadSigillBlocked(true)
		}
	case unix.SIG_UNBLOCK:
		d.setSigmask(d.sigmask() &^ kset)
		if set&sigillBit != 0 {
			setThreadSigillBlocked(false)
		}
	case unix.SIG_SETMASK:
		d.setSigmask(kset)
		if wasBlocked != (set&sigillBit != 0) {
			setThreadSigillBlocked(!wasBlocked)
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
// for the signals of one, with SIGILL left out of it.
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
	kset := set &^ sigillBit
	p := c.Args[i]
	if kset != set {
		c.Args[i] = uint64(uintptr(unsafe.Pointer(&kset)))
	}
	if s == sigmaskArg1 {
		c.perform() // signalfd: the set is of signals to take, not a mask
	} else {
		c.performMasked(set&sigillBit != 0)
	}
	c.Args[i] = p
}

// performMasked performs c, during which SIGILL is blocked for the program or
// not. One that was held ends the call at once, as a pending signal would.
func (c *Call) performMasked(blocked bool) {
	t := currentThread()
	if t == nil || blocked == (t.sigillBlocked != 0) {
		c.perform()
		return
	}
	if t.sigillPending != 0 {
		t.setSigillBlocked(false)
		t.setSigillBlocked(true)
		c.Result = -int64(unix.EINTR)
		return
	}
	t.sigillBlocked ^= 1
	c.perform()
	t.setSigillBlocked(!blocked)
}

// sysRtSigtimedwait waits for the signals of a set; a SIGILL that was held is
// taken as the kernel would.
func sysRtSigtimedwait(c *Call) {
	set, ok := ReadUint64(c.Args[0])
	if !ok || c.Args[3] != sigSetSize || set&sigillBit == 0 {
		c.perform()
		return
	}
	if t := currentThread(); t != nil && t.sigillPending != 0 {
		t.sigillPending = 0
		c.Result = int64(unix.SIGILL)
		if c.Args[1] != 0 {
			n := int(unsafe.Sizeof(t.sigillInfo))
			if Write(c.Args[1], unsafe.Slice((*byte)(unsafe.Pointer(&t.sigillInfo)), n)) != n {
				c.Result = -int64(unix.EFAULT)
			}
		}
		return
	}
	set &^= sigillBit
	p := c.Args[0]
	c.Args[0] = uint64(uintptr(unsafe.Pointer(&set)))
	c.perform()
	c.Args[0] = p
}

// sysRtSigpending adds a SIGILL that is held to what the kernel says.
func sysRtSigpending(c *Call) {
	c.perform()
	if c.Result != 0 {
		return
	}
	if t := currentThread(); t != nil && t.sigillPending != 0 {
		if set, ok := ReadUint64(c.Args[0]); ok {
			set |= sigillBit
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
	kset := set &^ sigillBit
	p := c.Args[5]
	if kset != set {
		pair[0] = uint64(uintptr(unsafe.Pointer(&kset)))
		c.Args[5] = uint64(uintptr(unsafe.Pointer(&pair)))
	}
	c.performMasked(set&sigillBit != 0)
	c.Args[5] = p
}

// prepareSigreturn keeps SIGILL out of the mask that the program's own frame
// brings back: a handler may have put it there.
func (d *door) prepareSigreturn() {
	uc := d.uc.Mcontext.RSP
	at := uc + uint64(unsafe.Offsetof(restorer.Ucontext{}.Sigmask))
	t := currentThread()
	lent := t != nil && t.sigillFrame != 0 && t.sigillFrame+8 == uc
	var mask uint64
	if uc%pageSize <= pageSize-uint64(unsafe.Sizeof(restorer.Ucontext{})) {
		// The page SP points into is the program's stack: it can be read.
		mask = *(*uint64)(ptr(uintptr(at)))
	} else {
		mask, _ = ReadUint64(at)
	}
	if lent {
		t.sigillFrame = 0
		setThreadSigillBlocked(mask&sigillBit != 0)
	}
	if mask&sigillBit == 0 {
		return
	}
	setThreadSigillBlocked(true)
	mask &^= sigillBit
	Write(at, bytesOfUint64(&mask))
}

func bytesOfUint64(p *uint64) []byte { return unsafe.Slice((*byte)(unsafe.Pointer(p)), 8) }

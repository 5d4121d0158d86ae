package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/restorer"
)

// ownActions are the program's dispositions of our own signals.
//
// They belong to a process, while this memory can be shared by two (a vfork
// child, a clone with CLONE_VM but not CLONE_SIGHAND): such a child's are in
// vmChildren under its pid.
var ownActions [numOwn]restorer.Sigaction

// vmChild is a process that shares this memory but not the dispositions.
type vmChild struct {
	pid     int64
	actions [numOwn]restorer.Sigaction
	// scratch is memory that an exec of the child left here (see exec.go).
	scratch, scratchLen uintptr
}

var vmChildren [maxVMChildren]vmChild

// maxVMChildren bounds the children in flight at a time; one more shares its
// parent's virtual dispositions, which only a child that sets one could tell.
const maxVMChildren = 64

// currentActions returns the calling process's virtual dispositions.
func currentActions() *[numOwn]restorer.Sigaction {
	if c := currentVMChild(); c != nil {
		return &c.actions
	}
	return &ownActions
}

// currentVMChild returns the entry of the calling process, or nil for the
// process whose memory this is.
func currentVMChild() *vmChild {
	if vmChildCount == 0 {
		return nil
	}
	return findVMChild(getpid())
}

// sysRtSigaction answers for our own signals and keeps them out of the masks of
// all other handlers, while the program reads back what it set.
func sysRtSigaction(c *Call) {
	sig := c.Args[0]
	if sig == 0 || sig > 64 || c.Args[3] != sigSetSize {
		c.perform()
		return
	}
	var act, old restorer.Sigaction
	if c.Args[1] != 0 && Read(bytesOfAction(&act), c.Args[1]) != int(unsafe.Sizeof(act)) {
		c.Result = -int64(unix.EFAULT)
		return
	}
	if i := ownIndex(int(sig)); i >= 0 {
		v := &currentActions()[i]
		old = *v
		if c.Args[1] != 0 {
			act.Mask &^= 1<<(unix.SIGKILL-1) | 1<<(unix.SIGSTOP-1)
			*v = act
			if act.Handler == sigIgn {
				discardHeld(i)
			}
		}
		c.Result = 0
	} else {
		had := maskHasOwn[sig]
		var in *restorer.Sigaction
		if c.Args[1] != 0 {
			maskHasOwn[sig] = act.Mask & ownMask
			act.Mask &^= ownMask
			in = &act
		}
		c.Result = rtSigaction(int(sig), in, &old)
		if c.Result != 0 {
			maskHasOwn[sig] = had
			return
		}
		old.Mask |= had
	}
	if c.Args[2] != 0 && Write(c.Args[2], bytesOfAction(&old)) != int(unsafe.Sizeof(old)) {
		c.Result = -int64(unix.EFAULT)
	}
}

// maskHasOwn has for each signal the bits of our own signals in its sa_mask as
// the program set it.
var maskHasOwn [65]uint64

func bytesOfAction(a *restorer.Sigaction) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(a)), unsafe.Sizeof(*a))
}

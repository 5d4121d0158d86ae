package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/restorer"
)

// The program's disposition of SIGILL is virtual: it is stored and answered
// here and never installed, since the kernel's is ours.
//
// It belongs to a process, while this memory can be shared by two (a vfork
// child, a clone with CLONE_VM but not CLONE_SIGHAND): such a child's is in
// vmChildren under its pid.
var sigillAction restorer.Sigaction

// vmChild is a process that shares this memory but not the dispositions.
type vmChild struct {
	pid    int64
	action restorer.Sigaction
	// scratch is memory that an exec of the child left here (see exec.go).
	scratch, scratchLen uintptr
}

var vmChildren [maxVMChildren]vmChild

// maxVMChildren bounds the children in flight at a time; one more shares its
// parent's virtual disposition, which only a child that handles SIGILL could
// tell.
const maxVMChildren = 64

// currentAction returns the calling process's virtual disposition.
func currentAction() *restorer.Sigaction {
	if c := currentVMChild(); c != nil {
		return &c.action
	}
	return &sigillAction
}

// currentVMChild returns the entry of the calling process, or nil for the
// process whose memory this is.
func currentVMChild() *vmChild {
	if vmChildCount == 0 {
		return nil
	}
	return findVMChild(getpid())
}

// initialDisposition takes over what the process image was started with.
func initialDisposition(old *restorer.Sigaction) {
	sigillAction = *old
}

// sysRtSigaction answers for SIGILL and keeps SIGILL out of the masks of all
// other handlers, while the program reads back what it set.
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
	if sig == uint64(unix.SIGILL) {
		v := currentAction()
		old = *v
		if c.Args[1] != 0 {
			act.Mask &^= 1<<(unix.SIGKILL-1) | 1<<(unix.SIGSTOP-1)
			*v = act
		}
		c.Result = 0
	} else {
		had := maskHasSigill[sig]
		var in *restorer.Sigaction
		if c.Args[1] != 0 {
			maskHasSigill[sig] = act.Mask&sigillBit != 0
			act.Mask &^= sigillBit
			in = &act
		}
		c.Result = rtSigaction(int(sig), in, &old)
		if c.Result != 0 {
			maskHasSigill[sig] = had
			return
		}
		if had {
			old.Mask |= sigillBit
		}
	}
	if c.Args[2] != 0 && Write(c.Args[2], bytesOfAction(&old)) != int(unsafe.Sizeof(old)) {
		c.Result = -int64(unix.EFAULT)
	}
}

// maskHasSigill says for each signal whether its sa_mask, as the program set
// it, contains SIGILL.
var maskHasSigill [65]bool

func bytesOfAction(a *restorer.Sigaction) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(a)), unsafe.Sizeof(*a))
}

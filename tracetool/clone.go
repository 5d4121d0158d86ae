package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// cloneFlags prints the flags of clone(2) and the signal that its lowest byte
// is.
func (p *printer) cloneFlags(f uint64, withSignal bool) {
	sig := int32(0)
	if withSignal {
		sig = int32(f & 0xff)
		f &^= 0xff
	}
	if f != 0 || sig == 0 {
		p.flags(xClone, f)
		if sig != 0 {
			p.Byte('|')
		}
	}
	if sig != 0 {
		p.sig(sig)
	}
}

// clone prints all of clone(2): the kernel's own order of arguments is not
// shown; a thread id that the kernel stores is shown once it is there.
func (p *printer) clone() step {
	a := &p.c.Args
	f := a[0]
	if !p.cont {
		p.Str("child_stack=")
		p.ptr(a[1])
		p.field("flags")
		p.cloneFlags(f, true)
	}
	if !p.exit {
		p.saved[1] = 1
		if f&(unix.CLONE_PARENT_SETTID|unix.CLONE_PIDFD|unix.CLONE_CHILD_SETTID|unix.CLONE_CHILD_CLEARTID|unix.CLONE_SETTLS) != 0 {
			return wait
		}
		return last
	}
	if f&unix.CLONE_PARENT_SETTID != 0 {
		p.field("parent_tid")
		p.tidAt(a[2])
	} else if f&unix.CLONE_PIDFD != 0 {
		p.field("parent_tid")
		p.tidAt(a[2])
	}
	if f&unix.CLONE_SETTLS != 0 {
		p.field("tls")
		p.ptr(a[4])
	}
	if f&(unix.CLONE_CHILD_SETTID|unix.CLONE_CHILD_CLEARTID) != 0 {
		p.field("child_tidptr")
		p.ptr(a[3])
	}
	return last
}

func (p *printer) tidAt(addr uint64) {
	var t int32
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&t), 4, addr) {
		return
	}
	p.Byte('[')
	p.Int(int64(t))
	p.Byte(']')
}

// cloneArgs is struct clone_args (include/uapi/linux/sched.h).
type cloneArgs struct {
	flags, pidfd, childTid, parentTid, exitSignal, stack, stackSize, tls, setTid, setTidSize, cgroup uint64
}

// clone3 prints the structure of clone3(2), and at its return what the kernel
// stored behind its pointers.
func (p *printer) clone3() step {
	var v cloneArgs
	addr, size := p.c.Args[0], p.c.Args[1]
	n := size
	if n > uint64(unsafe.Sizeof(v)) {
		n = uint64(unsafe.Sizeof(v))
	}
	if n < 64 || !peek(unsafe.Pointer(&v), int(n), addr) {
		p.ptr(addr)
		return next
	}
	if !p.cont {
		p.clone3In(&v, n)
	}
	if !p.exit {
		if v.flags&(unix.CLONE_PARENT_SETTID|unix.CLONE_PIDFD) != 0 {
			return wait
		}
		return next
	}
	if p.failed() || v.flags&(unix.CLONE_PARENT_SETTID|unix.CLONE_PIDFD) == 0 {
		return next
	}
	p.Str(" => {")
	if v.flags&unix.CLONE_PIDFD != 0 {
		p.Str("pidfd=")
		p.tidAt(v.pidfd)
	}
	if v.flags&unix.CLONE_PARENT_SETTID != 0 {
		if v.flags&unix.CLONE_PIDFD != 0 {
			p.comma()
		}
		p.Str("parent_tid=")
		p.tidAt(v.parentTid)
	}
	p.Byte('}')
	return next
}

func (p *printer) clone3In(v *cloneArgs, n uint64) {
	p.Str("{flags=")
	p.flags(xClone, v.flags)
	if v.flags&unix.CLONE_PIDFD != 0 {
		p.field("pidfd")
		p.ptr(v.pidfd)
	}
	if v.flags&(unix.CLONE_CHILD_SETTID|unix.CLONE_CHILD_CLEARTID) != 0 {
		p.field("child_tid")
		p.ptr(v.childTid)
	}
	if v.flags&unix.CLONE_PARENT_SETTID != 0 {
		p.field("parent_tid")
		p.ptr(v.parentTid)
	}
	p.field("exit_signal")
	p.sig(int32(v.exitSignal))
	p.field("stack")
	p.ptr(v.stack)
	p.fieldHex("stack_size", v.stackSize)
	if v.flags&unix.CLONE_SETTLS != 0 {
		p.field("tls")
		p.ptr(v.tls)
	}
	if n >= 80 && v.setTidSize != 0 {
		p.field("set_tid")
		p.ptr(v.setTid)
		p.fieldUint("set_tid_size", v.setTidSize)
	}
	if n >= 88 && v.flags&unix.CLONE_INTO_CGROUP != 0 {
		p.fieldUint("cgroup", v.cgroup)
	}
	p.Byte('}')
}

package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// cloneFlags prints the flags of clone(2) and the signal that its lowest byte
// is.
func (p *printer) cloneFlags(f uint64) {
	sig := int32(f & 0xff)
	f &^= 0xff
	if f != 0 {
		p.flags(xClone, f)
		if sig == 0 {
			return
		}
		p.Byte('|')
	}
	p.sig(sig)
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
		p.cloneFlags(f)
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
		p.fdAt(a[2])
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
	p.pidAs(t, idThread)
	p.Byte(']')
}

// fdAt prints the descriptor at addr.
func (p *printer) fdAt(addr uint64) {
	var fd int32
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&fd), 4, addr) {
		return
	}
	p.Byte('[')
	p.fd(fd)
	p.Byte(']')
}

// cloneArgs is struct clone_args (include/uapi/linux/sched.h).
type cloneArgs struct {
	flags, pidfd, childTid, parentTid, exitSignal, stack, stackSize, tls, setTid, setTidSize, cgroup uint64
}

// clone3 prints the structure of clone3(2), and at its return what the kernel
// stored behind its pointers.
func (p *printer) clone3() step {
	const least = 64 // CLONE_ARGS_SIZE_VER0
	var v cloneArgs
	addr, size := p.c.Args[0], p.c.Args[1]
	n := size
	if n > uint64(unsafe.Sizeof(v)) {
		n = uint64(unsafe.Sizeof(v))
	}
	if n < least || !peek(unsafe.Pointer(&v), int(n), addr) {
		if !p.cont {
			p.ptr(addr)
		} else if !p.failed() {
			p.Str(" => ")
			p.ptr(addr)
		}
		return next
	}
	if !p.cont {
		p.clone3In(&v, addr, n, size)
	}
	stores := v.flags&(unix.CLONE_PARENT_SETTID|unix.CLONE_PIDFD) != 0 || size > n
	if !p.exit && stores {
		return wait
	}
	if p.exit && stores && !p.failed() {
		p.clone3Out(&v, addr, n, size)
	}
	return next
}

// clone3Out prints what the kernel stored, and again what is unknown.
func (p *printer) clone3Out(v *cloneArgs, addr, n, size uint64) {
	sep := " => {"
	if v.flags&unix.CLONE_PIDFD != 0 {
		p.Str(sep)
		p.Str("pidfd=")
		p.fdAt(v.pidfd)
		sep = ", "
	}
	if v.flags&unix.CLONE_PARENT_SETTID != 0 {
		p.Str(sep)
		p.Str("parent_tid=")
		p.tidAt(v.parentTid)
		sep = ", "
	}
	if p.nonzero(sep, addr, n, size) || sep == ", " {
		p.Byte('}')
	}
}

func (p *printer) clone3In(v *cloneArgs, addr, n, size uint64) {
	const maxTids, maxSignal = 32, 0x7fffffff
	p.Str("{flags=")
	p.flags2(xClone, xClone3, v.flags)
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
	if v.exitSignal < maxSignal {
		p.sig(int32(v.exitSignal))
	} else {
		p.Uint(v.exitSignal)
	}
	p.field("stack")
	p.ptr(v.stack)
	p.fieldHex("stack_size", v.stackSize)
	if v.flags&unix.CLONE_SETTLS != 0 {
		p.field("tls")
		p.ptr(v.tls)
	}
	if v.setTid != 0 || v.setTidSize != 0 {
		p.field("set_tid")
		if v.setTid == 0 || v.setTidSize == 0 || v.setTidSize > maxTids {
			p.ptr(v.setTid)
		} else {
			var t int32
			for i := uint64(0); p.each(unsafe.Pointer(&t), 4, v.setTid, i, v.setTidSize); i++ {
				p.Int(int64(t))
			}
		}
		p.fieldUint("set_tid_size", v.setTidSize)
	}
	if n > 80 && (v.cgroup != 0 || v.flags&unix.CLONE_INTO_CGROUP != 0) {
		p.fieldUint("cgroup", v.cgroup)
	}
	p.nonzero(", ", addr, n, size)
	p.Byte('}')
}

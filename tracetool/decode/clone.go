package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// cloneFlags prints the flags of clone(2) and the signal that its lowest byte
// is.
func cloneFlags(p *text.Printer, f uint64) {
	sig := int32(f & 0xff)
	f &^= 0xff
	if f != 0 {
		p.Flags(names.Clone, f)
		if sig == 0 {
			return
		}
		p.Byte('|')
	}
	p.Sig(sig)
}

// clone prints all of clone(2): the kernel's own order of arguments is not
// shown; a thread id that the kernel stores is shown once it is there.
func clone(p *text.Printer) text.Step {
	a := &p.C.Args
	f := a[0]
	if !p.Cont {
		p.Str("child_stack=")
		p.Ptr(a[1])
		p.Field("flags")
		cloneFlags(p, f)
	}
	if !p.Exit {
		p.Saved[1] = 1
		if f&(unix.CLONE_PARENT_SETTID|unix.CLONE_PIDFD|unix.CLONE_CHILD_SETTID|unix.CLONE_CHILD_CLEARTID|unix.CLONE_SETTLS) != 0 {
			return text.Wait
		}
		return text.Last
	}
	if f&unix.CLONE_PARENT_SETTID != 0 {
		p.Field("parent_tid")
		tidAt(p, a[2])
	} else if f&unix.CLONE_PIDFD != 0 {
		p.Field("parent_tid")
		fdAt(p, a[2])
	}
	if f&unix.CLONE_SETTLS != 0 {
		p.Field("tls")
		p.Ptr(a[4])
	}
	if f&(unix.CLONE_CHILD_SETTID|unix.CLONE_CHILD_CLEARTID) != 0 {
		p.Field("child_tidptr")
		p.Ptr(a[3])
	}
	return text.Last
}

func tidAt(p *text.Printer, addr uint64) {
	var t int32
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&t), 4, addr) {
		return
	}
	p.Byte('[')
	p.PidAs(t, text.IDThread)
	p.Byte(']')
}

// fdAt prints the descriptor at addr.
func fdAt(p *text.Printer, addr uint64) {
	var fd int32
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&fd), 4, addr) {
		return
	}
	p.Byte('[')
	p.Fd(fd)
	p.Byte(']')
}

// cloneArgs is struct clone_args (include/uapi/linux/sched.h).
type cloneArgs struct {
	flags, pidfd, childTid, parentTid, exitSignal, stack, stackSize, tls, setTid, setTidSize, cgroup uint64
}

// clone3 prints the structure of clone3(2), and at its return what the kernel
// stored behind its pointers.
func clone3(p *text.Printer) text.Step {
	const least = 64 // CLONE_ARGS_SIZE_VER0
	var v cloneArgs
	addr, size := p.C.Args[0], p.C.Args[1]
	n := size
	if n > uint64(unsafe.Sizeof(v)) {
		n = uint64(unsafe.Sizeof(v))
	}
	if n < least || !text.Peek(unsafe.Pointer(&v), int(n), addr) {
		if !p.Cont {
			p.Ptr(addr)
		} else if !p.Failed() {
			p.Str(" => ")
			p.Ptr(addr)
		}
		return text.Next
	}
	if !p.Cont {
		clone3In(p, &v, addr, n, size)
	}
	stores := v.flags&(unix.CLONE_PARENT_SETTID|unix.CLONE_PIDFD) != 0 || size > n
	if !p.Exit && stores {
		return text.Wait
	}
	if p.Exit && stores && !p.Failed() {
		clone3Out(p, &v, addr, n, size)
	}
	return text.Next
}

// clone3Out prints what the kernel stored, and again what is unknown.
func clone3Out(p *text.Printer, v *cloneArgs, addr, n, size uint64) {
	sep := " => {"
	if v.flags&unix.CLONE_PIDFD != 0 {
		p.Str(sep)
		p.Str("pidfd=")
		fdAt(p, v.pidfd)
		sep = ", "
	}
	if v.flags&unix.CLONE_PARENT_SETTID != 0 {
		p.Str(sep)
		p.Str("parent_tid=")
		tidAt(p, v.parentTid)
		sep = ", "
	}
	if p.Nonzero(sep, addr, n, size) || sep == ", " {
		p.Byte('}')
	}
}

func clone3In(p *text.Printer, v *cloneArgs, addr, n, size uint64) {
	const maxTids, maxSignal = 32, 0x7fffffff
	p.Str("{flags=")
	p.EitherFlags(names.Clone, names.Clone3, v.flags)
	if v.flags&unix.CLONE_PIDFD != 0 {
		p.Field("pidfd")
		p.Ptr(v.pidfd)
	}
	if v.flags&(unix.CLONE_CHILD_SETTID|unix.CLONE_CHILD_CLEARTID) != 0 {
		p.Field("child_tid")
		p.Ptr(v.childTid)
	}
	if v.flags&unix.CLONE_PARENT_SETTID != 0 {
		p.Field("parent_tid")
		p.Ptr(v.parentTid)
	}
	p.Field("exit_signal")
	if v.exitSignal < maxSignal {
		p.Sig(int32(v.exitSignal))
	} else {
		p.Uint(v.exitSignal)
	}
	p.Field("stack")
	p.Ptr(v.stack)
	p.FieldHex("stack_size", v.stackSize)
	if v.flags&unix.CLONE_SETTLS != 0 {
		p.Field("tls")
		p.Ptr(v.tls)
	}
	if v.setTid != 0 || v.setTidSize != 0 {
		p.Field("set_tid")
		if v.setTid == 0 || v.setTidSize == 0 || v.setTidSize > maxTids {
			p.Ptr(v.setTid)
		} else {
			var t int32
			for i := uint64(0); p.Each(unsafe.Pointer(&t), 4, v.setTid, i, v.setTidSize); i++ {
				p.Int(int64(t))
			}
		}
		p.FieldUint("set_tid_size", v.setTidSize)
	}
	if n > 80 && (v.cgroup != 0 || v.flags&unix.CLONE_INTO_CGROUP != 0) {
		p.FieldUint("cgroup", v.cgroup)
	}
	p.Nonzero(", ", addr, n, size)
	p.Byte('}')
}

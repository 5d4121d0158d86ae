package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

func sched(p *text.Printer, v uint32) {
	const reset = 0x40000000 // SCHED_RESET_ON_FORK
	s := text.NameOf(names.Sched, uint64(v&^reset))
	if v&reset == 0 || s == "" {
		p.Val(names.Sched, uint64(v))
		return
	}
	p.Str(s)
	p.Str("|SCHED_RESET_ON_FORK")
}

func schedParam(p *text.Printer, addr uint64) {
	var v int32
	if p.Fetch(unsafe.Pointer(&v), 4, addr) {
		p.Byte('[')
		p.Int(int64(v))
		p.Byte(']')
	}
}

// Sizes of struct sched_attr (include/uapi/linux/sched/types.h).
const (
	schedAttrLeast = 48
	schedAttrUtil  = 56
)

// schedAttrIn prints the argument of sched_setattr(2). The kernel tells the
// size it knows if that of the program is wrong.
func schedAttrIn(p *text.Printer) text.Step {
	addr := p.C.Args[1]
	if !p.Cont {
		schedAttrSet(p, addr)
	}
	if !p.Exit {
		return text.Wait
	}
	var size uint32
	if p.Failed() && p.C.Errno() == int(unix.E2BIG) && text.Peek(unsafe.Pointer(&size), 4, addr) {
		p.Str(" => {size=")
		p.Uint(uint64(size))
		p.Byte('}')
	}
	return text.Next
}

func schedAttrSet(p *text.Printer, addr uint64) {
	var s unix.SchedAttr
	if !p.Fetch(unsafe.Pointer(&s.Size), 4, addr) {
		return
	}
	known := int(unsafe.Sizeof(s))
	size := s.Size
	if size == 0 {
		size = schedAttrLeast
	}
	n := known
	if int64(size) < int64(n) {
		n = int(size)
	}
	if n >= schedAttrLeast && !p.Fetch(unsafe.Pointer(&s), n, addr) {
		return
	}
	keep := s.Flags&(unix.SCHED_FLAG_KEEP_POLICY|unix.SCHED_FLAG_KEEP_PARAMS) != 0 && int32(s.Policy) >= 0
	schedAttrText(p, &s, n, !keep, s.Flags&unix.SCHED_FLAG_KEEP_PARAMS == 0, int64(size) > int64(n))
}

// schedAttrOut prints what sched_getattr(2) wrote of size bytes.
func schedAttrOut(p *text.Printer, addr uint64, size uint32) {
	var s unix.SchedAttr
	n := int(unsafe.Sizeof(s))
	if int64(size) < int64(n) {
		n = int(size)
	}
	if n == 0 || p.Failed() {
		p.Ptr(addr)
		return
	}
	if p.Fetch(unsafe.Pointer(&s), n, addr) {
		schedAttrText(p, &s, int(s.Size), true, true, false)
	}
}

// schedAttrText prints the first n bytes of s, with or without the policy and
// the parameters.
func schedAttrText(p *text.Printer, s *unix.SchedAttr, n int, policy, params, more bool) {
	p.Str("{size=")
	p.Uint(uint64(s.Size))
	if n >= schedAttrLeast {
		if policy {
			p.Field("sched_policy")
			p.Val(names.Sched, uint64(s.Policy))
		}
		p.Field("sched_flags")
		p.Flags(names.SchedFlag, s.Flags)
		if params {
			p.FieldInt("sched_nice", int64(s.Nice))
			p.FieldUint("sched_priority", uint64(s.Priority))
			p.FieldUint("sched_runtime", s.Runtime)
			p.FieldUint("sched_deadline", s.Deadline)
			p.FieldUint("sched_period", s.Period)
		}
		if n >= schedAttrUtil {
			p.FieldUint("sched_util_min", uint64(s.Util_min))
			p.FieldUint("sched_util_max", uint64(s.Util_max))
		}
	}
	if more {
		p.Str(", ...")
	}
	p.Byte('}')
}

// cpuset prints a CPU mask of n bytes of which the first have are valid.
func cpuset(p *text.Printer, addr, have, n uint64) {
	if addr == 0 {
		p.Ptr(addr)
		return
	}
	if n == 0 {
		p.Str("[]")
		return
	}
	if have < n {
		n = have
	}
	const most = 128 // bytes
	more := n > most
	n = min(n, most)
	start := p.Len()
	sep := false
	p.Byte('[')
	for i := uint64(0); i < n; i += 8 {
		var w uint64
		k := n - i
		if k > 8 {
			k = 8
		}
		if !text.Peek(unsafe.Pointer(&w), int(k), addr+i) {
			p.Truncate(start)
			p.Hex(addr)
			return
		}
		for b := uint64(0); b < 64; b++ {
			if w>>b&1 == 0 {
				continue
			}
			if sep {
				p.Byte(' ')
			}
			p.Uint(i*8 + b)
			sep = true
		}
	}
	if more && sep {
		p.Byte(' ')
	}
	if more {
		p.Str("...")
	}
	p.Byte(']')
}

func ioprio(p *text.Printer, v uint32) {
	if p.Named(uint64(v), text.Hexadecimal) {
		ioprioText(p, v)
		p.EndNamed()
	}
}

// ioprioText prints class and data of an I/O priority (ioprio_set(2)).
func ioprioText(p *text.Printer, v uint32) {
	p.Str("IOPRIO_PRIO_VALUE(")
	p.Val(names.IoprioClass, uint64(v>>13))
	p.Comma()
	p.Uint(uint64(v & 0x1fff))
	p.Byte(')')
}

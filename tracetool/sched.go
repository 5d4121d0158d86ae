package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func (p *printer) sched(v uint32) {
	const reset = 0x40000000 // SCHED_RESET_ON_FORK
	s := name(xSched, uint64(v&^reset))
	if v&reset == 0 || s == "" {
		p.val(xSched, uint64(v))
		return
	}
	p.Str(s)
	p.Str("|SCHED_RESET_ON_FORK")
}

func (p *printer) schedParam(addr uint64) {
	var v int32
	if p.fetch(unsafe.Pointer(&v), 4, addr) {
		p.Byte('[')
		p.Int(int64(v))
		p.Byte(']')
	}
}

func (p *printer) schedAttr(addr uint64) {
	var s unix.SchedAttr
	var size uint32
	if !p.fetch(unsafe.Pointer(&size), 4, addr) {
		return
	}
	n := int(size)
	if n > int(unsafe.Sizeof(s)) {
		n = int(unsafe.Sizeof(s))
	}
	if n < 48 {
		n = 48
	}
	if !p.fetch(unsafe.Pointer(&s), n, addr) {
		return
	}
	p.Str("{size=")
	p.Uint(uint64(size))
	p.field("sched_policy")
	p.val(xSched, uint64(s.Policy))
	p.field("sched_flags")
	p.flags(xSchedFlag, s.Flags)
	p.fieldInt("sched_nice", int64(s.Nice))
	p.fieldUint("sched_priority", uint64(s.Priority))
	p.fieldUint("sched_runtime", s.Runtime)
	p.fieldUint("sched_deadline", s.Deadline)
	p.fieldUint("sched_period", s.Period)
	if n >= 56 {
		p.fieldUint("sched_util_min", uint64(s.Util_min))
		p.fieldUint("sched_util_max", uint64(s.Util_max))
	}
	p.Byte('}')
}

// cpuset prints a CPU mask of n bytes of which the first have are valid.
func (p *printer) cpuset(addr, have, n uint64) {
	if addr == 0 || n == 0 {
		p.ptr(addr)
		return
	}
	if have < n {
		n = have
	}
	if n > 1024 {
		n = 1024
	}
	start := p.Len()
	sep := false
	p.Byte('[')
	for i := uint64(0); i < n; i += 8 {
		var w uint64
		k := n - i
		if k > 8 {
			k = 8
		}
		if !peek(unsafe.Pointer(&w), int(k), addr+i) {
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
	p.Byte(']')
}

func (p *printer) ioprio(v uint32) {
	p.Str("IOPRIO_PRIO_VALUE(")
	p.val(xIoprioClass, uint64(v>>13))
	p.comma()
	p.Uint(uint64(v & 0x1fff))
	p.Byte(')')
}

package tracetool

import "unsafe"

// uringProbeHead is struct io_uring_probe without its operations, each of which is
// a uringProbeOp.
type uringProbeHead struct {
	lastOp, opsLen uint8
	resv           uint16
	resv2          [3]uint32
}

type uringProbeOp struct {
	op, resv uint8
	flags    uint16
	resv2    uint32
}

// uringProbe prints the structure that the kernel fills for
// IORING_REGISTER_PROBE, and before the call what it holds if it is not empty.
func (p *printer) uringProbe(addr, n uint64) step {
	const most = 256
	size := uint64(unsafe.Sizeof(uringProbeHead{})) + n*uint64(unsafe.Sizeof(uringProbeOp{}))
	if !p.cont {
		if n > most {
			p.ptr(addr)
			return next
		}
		empty, ok := zeroes(addr, size)
		if !ok {
			p.ptr(addr)
			return next
		}
		if !empty && !p.exit {
			p.saved[0] = 1
			p.uringProbeText(addr, n)
		}
	}
	if !p.exit {
		return wait
	}
	if p.failed() {
		if p.saved[0] == 0 {
			p.ptr(addr)
		}
		return next
	}
	if p.saved[0] != 0 {
		p.Str(" => ")
	}
	p.uringProbeText(addr, n)
	return next
}

// zeroes says whether the size bytes at addr are 0; ok is false if they cannot
// be read.
func zeroes(addr, size uint64) (empty, ok bool) {
	empty = true
	var w uint64
	for off := uint64(0); off < size; off += 8 {
		if !peek(unsafe.Pointer(&w), 8, addr+off) {
			return false, false
		}
		empty = empty && w == 0
	}
	return empty, true
}

func (p *printer) uringProbeText(addr, n uint64) {
	var h uringProbeHead
	if !p.fetch(unsafe.Pointer(&h), int(unsafe.Sizeof(h)), addr) {
		return
	}
	p.first("last_op")
	p.valUint(xUringOp, uint64(h.lastOp))
	p.fieldUint("ops_len", uint64(h.opsLen))
	if h.resv != 0 {
		p.fieldHex("resv", uint64(h.resv))
	}
	if h.resv2[0]|h.resv2[1]|h.resv2[2] != 0 {
		p.field("resv2")
		p.hexWords(h.resv2[:])
	}
	more := false
	if p.exit {
		more = n < uint64(h.opsLen)
		if !more {
			n = uint64(h.opsLen)
		}
	}
	p.field("ops")
	p.uringProbeOps(addr+16, n, more)
	p.Byte('}')
}

// uringProbeOps prints n operations; more says that the kernel knows others.
func (p *printer) uringProbeOps(addr, n uint64, more bool) {
	var o uringProbeOp
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.comma()
		}
		if i >= look.strLen && !p.full() || !peek(unsafe.Pointer(&o), 8, addr+8*i) {
			p.Str("...")
			more = false
			break
		}
		p.first("op")
		p.valUint(xUringOp, uint64(o.op))
		if o.resv != 0 {
			p.fieldHex("resv", uint64(o.resv))
		}
		p.field("flags")
		p.flags(xUringOpFlag, uint64(o.flags))
		if o.resv2 != 0 {
			p.fieldHex("resv2", uint64(o.resv2))
		}
		p.Byte('}')
	}
	if more {
		if n > 0 {
			p.comma()
		}
		p.Str("...")
	}
	p.Byte(']')
}

// uringWorkers prints the limits of IORING_REGISTER_IOWQ_MAX_WORKERS; the
// kernel replaces them by the old ones.
func (p *printer) uringWorkers(addr, n uint64) step {
	if !p.cont && !p.uringLimits(addr, n) {
		return next
	}
	if !p.exit {
		return wait
	}
	p.Str(" => ")
	if p.failed() && n > 0 {
		p.ptr(addr)
	} else {
		p.uringLimits(addr, n)
	}
	return next
}

// uringLimits prints n limits with the names of their indexes; it returns
// whether it could.
func (p *printer) uringLimits(addr, n uint64) bool {
	var v uint32
	i := uint64(0)
	for ; p.each(unsafe.Pointer(&v), 4, addr, i, n); i++ {
		p.Byte('[')
		p.valUint(xUringWorkers, i)
		p.Str("]=")
		p.Uint(uint64(v))
	}
	return i > 0 && (i == n || i >= look.strLen)
}

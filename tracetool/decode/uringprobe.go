package decode

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

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
func uringProbe(p *text.Printer, addr, n uint64) text.Step {
	const most = 256
	size := uint64(unsafe.Sizeof(uringProbeHead{})) + n*uint64(unsafe.Sizeof(uringProbeOp{}))
	if !p.Cont {
		if n > most {
			p.Ptr(addr)
			return text.Next
		}
		empty, ok := zeroes(addr, size)
		if !ok {
			p.Ptr(addr)
			return text.Next
		}
		if !empty && !p.Exit {
			p.Saved[0] = 1
			uringProbeText(p, addr, n)
		}
	}
	if !p.Exit {
		return text.Wait
	}
	if p.Failed() {
		if p.Saved[0] == 0 {
			p.Ptr(addr)
		}
		return text.Next
	}
	if p.Saved[0] != 0 {
		p.Str(" => ")
	}
	uringProbeText(p, addr, n)
	return text.Next
}

// zeroes says whether the size bytes at addr are 0; ok is false if they cannot
// be read.
func zeroes(addr, size uint64) (empty, ok bool) {
	empty = true
	var w uint64
	for off := uint64(0); off < size; off += 8 {
		if !text.Peek(unsafe.Pointer(&w), 8, addr+off) {
			return false, false
		}
		empty = empty && w == 0
	}
	return empty, true
}

func uringProbeText(p *text.Printer, addr, n uint64) {
	var h uringProbeHead
	if !p.Fetch(unsafe.Pointer(&h), int(unsafe.Sizeof(h)), addr) {
		return
	}
	p.First("last_op")
	p.ValUint(names.UringOp, uint64(h.lastOp))
	p.FieldUint("ops_len", uint64(h.opsLen))
	if h.resv != 0 {
		p.FieldHex("resv", uint64(h.resv))
	}
	if h.resv2[0]|h.resv2[1]|h.resv2[2] != 0 {
		p.Field("resv2")
		hexWords(p, h.resv2[:])
	}
	more := false
	if p.Exit {
		more = n < uint64(h.opsLen)
		if !more {
			n = uint64(h.opsLen)
		}
	}
	p.Field("ops")
	uringProbeOps(p, addr+16, n, more)
	p.Byte('}')
}

// uringProbeOps prints n operations; more says that the kernel knows others.
func uringProbeOps(p *text.Printer, addr, n uint64, more bool) {
	var o uringProbeOp
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.Comma()
		}
		if i >= text.Opt.StrLen && !p.Full() || !text.Peek(unsafe.Pointer(&o), 8, addr+8*i) {
			p.Str("...")
			more = false
			break
		}
		p.First("op")
		p.ValUint(names.UringOp, uint64(o.op))
		if o.resv != 0 {
			p.FieldHex("resv", uint64(o.resv))
		}
		p.Field("flags")
		p.Flags(names.UringOpFlag, uint64(o.flags))
		if o.resv2 != 0 {
			p.FieldHex("resv2", uint64(o.resv2))
		}
		p.Byte('}')
	}
	if more {
		if n > 0 {
			p.Comma()
		}
		p.Str("...")
	}
	p.Byte(']')
}

// uringWorkers prints the limits of IORING_REGISTER_IOWQ_MAX_WORKERS; the
// kernel replaces them by the old ones.
func uringWorkers(p *text.Printer, addr, n uint64) text.Step {
	if !p.Cont && !uringLimits(p, addr, n) {
		return text.Next
	}
	if !p.Exit {
		return text.Wait
	}
	p.Str(" => ")
	if p.Failed() && n > 0 {
		p.Ptr(addr)
	} else {
		uringLimits(p, addr, n)
	}
	return text.Next
}

// uringLimits prints n limits with the names of their indexes; it returns
// whether it could.
func uringLimits(p *text.Printer, addr, n uint64) bool {
	var v uint32
	i := uint64(0)
	for ; p.Each(unsafe.Pointer(&v), 4, addr, i, n); i++ {
		p.Byte('[')
		p.ValUint(names.UringWorkers, i)
		p.Str("]=")
		p.Uint(uint64(v))
	}
	return i > 0 && (i == n || i >= text.Opt.StrLen)
}

package decode

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// UringParams is struct io_uring_params (include/uapi/linux/io_uring.h).
type UringParams struct {
	sqEntries, cqEntries, Flags, SqCPU, sqIdle, features uint32
	WqFd                                                 int32
	resv                                                 [3]uint32
	sq, cq                                               [10]uint32
}

// uringSetup prints struct io_uring_params: what the program asks for, and at
// the return what the kernel added.
func uringSetup(p *text.Printer) text.Step {
	const attachWq = 1 << 5 // IORING_SETUP_ATTACH_WQ
	var u UringParams
	addr := p.C.Args[1]
	if !p.Cont {
		if !p.Fetch(unsafe.Pointer(&u), int(unsafe.Sizeof(u)), addr) {
			return text.Next
		}
		p.First("flags")
		p.Flags(names.UringSetup, uint64(u.Flags))
		p.FieldHex("sq_thread_cpu", uint64(u.SqCPU))
		p.FieldUint("sq_thread_idle", uint64(u.sqIdle))
		if u.Flags&attachWq != 0 {
			p.Field("wq_fd")
			p.Fd(u.WqFd)
		}
		if u.resv[0]|u.resv[1]|u.resv[2] != 0 {
			p.Field("resv")
			hexWords(p, u.resv[:])
		}
	}
	if !p.Exit {
		return text.Wait
	}
	if !p.Failed() && text.Peek(unsafe.Pointer(&u), int(unsafe.Sizeof(u)), addr) {
		p.FieldUint("sq_entries", uint64(u.sqEntries))
		p.FieldUint("cq_entries", uint64(u.cqEntries))
		p.Field("features")
		p.Flags(names.UringFeat, uint64(u.features))
		uringOffsets(p, &u)
	}
	p.Byte('}')
	return text.Next
}

// hexWords prints reserved words.
func hexWords(p *text.Printer, w []uint32) {
	p.Byte('[')
	for i, v := range w {
		if i > 0 {
			p.Comma()
		}
		p.AltHex(uint64(v))
	}
	p.Byte(']')
}

// uringOffsets prints sq_off and cq_off.
func uringOffsets(p *text.Printer, u *UringParams) {
	p.Str(", sq_off={head=")
	p.Uint(uint64(u.sq[0]))
	p.FieldUint("tail", uint64(u.sq[1]))
	p.FieldUint("ring_mask", uint64(u.sq[2]))
	p.FieldUint("ring_entries", uint64(u.sq[3]))
	p.FieldUint("flags", uint64(u.sq[4]))
	p.FieldUint("dropped", uint64(u.sq[5]))
	p.FieldUint("array", uint64(u.sq[6]))
	uringResv(p, u.sq[7], u.sq[8], u.sq[9])
	p.Str("}, cq_off={head=")
	p.Uint(uint64(u.cq[0]))
	p.FieldUint("tail", uint64(u.cq[1]))
	p.FieldUint("ring_mask", uint64(u.cq[2]))
	p.FieldUint("ring_entries", uint64(u.cq[3]))
	p.FieldUint("overflow", uint64(u.cq[4]))
	p.FieldUint("cqes", uint64(u.cq[5]))
	p.FieldUint("flags", uint64(u.cq[6]))
	uringResv(p, u.cq[7], u.cq[8], u.cq[9])
	p.Byte('}')
}

// uringResv prints the reserved members at the end of the offsets.
func uringResv(p *text.Printer, resv1, lo, hi uint32) {
	if resv1 != 0 {
		p.FieldHex("resv1", uint64(resv1))
	}
	if lo|hi != 0 {
		p.FieldHex("resv2", uint64(hi)<<32|uint64(lo))
	}
}

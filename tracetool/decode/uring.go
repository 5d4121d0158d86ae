package tracetool

import "unsafe"

// uringParams is struct io_uring_params (include/uapi/linux/io_uring.h).
type uringParams struct {
	sqEntries, cqEntries, flags, sqCPU, sqIdle, features uint32
	wqFd                                                 int32
	resv                                                 [3]uint32
	sq, cq                                               [10]uint32
}

// uringSetup prints struct io_uring_params: what the program asks for, and at
// the return what the kernel added.
func (p *printer) uringSetup() step {
	const attachWq = 1 << 5 // IORING_SETUP_ATTACH_WQ
	var u uringParams
	addr := p.c.Args[1]
	if !p.cont {
		if !p.fetch(unsafe.Pointer(&u), int(unsafe.Sizeof(u)), addr) {
			return next
		}
		p.first("flags")
		p.flags(xUringSetup, uint64(u.flags))
		p.fieldHex("sq_thread_cpu", uint64(u.sqCPU))
		p.fieldUint("sq_thread_idle", uint64(u.sqIdle))
		if u.flags&attachWq != 0 {
			p.field("wq_fd")
			p.fd(u.wqFd)
		}
		if u.resv[0]|u.resv[1]|u.resv[2] != 0 {
			p.field("resv")
			p.hexWords(u.resv[:])
		}
	}
	if !p.exit {
		return wait
	}
	if !p.failed() && peek(unsafe.Pointer(&u), int(unsafe.Sizeof(u)), addr) {
		p.fieldUint("sq_entries", uint64(u.sqEntries))
		p.fieldUint("cq_entries", uint64(u.cqEntries))
		p.field("features")
		p.flags(xUringFeat, uint64(u.features))
		p.uringOffsets(&u)
	}
	p.Byte('}')
	return next
}

// hexWords prints reserved words.
func (p *printer) hexWords(w []uint32) {
	p.Byte('[')
	for i, v := range w {
		if i > 0 {
			p.comma()
		}
		p.hex(uint64(v))
	}
	p.Byte(']')
}

// uringOffsets prints sq_off and cq_off.
func (p *printer) uringOffsets(u *uringParams) {
	p.Str(", sq_off={head=")
	p.Uint(uint64(u.sq[0]))
	p.fieldUint("tail", uint64(u.sq[1]))
	p.fieldUint("ring_mask", uint64(u.sq[2]))
	p.fieldUint("ring_entries", uint64(u.sq[3]))
	p.fieldUint("flags", uint64(u.sq[4]))
	p.fieldUint("dropped", uint64(u.sq[5]))
	p.fieldUint("array", uint64(u.sq[6]))
	p.uringResv(u.sq[7], u.sq[8], u.sq[9])
	p.Str("}, cq_off={head=")
	p.Uint(uint64(u.cq[0]))
	p.fieldUint("tail", uint64(u.cq[1]))
	p.fieldUint("ring_mask", uint64(u.cq[2]))
	p.fieldUint("ring_entries", uint64(u.cq[3]))
	p.fieldUint("overflow", uint64(u.cq[4]))
	p.fieldUint("cqes", uint64(u.cq[5]))
	p.fieldUint("flags", uint64(u.cq[6]))
	p.uringResv(u.cq[7], u.cq[8], u.cq[9])
	p.Byte('}')
}

// uringResv prints the reserved members at the end of the offsets.
func (p *printer) uringResv(resv1, lo, hi uint32) {
	if resv1 != 0 {
		p.fieldHex("resv1", uint64(resv1))
	}
	if lo|hi != 0 {
		p.fieldHex("resv2", uint64(hi)<<32|uint64(lo))
	}
}

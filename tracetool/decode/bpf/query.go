package tracetool

import "unsafe"

// The commands of bpf(2) that the kernel answers in union bpf_attr.

// bpfTwice has the bits of these commands.
const bpfTwice = 1<<15 | 1<<16 | 1<<20

var bpfAsked = [...]struct {
	s []field // what is printed when the call is made
	n uint64  // offset of the number that the kernel changes
	z uint64  // size of the members known
}{
	15: {[]field{{"info", fOpen, 0}, {"bpf_fd", fFd, 0}, {"info_len", fU32, 0}}, 4, 16},
	16: {[]field{{"query", fOpen, 0}, {"target_fd", fFd, 0}, {"attach_type", fV32, xBpfAttach}, {"query_flags", fF32, xBpfQuery},
		{"attach_flags", fF32, xBpfAttachFlag}}, 24, 28},
	20: {[]field{{"task_fd_query", fOpen, 0}, {"pid", fPid, 0}, {"fd", fFd, 0}, {"flags", fU32, 0}, {"buf_len", fU32, 0}}, 12, 48},
}

var sBpfTaskFd = []field{{"", fAt, 24}, {"prog_id", fU32, 0}, {"fd_type", fV32, xBpfTaskFd}, {"probe_offset", fX64, 0}, {"probe_addr", fX64, 0}}

// bpfQuery prints such a command.
func (p *printer) bpfQuery(cmd uint32, addr, size uint64) step {
	q := &bpfAsked[cmd]
	w := window{addr: addr, end: size}
	if !p.cont {
		p.val(xBpfCmd, uint64(cmd))
		p.Str(", {")
		p.fieldsIn(&w, q.s, true)
		p.saved[0] = w.num(q.n, 4)
		if cmd == 15 {
			p.bpfSaveInfo(w.num(8, 8), p.saved[0])
		}
		if !p.exit {
			return wait
		}
	}
	was, n := p.saved[0], w.num(q.n, 4)
	if cmd != 16 && was != n {
		p.Str(" => ")
		p.Uint(n)
	}
	switch cmd {
	case 15:
		p.field("info")
		p.bpfInfo(int32(w.num(0, 4)), w.num(8, 8), n)
	case 16:
		p.field("prog_ids")
		var id uint32
		if n == 0 && w.num(16, 8) != 0 {
			p.Str("[]")
		} else if n == 0 || p.failed() {
			p.ptr(w.num(16, 8))
		}
		for i := uint64(0); n > 0 && !p.failed() && p.each(unsafe.Pointer(&id), 4, w.num(16, 8), i, n); i++ {
			p.Uint(uint64(id))
		}
		p.field("prog_cnt")
		if was != n {
			p.Uint(was)
			p.Str(" => ")
		}
		p.Uint(n)
	case 20:
		p.field("buf")
		if n > was {
			n = was
		}
		p.zstrn(w.num(16, 8), n)
		p.fieldsIn(&w, sBpfTaskFd, false)
	}
	p.Byte('}')
	p.bpfExtra(&w, q.z)
	p.Str("}, ")
	p.Uint(size)
	return last
}

// What a link is to, by the kind of the attachment.
var (
	sBpfLink     = []field{{"link_create", fOpen, 0}, {"prog_fd", fFd, 0}, {"target_fd", fFd, 0}, {"attach_type", fV32, xBpfAttach}, {"flags", fX32, 0}}
	sBpfLinkBtf  = []field{{"", fAt, 16}, {"", fNonzero, 0}, {"target_btf_id", fU32, 0}}
	sBpfLinkPerf = []field{{"", fAt, 16}, {"perf_event", fOpen, 0}, {"bpf_cookie", fX64, 0}, {"", fClose, 0}}
	sBpfMulti    = []field{{"", fAt, 16}, {"kprobe_multi", fOpen, 0}, {"flags", fF32, xBpfMulti}, {"cnt", fU32, 0}}
)

// bpfLink prints BPF_LINK_CREATE and returns how much of it.
func (p *printer) bpfLink(w *window) uint64 {
	p.fieldsIn(w, sBpfLink, true)
	size := uint64(16)
	var v uint64
	if w.end > 16 {
		switch w.num(8, 4) {
		case 0:
			p.fieldsIn(w, sBpfLinkBtf, false)
			size = 20
		case 28: // BPF_TRACE_ITER
			p.field("iter_info")
			n := w.num(24, 4)
			for i := uint64(0); p.each(unsafe.Pointer(&v), 4, w.num(16, 8), i, n); i++ {
				p.Str("{map={map_fd=")
				p.fd(int32(v))
				p.Str("}}")
			}
			p.fieldUint("iter_info_len", n)
			size = 28
		case 41: // BPF_PERF_EVENT
			p.fieldsIn(w, sBpfLinkPerf, false)
			size = 24
		case 42: // BPF_TRACE_KPROBE_MULTI
			p.fieldsIn(w, sBpfMulti, false)
			n := w.num(20, 4)
			p.field("syms")
			for i := uint64(0); p.each(unsafe.Pointer(&v), 8, w.num(24, 8), i, n); i++ {
				p.str(v)
			}
			p.field("addrs")
			for i := uint64(0); p.each(unsafe.Pointer(&v), 8, w.num(32, 8), i, n); i++ {
				p.hex(v)
			}
			p.field("cookies")
			for i := uint64(0); p.each(unsafe.Pointer(&v), 8, w.num(40, 8), i, n); i++ {
				p.hex(v)
			}
			p.Byte('}')
			size = 48
		}
	}
	p.Byte('}')
	return size
}

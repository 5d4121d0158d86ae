package bpf

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// The commands of bpf(2) that the kernel answers in union bpf_attr.

// bpfTwice has the bits of these commands.
const bpfTwice = 1<<15 | 1<<16 | 1<<20

var bpfAsked = [...]struct {
	s []text.Field // what is printed when the call is made
	n uint64       // offset of the number that the kernel changes
	z uint64       // size of the members known
}{
	15: {[]text.Field{{Name: "info", Kind: text.Open}, {Name: "bpf_fd", Kind: text.Fd}, {Name: "info_len", Kind: text.U32}}, 4, 16},
	16: {[]text.Field{{Name: "query", Kind: text.Open}, {Name: "target_fd", Kind: text.Fd}, {Name: "attach_type", Kind: text.V32, Arg: names.BpfAttach}, {Name: "query_flags", Kind: text.F32, Arg: names.BpfQuery},
		{Name: "attach_flags", Kind: text.F32, Arg: names.BpfAttachFlag}}, 24, 28},
	20: {[]text.Field{{Name: "task_fd_query", Kind: text.Open}, {Name: "pid", Kind: text.Pid}, {Name: "fd", Kind: text.Fd}, {Name: "flags", Kind: text.U32}, {Name: "buf_len", Kind: text.U32}}, 12, 48},
}

var sBpfTaskFd = []text.Field{{Kind: text.At, Arg: 24}, {Name: "prog_id", Kind: text.U32}, {Name: "fd_type", Kind: text.V32, Arg: names.BpfTaskFd}, {Name: "probe_offset", Kind: text.X64}, {Name: "probe_addr", Kind: text.X64}}

// bpfQuery prints such a command.
func bpfQuery(p *text.Printer, cmd uint32, addr, size uint64) text.Step {
	q := &bpfAsked[cmd]
	w := text.Window{Addr: addr, End: size}
	if !p.Cont {
		p.Val(names.BpfCmd, uint64(cmd))
		p.Str(", {")
		p.FieldsIn(&w, q.s, true)
		p.Saved[0] = w.Num(q.n, 4)
		if cmd == 15 {
			BpfSaveInfo(p, w.Num(8, 8), p.Saved[0])
		}
		if !p.Exit {
			return text.Wait
		}
	}
	was, n := p.Saved[0], w.Num(q.n, 4)
	if cmd != 16 && was != n {
		p.Str(" => ")
		p.Uint(n)
	}
	switch cmd {
	case 15:
		p.Field("info")
		bpfInfo(p, int32(w.Num(0, 4)), w.Num(8, 8), n)
	case 16:
		p.Field("prog_ids")
		var id uint32
		if n == 0 && w.Num(16, 8) != 0 {
			p.Str("[]")
		} else if n == 0 || p.Failed() {
			p.Ptr(w.Num(16, 8))
		}
		for i := uint64(0); n > 0 && !p.Failed() && p.Each(unsafe.Pointer(&id), 4, w.Num(16, 8), i, n); i++ {
			p.Uint(uint64(id))
		}
		p.Field("prog_cnt")
		if was != n {
			p.Uint(was)
			p.Str(" => ")
		}
		p.Uint(n)
	case 20:
		p.Field("buf")
		if n > was {
			n = was
		}
		p.Zstrn(w.Num(16, 8), n)
		p.FieldsIn(&w, sBpfTaskFd, false)
	}
	p.Byte('}')
	bpfExtra(p, &w, q.z)
	p.Str("}, ")
	p.Uint(size)
	return text.Last
}

// What a link is to, by the kind of the attachment.
var (
	sBpfLink     = []text.Field{{Name: "link_create", Kind: text.Open}, {Name: "prog_fd", Kind: text.Fd}, {Name: "target_fd", Kind: text.Fd}, {Name: "attach_type", Kind: text.V32, Arg: names.BpfAttach}, {Name: "flags", Kind: text.X32}}
	sBpfLinkBtf  = []text.Field{{Kind: text.At, Arg: 16}, {Kind: text.Nonzero}, {Name: "target_btf_id", Kind: text.U32}}
	sBpfLinkPerf = []text.Field{{Kind: text.At, Arg: 16}, {Name: "perf_event", Kind: text.Open}, {Name: "bpf_cookie", Kind: text.X64}, {Kind: text.Close}}
	sBpfMulti    = []text.Field{{Kind: text.At, Arg: 16}, {Name: "kprobe_multi", Kind: text.Open}, {Name: "flags", Kind: text.F32, Arg: names.BpfMulti}, {Name: "cnt", Kind: text.U32}}
)

// bpfLink prints BPF_LINK_CREATE and returns how much of it.
func bpfLink(p *text.Printer, w *text.Window) uint64 {
	p.FieldsIn(w, sBpfLink, true)
	size := uint64(16)
	var v uint64
	if w.End > 16 {
		switch w.Num(8, 4) {
		case 0:
			p.FieldsIn(w, sBpfLinkBtf, false)
			size = 20
		case 28: // BPF_TRACE_ITER
			p.Field("iter_info")
			n := w.Num(24, 4)
			for i := uint64(0); p.Each(unsafe.Pointer(&v), 4, w.Num(16, 8), i, n); i++ {
				p.Str("{map={map_fd=")
				p.Fd(int32(v))
				p.Str("}}")
			}
			p.FieldUint("iter_info_len", n)
			size = 28
		case 41: // BPF_PERF_EVENT
			p.FieldsIn(w, sBpfLinkPerf, false)
			size = 24
		case 42: // BPF_TRACE_KPROBE_MULTI
			p.FieldsIn(w, sBpfMulti, false)
			n := w.Num(20, 4)
			p.Field("syms")
			for i := uint64(0); p.Each(unsafe.Pointer(&v), 8, w.Num(24, 8), i, n); i++ {
				p.StrAt(v)
			}
			p.Field("addrs")
			for i := uint64(0); p.Each(unsafe.Pointer(&v), 8, w.Num(32, 8), i, n); i++ {
				p.AltHex(v)
			}
			p.Field("cookies")
			for i := uint64(0); p.Each(unsafe.Pointer(&v), 8, w.Num(40, 8), i, n); i++ {
				p.AltHex(v)
			}
			p.Byte('}')
			size = 48
		}
	}
	p.Byte('}')
	return size
}

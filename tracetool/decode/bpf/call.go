package bpf

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// bpf(2): union bpf_attr of include/uapi/linux/bpf.h. Its members have grown:
// what begins behind the size given is left out (fGrow).

var bpfCalls = [...][]text.Field{
	1: sBpfElem, 21: sBpfElem,
	2: {{Name: "map_fd", Kind: text.Fd}, {Name: "key", Kind: text.Ptr}, {Name: "value", Kind: text.Ptr}, {Name: "flags", Kind: text.V64, Arg: names.BpfUpdate}},
	3: {{Name: "map_fd", Kind: text.Fd}, {Name: "key", Kind: text.Ptr}},
	4: {{Name: "map_fd", Kind: text.Fd}, {Name: "key", Kind: text.Ptr}, {Name: "next_key", Kind: text.Ptr}},
	5: {{Kind: text.At, Arg: 16}, {Name: "license", Kind: text.TextAt}, {Kind: text.Grow}, {Name: "log_level", Kind: text.U32},
		{Name: "log_size", Kind: text.U32}, {Name: "log_buf", Kind: text.Log}, {Name: "kern_version", Kind: text.Kernel}, {Name: "prog_flags", Kind: text.F32, Arg: names.BpfProgFlag}, {Name: "prog_name", Kind: text.Str, Arg: 16},
		{Name: "prog_ifindex", Kind: text.Ifindex}, {Name: "expected_attach_type", Kind: text.V32, Arg: names.BpfAttach}, {Name: "prog_btf_fd", Kind: text.Fd}, {Name: "func_info_rec_size", Kind: text.U32},
		{Name: "func_info", Kind: text.Ptr}, {Name: "func_info_cnt", Kind: text.U32}, {Name: "line_info_rec_size", Kind: text.U32}, {Name: "line_info", Kind: text.Ptr}, {Name: "line_info_cnt", Kind: text.U32},
		{Name: "attach_btf_id", Kind: text.U32}, {Name: "attach_prog_fd", Kind: text.Fd}, {Kind: text.Pad, Arg: 4}, {Name: "fd_array", Kind: text.Ptr}},
	6: {{Name: "pathname", Kind: text.PathAt}, {Name: "bpf_fd", Kind: text.Fd}, {Kind: text.Grow}, {Name: "file_flags", Kind: text.F32, Arg: names.BpfFile}},
	7: {{Name: "pathname", Kind: text.PathAt}, {Name: "bpf_fd", Kind: text.Fd}, {Kind: text.Grow}, {Name: "file_flags", Kind: text.F32, Arg: names.BpfFile}},
	8: {{Name: "target_fd", Kind: text.Fd}, {Name: "attach_bpf_fd", Kind: text.Fd}, {Name: "attach_type", Kind: text.V32, Arg: names.BpfAttach}, {Name: "attach_flags", Kind: text.F32, Arg: names.BpfAttachFlag}, {Kind: text.Grow},
		{Name: "replace_bpf_fd", Kind: text.Fd}},
	9: {{Name: "target_fd", Kind: text.Fd}, {Kind: text.Pad, Arg: 4}, {Name: "attach_type", Kind: text.V32, Arg: names.BpfAttach}},
	10: {{Name: "test", Kind: text.Open}, {Name: "prog_fd", Kind: text.Fd}, {Name: "retval", Kind: text.U32}, {Name: "data_size_in", Kind: text.U32}, {Name: "data_size_out", Kind: text.U32}, {Name: "data_in", Kind: text.Ptr},
		{Name: "data_out", Kind: text.Ptr}, {Name: "repeat", Kind: text.U32}, {Name: "duration", Kind: text.U32}, {Kind: text.Grow}, {Name: "ctx_size_in", Kind: text.U32}, {Kind: text.With}, {Name: "ctx_size_out", Kind: text.U32},
		{Name: "ctx_in", Kind: text.Ptr}, {Name: "ctx_out", Kind: text.Ptr}, {Kind: text.Grow}, {Name: "flags", Kind: text.F32, Arg: names.BpfTest}, {Kind: text.With}, {Name: "cpu", Kind: text.U32}, {Kind: text.Grow}, {Name: "batch_size", Kind: text.U32}, {Kind: text.Close}},
	11: sBpfNext, 12: sBpfNext, 23: sBpfNext, 31: sBpfNext,
	13: {{Name: "prog_id", Kind: text.U32}, {Name: "next_id", Kind: text.U32}, {Kind: text.Grow}, {Name: "open_flags", Kind: text.F32, Arg: names.BpfFile}},
	14: {{Name: "map_id", Kind: text.U32}, {Name: "next_id", Kind: text.U32}, {Kind: text.Grow}, {Name: "open_flags", Kind: text.F32, Arg: names.BpfFile}},
	17: {{Name: "raw_tracepoint", Kind: text.Open}, {Name: "name", Kind: text.TextAt}, {Name: "prog_fd", Kind: text.Fd}, {Kind: text.Close}},
	18: {{Name: "btf", Kind: text.TextOf, Arg: 16}, {Name: "btf_log_buf", Kind: text.Ptr}, {Name: "btf_size", Kind: text.U32}, {Name: "btf_log_size", Kind: text.U32}, {Name: "btf_log_level", Kind: text.U32}},
	19: {{Name: "btf_id", Kind: text.U32}},
	22: {{Name: "map_fd", Kind: text.Fd}},
	24: sBpfLookup, 25: sBpfLookup,
	26: {{Name: "batch", Kind: text.Open}, {Kind: text.Pad, Arg: 16}, {Name: "keys", Kind: text.Ptr}, {Name: "values", Kind: text.Ptr}, {Name: "count", Kind: text.U32}, {Name: "map_fd", Kind: text.Fd}, {Name: "elem_flags", Kind: text.F64, Arg: names.BpfLookup},
		{Name: "flags", Kind: text.X64}, {Kind: text.Close}},
	27: {{Name: "batch", Kind: text.Open}, {Kind: text.Pad, Arg: 16}, {Name: "keys", Kind: text.Ptr}, {Kind: text.Pad, Arg: 8}, {Name: "count", Kind: text.U32}, {Name: "map_fd", Kind: text.Fd}, {Name: "elem_flags", Kind: text.F64, Arg: names.BpfLookup},
		{Name: "flags", Kind: text.X64}, {Kind: text.Close}},
	29: {{Name: "link_update", Kind: text.Open}, {Name: "link_fd", Kind: text.Fd}, {Name: "new_prog_fd", Kind: text.Fd}, {Name: "flags", Kind: text.F32, Arg: names.BpfAttachFlag}, {Kind: text.Nonzero},
		{Name: "old_prog_fd", Kind: text.Fd}, {Kind: text.Close}},
	28: sBpfLink,
	30: {{Name: "link_id", Kind: text.U32}},
	34: {{Name: "link_detach", Kind: text.Open}, {Name: "link_fd", Kind: text.Fd}, {Kind: text.Close}},
	35: {{Name: "prog_bind_map", Kind: text.Open}, {Name: "prog_fd", Kind: text.Fd}, {Name: "map_fd", Kind: text.Fd}, {Name: "flags", Kind: text.X32}, {Kind: text.Close}},
}

// What BPF_PROG_LOAD has before its instructions.
var sBpfProgLoad = []text.Field{{Name: "prog_type", Kind: text.V32, Arg: names.BpfProg}, {Name: "insn_cnt", Kind: text.U32}}

// The calls that look an element up.
var sBpfElem = []text.Field{{Name: "map_fd", Kind: text.Fd}, {Name: "key", Kind: text.Ptr}, {Name: "value", Kind: text.Ptr}, {Kind: text.Grow}, {Name: "flags", Kind: text.F64, Arg: names.BpfLookup}}

// The calls for the next of a list.
var sBpfNext = []text.Field{{Name: "start_id", Kind: text.U32}, {Name: "next_id", Kind: text.U32}, {Kind: text.Grow}, {Name: "open_flags", Kind: text.F32, Arg: names.BpfFile}}

// The batch of the calls that look elements up.
var sBpfLookup = []text.Field{{Name: "batch", Kind: text.Open}, {Name: "in_batch", Kind: text.Ptr}, {Name: "out_batch", Kind: text.Ptr}, {Name: "keys", Kind: text.Ptr}, {Name: "values", Kind: text.Ptr}, {Name: "count", Kind: text.U32},
	{Name: "map_fd", Kind: text.Fd}, {Name: "elem_flags", Kind: text.F64, Arg: names.BpfLookup}, {Name: "flags", Kind: text.X64}, {Kind: text.Close}}

// The members of BPF_MAP_CREATE before and behind the one that counts with a
// flag only.
var (
	sBpfMap = []text.Field{{Name: "map_type", Kind: text.V32, Arg: names.BpfMap}, {Name: "key_size", Kind: text.U32}, {Name: "value_size", Kind: text.U32}, {Name: "max_entries", Kind: text.U32}, {Kind: text.Grow},
		{Name: "map_flags", Kind: text.F32, Arg: names.BpfMapFlag}, {Name: "inner_map_fd", Kind: text.Fd}}
	sBpfMapNode = []text.Field{{Kind: text.Grow}, {Kind: text.At, Arg: 24}, {Name: "numa_node", Kind: text.Node}}
	sBpfMapMore = []text.Field{{Kind: text.Grow}, {Kind: text.At, Arg: 28}, {Name: "map_name", Kind: text.Str, Arg: 16}, {Name: "map_ifindex", Kind: text.Ifindex}, {Name: "btf_fd", Kind: text.Fd},
		{Name: "btf_key_type_id", Kind: text.U32}, {Name: "btf_value_type_id", Kind: text.U32}, {Name: "btf_vmlinux_value_type_id", Kind: text.U32}, {Name: "map_extra", Kind: text.U64}}
)

// Bpf prints bpf(2).
func Bpf(p *text.Printer) text.Step {
	const (
		numaNode = 1 << 2 // BPF_F_NUMA_NODE
		progLoad = 5      // BPF_PROG_LOAD
	)
	a := &p.C.Args
	if uint32(a[0]) < 64 && bpfTwice>>a[0]&1 != 0 && a[2]-1 < bpfAttrMax && text.Readable(a[1], a[2]) {
		return bpfQuery(p, uint32(a[0]), a[1], uint64(uint32(a[2])))
	}
	cmd, addr, size := uint32(a[0]), a[1], uint64(uint32(a[2]))
	p.Val(names.BpfCmd, uint64(cmd))
	p.Comma()
	known := cmd == 0 || int(cmd) < len(bpfCalls) && bpfCalls[cmd] != nil
	switch {
	case !known || size == 0 || size > bpfAttrMax || !text.Readable(addr, size):
		p.Ptr(addr)
	default:
		w := text.Window{Addr: addr, End: size}
		full := uint64(0)
		p.Byte('{')
		if cmd == 0 {
			p.FieldsIn(&w, sBpfMap, true)
			if w.Num(16, 4)&numaNode != 0 {
				p.FieldsIn(&w, sBpfMapNode, false)
			}
			p.FieldsIn(&w, sBpfMapMore, false)
			full = text.SizeOf(sBpfMapMore)
		} else if cmd == 28 {
			full = bpfLink(p, &w)
		} else {
			if cmd == progLoad {
				p.FieldsIn(&w, sBpfProgLoad, true)
				p.Field("insns")
				ebpf(p, w.Num(8, 8), w.Num(4, 4), false)
			}
			p.FieldsIn(&w, bpfCalls[cmd], cmd != progLoad)
			full = text.SizeOf(bpfCalls[cmd])
		}
		bpfExtra(p, &w, full)
		p.Byte('}')
	}
	p.Comma()
	p.Uint(size)
	return text.Last
}

// bpfAttrMax is the page that the kernel looks at at most.
const bpfAttrMax = 4096

// bpfExtra prints what lies behind the members known, if it is not zero.
func bpfExtra(p *text.Printer, w *text.Window, from uint64) {
	if from >= w.End || w.Zero(from, w.End) {
		return
	}
	if !p.Full() {
		p.Str(", ...")
		return
	}
	p.Field("extra_data")
	p.AllHex = true
	p.Text(w.Addr+from, w.End-from, w.End, false)
	p.AllHex = false
	p.Str(" /* bytes ")
	p.Uint(from)
	p.Str("..")
	p.Uint(w.End - 1)
	p.Str(" */")
}

// BpfResult prints what bpf(2) returned, which for some commands is a
// descriptor.
func BpfResult(p *text.Printer) {
	switch uint32(p.C.Args[0]) {
	case 0, 5, 7, 13, 14, 17, 18, 19, 28, 30, 32, 33:
		if p.C.Result == int64(int32(p.C.Result)) {
			p.Fd(int32(p.C.Result))
			return
		}
	}
	p.Int(p.C.Result)
}

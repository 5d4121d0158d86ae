package tracetool

// bpf(2): union bpf_attr of include/uapi/linux/bpf.h. Its members have grown:
// what begins behind the size given is left out (fGrow).

var bpfCalls = [...][]field{
	1: sBpfElem, 21: sBpfElem,
	2: {{"map_fd", fFd, 0}, {"key", fPtr, 0}, {"value", fPtr, 0}, {"flags", fV64, xBpfUpdate}},
	3: {{"map_fd", fFd, 0}, {"key", fPtr, 0}},
	4: {{"map_fd", fFd, 0}, {"key", fPtr, 0}, {"next_key", fPtr, 0}},
	5: {{"", fAt, 16}, {"license", fTextAt, 0}, {"", fGrow, 0}, {"log_level", fU32, 0},
		{"log_size", fU32, 0}, {"log_buf", fLog, 0}, {"kern_version", fKernel, 0}, {"prog_flags", fF32, xBpfProgFlag}, {"prog_name", fStr, 16},
		{"prog_ifindex", fIfindex, 0}, {"expected_attach_type", fV32, xBpfAttach}, {"prog_btf_fd", fFd, 0}, {"func_info_rec_size", fU32, 0},
		{"func_info", fPtr, 0}, {"func_info_cnt", fU32, 0}, {"line_info_rec_size", fU32, 0}, {"line_info", fPtr, 0}, {"line_info_cnt", fU32, 0},
		{"attach_btf_id", fU32, 0}, {"attach_prog_fd", fFd, 0}, {"", fPad, 4}, {"fd_array", fPtr, 0}},
	6: {{"pathname", fPathAt, 0}, {"bpf_fd", fFd, 0}, {"", fGrow, 0}, {"file_flags", fF32, xBpfFile}},
	7: {{"pathname", fPathAt, 0}, {"bpf_fd", fFd, 0}, {"", fGrow, 0}, {"file_flags", fF32, xBpfFile}},
	8: {{"target_fd", fFd, 0}, {"attach_bpf_fd", fFd, 0}, {"attach_type", fV32, xBpfAttach}, {"attach_flags", fF32, xBpfAttachFlag}, {"", fGrow, 0},
		{"replace_bpf_fd", fFd, 0}},
	9: {{"target_fd", fFd, 0}, {"", fPad, 4}, {"attach_type", fV32, xBpfAttach}},
	10: {{"test", fOpen, 0}, {"prog_fd", fFd, 0}, {"retval", fU32, 0}, {"data_size_in", fU32, 0}, {"data_size_out", fU32, 0}, {"data_in", fPtr, 0},
		{"data_out", fPtr, 0}, {"repeat", fU32, 0}, {"duration", fU32, 0}, {"", fGrow, 0}, {"ctx_size_in", fU32, 0}, {"", fWith, 0}, {"ctx_size_out", fU32, 0},
		{"ctx_in", fPtr, 0}, {"ctx_out", fPtr, 0}, {"", fGrow, 0}, {"flags", fF32, xBpfTest}, {"", fWith, 0}, {"cpu", fU32, 0}, {"", fGrow, 0}, {"batch_size", fU32, 0}, {"", fClose, 0}},
	11: sBpfNext, 12: sBpfNext, 23: sBpfNext, 31: sBpfNext,
	13: {{"prog_id", fU32, 0}, {"next_id", fU32, 0}, {"", fGrow, 0}, {"open_flags", fF32, xBpfFile}},
	14: {{"map_id", fU32, 0}, {"next_id", fU32, 0}, {"", fGrow, 0}, {"open_flags", fF32, xBpfFile}},
	17: {{"raw_tracepoint", fOpen, 0}, {"name", fTextAt, 0}, {"prog_fd", fFd, 0}, {"", fClose, 0}},
	18: {{"btf", fTextOf, 16}, {"btf_log_buf", fPtr, 0}, {"btf_size", fU32, 0}, {"btf_log_size", fU32, 0}, {"btf_log_level", fU32, 0}},
	19: {{"btf_id", fU32, 0}},
	22: {{"map_fd", fFd, 0}},
	24: sBpfLookup, 25: sBpfLookup,
	26: {{"batch", fOpen, 0}, {"", fPad, 16}, {"keys", fPtr, 0}, {"values", fPtr, 0}, {"count", fU32, 0}, {"map_fd", fFd, 0}, {"elem_flags", fF64, xBpfLookup},
		{"flags", fX64, 0}, {"", fClose, 0}},
	27: {{"batch", fOpen, 0}, {"", fPad, 16}, {"keys", fPtr, 0}, {"", fPad, 8}, {"count", fU32, 0}, {"map_fd", fFd, 0}, {"elem_flags", fF64, xBpfLookup},
		{"flags", fX64, 0}, {"", fClose, 0}},
	29: {{"link_update", fOpen, 0}, {"link_fd", fFd, 0}, {"new_prog_fd", fFd, 0}, {"flags", fF32, xBpfAttachFlag}, {"", fNonzero, 0},
		{"old_prog_fd", fFd, 0}, {"", fClose, 0}},
	28: sBpfLink,
	30: {{"link_id", fU32, 0}},
	34: {{"link_detach", fOpen, 0}, {"link_fd", fFd, 0}, {"", fClose, 0}},
	35: {{"prog_bind_map", fOpen, 0}, {"prog_fd", fFd, 0}, {"map_fd", fFd, 0}, {"flags", fX32, 0}, {"", fClose, 0}},
}

// What BPF_PROG_LOAD has before its instructions.
var sBpfProgLoad = []field{{"prog_type", fV32, xBpfProg}, {"insn_cnt", fU32, 0}}

// The calls that look an element up.
var sBpfElem = []field{{"map_fd", fFd, 0}, {"key", fPtr, 0}, {"value", fPtr, 0}, {"", fGrow, 0}, {"flags", fF64, xBpfLookup}}

// The calls for the next of a list.
var sBpfNext = []field{{"start_id", fU32, 0}, {"next_id", fU32, 0}, {"", fGrow, 0}, {"open_flags", fF32, xBpfFile}}

// The batch of the calls that look elements up.
var sBpfLookup = []field{{"batch", fOpen, 0}, {"in_batch", fPtr, 0}, {"out_batch", fPtr, 0}, {"keys", fPtr, 0}, {"values", fPtr, 0}, {"count", fU32, 0},
	{"map_fd", fFd, 0}, {"elem_flags", fF64, xBpfLookup}, {"flags", fX64, 0}, {"", fClose, 0}}

// The members of BPF_MAP_CREATE before and behind the one that counts with a
// flag only.
var (
	sBpfMap = []field{{"map_type", fV32, xBpfMap}, {"key_size", fU32, 0}, {"value_size", fU32, 0}, {"max_entries", fU32, 0}, {"", fGrow, 0},
		{"map_flags", fF32, xBpfMapFlag}, {"inner_map_fd", fFd, 0}}
	sBpfMapNode = []field{{"", fGrow, 0}, {"", fAt, 24}, {"numa_node", fNode, 0}}
	sBpfMapMore = []field{{"", fGrow, 0}, {"", fAt, 28}, {"map_name", fStr, 16}, {"map_ifindex", fIfindex, 0}, {"btf_fd", fFd, 0},
		{"btf_key_type_id", fU32, 0}, {"btf_value_type_id", fU32, 0}, {"btf_vmlinux_value_type_id", fU32, 0}, {"map_extra", fU64, 0}}
)

// bpf prints bpf(2).
func (p *printer) bpf() step {
	const (
		numaNode = 1 << 2 // BPF_F_NUMA_NODE
		progLoad = 5      // BPF_PROG_LOAD
	)
	a := &p.c.Args
	if uint32(a[0]) < 64 && bpfTwice>>a[0]&1 != 0 && a[2]-1 < bpfAttrMax && readable(a[1], a[2]) {
		return p.bpfQuery(uint32(a[0]), a[1], uint64(uint32(a[2])))
	}
	cmd, addr, size := uint32(a[0]), a[1], uint64(uint32(a[2]))
	p.val(xBpfCmd, uint64(cmd))
	p.comma()
	known := cmd == 0 || int(cmd) < len(bpfCalls) && bpfCalls[cmd] != nil
	switch {
	case !known || size == 0 || size > bpfAttrMax || !readable(addr, size):
		p.ptr(addr)
	default:
		w := window{addr: addr, end: size}
		full := uint64(0)
		p.Byte('{')
		if cmd == 0 {
			p.fieldsIn(&w, sBpfMap, true)
			if w.num(16, 4)&numaNode != 0 {
				p.fieldsIn(&w, sBpfMapNode, false)
			}
			p.fieldsIn(&w, sBpfMapMore, false)
			full = sizeOf(sBpfMapMore)
		} else if cmd == 28 {
			full = p.bpfLink(&w)
		} else {
			if cmd == progLoad {
				p.fieldsIn(&w, sBpfProgLoad, true)
				p.field("insns")
				p.ebpf(w.num(8, 8), w.num(4, 4), false)
			}
			p.fieldsIn(&w, bpfCalls[cmd], cmd != progLoad)
			full = sizeOf(bpfCalls[cmd])
		}
		p.bpfExtra(&w, full)
		p.Byte('}')
	}
	p.comma()
	p.Uint(size)
	return last
}

// bpfAttrMax is the page that the kernel looks at at most.
const bpfAttrMax = 4096

// bpfExtra prints what lies behind the members known, if it is not zero.
func (p *printer) bpfExtra(w *window, from uint64) {
	if from >= w.end || w.zero(from, w.end) {
		return
	}
	if !p.full() {
		p.Str(", ...")
		return
	}
	p.field("extra_data")
	p.allHex = true
	p.text(w.addr+from, w.end-from, w.end, false)
	p.allHex = false
	p.Str(" /* bytes ")
	p.Uint(from)
	p.Str("..")
	p.Uint(w.end - 1)
	p.Str(" */")
}

// bpfResult prints what bpf(2) returned, which for some commands is a
// descriptor.
func (p *printer) bpfResult() {
	switch uint32(p.c.Args[0]) {
	case 0, 5, 7, 13, 14, 17, 18, 19, 28, 30, 32, 33:
		if p.c.Result == int64(int32(p.c.Result)) {
			p.fd(int32(p.c.Result))
			return
		}
	}
	p.Int(p.c.Result)
}

package bpf_test

import (
	"regexp"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/decode/bpf"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

// TestBpfInstructions is a program to load; expected text is strace 6.1's.
func TestBpfInstructions(t *testing.T) {
	insns := decodetest.Mem([5]bpf.BpfInsn{{Code: 0xb7, Regs: 0x01}, {Code: 0x63, Regs: 0x1a, Off: -4, Imm: 7}, {Code: 0xc3, Regs: 0xbc, Imm: 0xfffffffb}, {Code: 0x16, Off: 1}, {Code: 0xe4}})
	load := decodetest.Mem([3]uint64{5<<32 | 1, uint64(insns), uint64(decodetest.Cstring("GPL"))})
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_BPF, 5, load, 24),
		`bpf(BPF_PROG_LOAD, {prog_type=BPF_PROG_TYPE_SOCKET_FILTER, insn_cnt=5, insns=‹hex›, license="GPL"}, 24) = -1 EINVAL (Invalid argument)`)
	decodetest.Verbosely(t)
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_BPF, 5, load, 24), `bpf(BPF_PROG_LOAD, {prog_type=BPF_PROG_TYPE_SOCKET_FILTER, insn_cnt=5, insns=[`+
		`{code=BPF_ALU64|BPF_K|BPF_MOV, dst_reg=BPF_REG_1, src_reg=BPF_REG_0, off=0, imm=0}, `+
		`{code=BPF_STX|BPF_W|BPF_MEM, dst_reg=BPF_REG_10, src_reg=BPF_REG_1, off=-4, imm=0x7}, `+
		`{code=BPF_STX|BPF_W|BPF_XADD, dst_reg=0xc /* BPF_REG_??? */, src_reg=0xb /* BPF_REG_??? */, off=0, imm=0xfffffffb}, `+
		`{code=BPF_JMP32|0x10 /* BPF_??? */, dst_reg=BPF_REG_0, src_reg=BPF_REG_0, off=1, imm=0}, `+
		`{code=BPF_ALU|BPF_K|0xe0 /* BPF_??? */, dst_reg=BPF_REG_0, src_reg=BPF_REG_0, off=0, imm=0}], license="GPL"}, 24) = -1 EINVAL (Invalid argument)`)
}

// TestBpfProgramInfo is what the kernel tells of a program: numbers that it
// changed, and a structure that ends early.
func TestBpfProgramInfo(t *testing.T) {
	decodetest.Verbosely(t)
	ids := decodetest.Mem([3]uint32{11, 12, 13})
	v := [56]uint32{0: 1, 1: 217, 2: 0x31a9f459, 4: 200, 5: 8, 13: 3, 14: uint32(ids), 15: uint32(ids >> 32), 16: 'a', 21: 0xfffffffe, 26: 20, 54: 2}
	addr := decodetest.Mem(v)
	var kept [text.MaxKept]uint32
	p := text.Printer{C: &systrap.Call{Sysno: unix.SYS_BPF}, Exit: true, Kept: &kept, Line: systrap.LineOn(decodetest.Keep[:])}
	bpf.BpfSaveInfo(&p, uint64(addr), 220)
	now := (*[56]uint32)(decodetest.PtrAt(addr))
	now[4], now[13], now[26] = 16, 2, 1
	w := text.Window{Addr: uint64(addr), End: 220}
	p.Byte('{')
	bpf.BpfProgInfo(&p, &w)
	p.Byte('}')
	got := loadTime.ReplaceAllString(string(p.Bytes()), "load_time=0 ")
	decodetest.WantLine(t, got, `{type=BPF_PROG_TYPE_SOCKET_FILTER, id=217, tag="\x59\xf4\xa9\x31\x00\x00\x00\x00", jited_prog_len=200 => 16, `+
		`jited_prog_insns=NULL, xlated_prog_len=8, xlated_prog_insns=NULL, load_time=0 , created_by_uid=0, nr_map_ids=3 => 2, map_ids=[11, 12], `+
		`name="a", ifindex=0, gpl_compatible=0, netns_dev=makedev(0, 0), netns_ino=0, nr_jited_ksyms=20 => 1, nr_jited_func_lens=0, `+
		`jited_ksyms=NULL, jited_func_lens=NULL, btf_id=0, func_info_rec_size=0, func_info=NULL, nr_func_info=0, nr_line_info=0, `+
		`line_info=NULL, jited_line_info=NULL, nr_jited_line_info=0, line_info_rec_size=0, jited_line_info_rec_size=0, nr_prog_tags=0, `+
		`prog_tags=NULL, run_time_ns=0, run_cnt=0, recursion_misses=0, verified_insns=2}`)
}

var loadTime = regexp.MustCompile(`load_time=0 /\*[^*]*\*/`)

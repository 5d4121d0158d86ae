package bpf

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// What BPF_OBJ_GET_INFO_BY_FD tells of a map and of a program: struct
// bpf_map_info and struct bpf_prog_info (include/uapi/linux/bpf.h), of which
// the kernel fills in as much as the program has room for.

var sBpfMapInfo = []text.Field{{Name: "type", Kind: text.V32, Arg: names.BpfMap}, {Name: "id", Kind: text.U32}, {Name: "key_size", Kind: text.U32}, {Name: "value_size", Kind: text.U32}, {Name: "max_entries", Kind: text.U32},
	{Name: "map_flags", Kind: text.F32, Arg: names.BpfMapFlag}, {Kind: text.Grow}, {Name: "name", Kind: text.Str, Arg: 16}, {Name: "ifindex", Kind: text.Ifindex}, {Kind: text.With},
	{Name: "btf_vmlinux_value_type_id", Kind: text.U32}, {Name: "netns_dev", Kind: text.Dev64}, {Name: "netns_ino", Kind: text.U64}, {Kind: text.Grow}, {Name: "btf_id", Kind: text.U32}, {Kind: text.With},
	{Name: "btf_key_type_id", Kind: text.U32}, {Name: "btf_value_type_id", Kind: text.U32}, {Kind: text.Pad, Arg: 12}}

// The parts of a program's, between which lies what is behind an address.
var (
	sBpfProg = []text.Field{{Name: "type", Kind: text.V32, Arg: names.BpfProg}, {Name: "id", Kind: text.U32}, {Name: "tag", Kind: text.Bytes, Arg: 8}, {Name: "jited_prog_len", Kind: text.Was}}
	sBpfXlat = []text.Field{{Kind: text.At, Arg: 20}, {Name: "xlated_prog_len", Kind: text.Was, Arg: 1}}
	sBpfUser = []text.Field{{Kind: text.At, Arg: 48}, {Name: "created_by_uid", Kind: text.U32}, {Name: "nr_map_ids", Kind: text.Was, Arg: 2}}
	sBpfRest = []text.Field{{Kind: text.At, Arg: 64}, {Name: "name", Kind: text.Str, Arg: 16}, {Kind: text.Grow}, {Name: "ifindex", Kind: text.Ifindex}, {Kind: text.With}, {Name: "gpl_compatible", Kind: text.Bit32},
		{Name: "netns_dev", Kind: text.Dev64}, {Name: "netns_ino", Kind: text.U64}, {Kind: text.Grow}, {Name: "nr_jited_ksyms", Kind: text.Was, Arg: 3}, {Kind: text.With}, {Name: "nr_jited_func_lens", Kind: text.Was, Arg: 4},
		{Name: "jited_ksyms", Kind: text.Ptr}, {Name: "jited_func_lens", Kind: text.Ptr}, {Kind: text.Grow}, {Name: "btf_id", Kind: text.U32}, {Kind: text.With},
		{Name: "func_info_rec_size", Kind: text.Was, Arg: 5}, {Name: "func_info", Kind: text.Ptr}, {Name: "nr_func_info", Kind: text.Was, Arg: 6}, {Name: "nr_line_info", Kind: text.Was, Arg: 7}, {Name: "line_info", Kind: text.Ptr},
		{Name: "jited_line_info", Kind: text.Ptr}, {Name: "nr_jited_line_info", Kind: text.Was, Arg: 8}, {Name: "line_info_rec_size", Kind: text.Was, Arg: 9}, {Name: "jited_line_info_rec_size", Kind: text.Was, Arg: 10},
		{Name: "nr_prog_tags", Kind: text.Was, Arg: 11}, {Name: "prog_tags", Kind: text.Ptr}, {Kind: text.Grow}, {Name: "run_time_ns", Kind: text.U64}, {Kind: text.With}, {Name: "run_cnt", Kind: text.U64},
		{Kind: text.Grow}, {Name: "recursion_misses", Kind: text.U64}, {Name: "verified_insns", Kind: text.U32}}
)

// bpfCounts are the offsets of the numbers in struct bpf_prog_info that say how
// much room there is, and then how much there would have to be: those of fWas.
var bpfCounts = [...]uint8{16, 20, 52, 104, 108, 132, 144, 148, 168, 172, 176, 180}

// BpfSaveInfo keeps these numbers as they were before the call.
func BpfSaveInfo(p *text.Printer, addr, n uint64) {
	w := text.Window{Addr: addr, End: n}
	for i, off := range bpfCounts {
		p.Keep(i, uint32(w.Num(uint64(off), 4)))
	}
}

// bpfCount returns how many bytes or elements the kernel has filled in of those
// that number i counts.
func bpfCount(p *text.Printer, w *text.Window, i int) uint64 {
	v := uint32(w.Num(uint64(bpfCounts[i]), 4))
	return uint64(min(p.KeptOr(i, v), v))
}

// bpfInfo prints the n bytes at addr that tell of the object of descriptor fd.
func bpfInfo(p *text.Printer, fd int32, addr, n uint64) {
	if !p.Full() || n == 0 || n > bpfAttrMax || !text.Readable(addr, n) {
		p.Ptr(addr)
		return
	}
	w := text.Window{Addr: addr, End: n}
	switch bpfObject(fd) {
	case bpfMapFd:
		p.Byte('{')
		p.FieldsIn(&w, sBpfMapInfo, true)
		bpfExtra(p, &w, text.SizeOf(sBpfMapInfo))
		p.Byte('}')
	case bpfProgFd:
		p.Byte('{')
		BpfProgInfo(p, &w)
		bpfExtra(p, &w, text.SizeOf(sBpfRest))
		p.Byte('}')
	default:
		p.Ptr(addr)
	}
}

func BpfProgInfo(p *text.Printer, w *text.Window) {
	p.FieldsIn(w, sBpfProg, true)
	p.Field("jited_prog_insns")
	p.AllHex = true
	p.Buf(w.Num(24, 8), w.Num(16, 4))
	p.AllHex = false
	p.FieldsIn(w, sBpfXlat, false)
	p.Field("xlated_prog_insns")
	ebpf(p, w.Num(32, 8), bpfCount(p, w, 1)/8, true)
	if w.End <= 40 {
		return
	}
	load := w.Num(40, 8)
	p.FieldUint("load_time", load)
	sinceBoot(p, load)
	p.FieldsIn(w, sBpfUser, false)
	p.Field("map_ids")
	var id uint32
	ids, n := w.Num(56, 8), bpfCount(p, w, 2)
	for i := uint64(0); p.EachOut(unsafe.Pointer(&id), 4, ids, i, n); i++ {
		p.Uint(uint64(id))
	}
	p.FieldsIn(w, sBpfRest, false)
}

// sinceBoot prints the time that was ns after the start of the machine as a
// comment.
func sinceBoot(p *text.Printer, ns uint64) {
	var now, boot unix.Timespec
	if systrap.Syscall(unix.SYS_CLOCK_GETTIME, unix.CLOCK_BOOTTIME, uintptr(unsafe.Pointer(&boot)), 0, 0, 0, 0) != 0 ||
		systrap.Syscall(unix.SYS_CLOCK_GETTIME, unix.CLOCK_REALTIME, uintptr(unsafe.Pointer(&now)), 0, 0, 0, 0) != 0 {
		return
	}
	const second = 1e9
	sec := now.Sec - boot.Sec + int64(ns/second)
	frac := now.Nsec - boot.Nsec + int64(ns%second)
	for ; frac < 0; frac += second {
		sec--
	}
	p.Date(sec+frac/second, 0, 0)
}

// bpfFd says what an object of bpf(2) is.
type bpfFd uint8

const (
	bpfNoFd bpfFd = iota
	bpfMapFd
	bpfProgFd
)

// bpfObject asks the kernel what descriptor fd is: the names are those that
// kernel/bpf/syscall.c gives its anonymous inodes.
//
//go:noinline
func bpfObject(fd int32) bpfFd {
	var path, link [32]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/thread-self/fd/")
	l.Int(int64(fd))
	n := systrap.Syscall(unix.SYS_READLINK, uintptr(unsafe.Pointer(&path)), uintptr(unsafe.Pointer(&link)), uintptr(len(link)), 0, 0, 0)
	if n <= 0 || n > int64(len(link)) {
		return bpfNoFd
	}
	switch b := link[:n]; string(b) {
	case "anon_inode:bpf-map":
		return bpfMapFd
	case "anon_inode:bpf-prog":
		return bpfProgFd
	}
	return bpfNoFd
}

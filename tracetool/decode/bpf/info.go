package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// What BPF_OBJ_GET_INFO_BY_FD tells of a map and of a program: struct
// bpf_map_info and struct bpf_prog_info (include/uapi/linux/bpf.h), of which
// the kernel fills in as much as the program has room for.

var sBpfMapInfo = []field{{"type", fV32, xBpfMap}, {"id", fU32, 0}, {"key_size", fU32, 0}, {"value_size", fU32, 0}, {"max_entries", fU32, 0},
	{"map_flags", fF32, xBpfMapFlag}, {"", fGrow, 0}, {"name", fStr, 16}, {"ifindex", fIfindex, 0}, {"", fWith, 0},
	{"btf_vmlinux_value_type_id", fU32, 0}, {"netns_dev", fDev64, 0}, {"netns_ino", fU64, 0}, {"", fGrow, 0}, {"btf_id", fU32, 0}, {"", fWith, 0},
	{"btf_key_type_id", fU32, 0}, {"btf_value_type_id", fU32, 0}, {"", fPad, 12}}

// The parts of a program's, between which lies what is behind an address.
var (
	sBpfProg = []field{{"type", fV32, xBpfProg}, {"id", fU32, 0}, {"tag", fBytes, 8}, {"jited_prog_len", fWas, 0}}
	sBpfXlat = []field{{"", fAt, 20}, {"xlated_prog_len", fWas, 1}}
	sBpfUser = []field{{"", fAt, 48}, {"created_by_uid", fU32, 0}, {"nr_map_ids", fWas, 2}}
	sBpfRest = []field{{"", fAt, 64}, {"name", fStr, 16}, {"", fGrow, 0}, {"ifindex", fIfindex, 0}, {"", fWith, 0}, {"gpl_compatible", fBit32, 0},
		{"netns_dev", fDev64, 0}, {"netns_ino", fU64, 0}, {"", fGrow, 0}, {"nr_jited_ksyms", fWas, 3}, {"", fWith, 0}, {"nr_jited_func_lens", fWas, 4},
		{"jited_ksyms", fPtr, 0}, {"jited_func_lens", fPtr, 0}, {"", fGrow, 0}, {"btf_id", fU32, 0}, {"", fWith, 0},
		{"func_info_rec_size", fWas, 5}, {"func_info", fPtr, 0}, {"nr_func_info", fWas, 6}, {"nr_line_info", fWas, 7}, {"line_info", fPtr, 0},
		{"jited_line_info", fPtr, 0}, {"nr_jited_line_info", fWas, 8}, {"line_info_rec_size", fWas, 9}, {"jited_line_info_rec_size", fWas, 10},
		{"nr_prog_tags", fWas, 11}, {"prog_tags", fPtr, 0}, {"", fGrow, 0}, {"run_time_ns", fU64, 0}, {"", fWith, 0}, {"run_cnt", fU64, 0},
		{"", fGrow, 0}, {"recursion_misses", fU64, 0}, {"verified_insns", fU32, 0}}
)

// bpfCounts are the offsets of the numbers in struct bpf_prog_info that say how
// much room there is, and then how much there would have to be: those of fWas.
var bpfCounts = [...]uint8{16, 20, 52, 104, 108, 132, 144, 148, 168, 172, 176, 180}

// bpfSaveInfo keeps these numbers as they were before the call.
func (p *printer) bpfSaveInfo(addr, n uint64) {
	w := window{addr: addr, end: n}
	for i, off := range bpfCounts {
		p.keep(i, uint32(w.num(uint64(off), 4)))
	}
}

// bpfCount returns how many bytes or elements the kernel has filled in of those
// that number i counts.
func (p *printer) bpfCount(w *window, i int) uint64 {
	v := uint32(w.num(uint64(bpfCounts[i]), 4))
	return uint64(min(p.keptOr(i, v), v))
}

// bpfInfo prints the n bytes at addr that tell of the object of descriptor fd.
func (p *printer) bpfInfo(fd int32, addr, n uint64) {
	if !p.full() || n == 0 || n > bpfAttrMax || !readable(addr, n) {
		p.ptr(addr)
		return
	}
	w := window{addr: addr, end: n}
	switch bpfObject(fd) {
	case bpfMapFd:
		p.Byte('{')
		p.fieldsIn(&w, sBpfMapInfo, true)
		p.bpfExtra(&w, sizeOf(sBpfMapInfo))
		p.Byte('}')
	case bpfProgFd:
		p.Byte('{')
		p.bpfProgInfo(&w)
		p.bpfExtra(&w, sizeOf(sBpfRest))
		p.Byte('}')
	default:
		p.ptr(addr)
	}
}

func (p *printer) bpfProgInfo(w *window) {
	p.fieldsIn(w, sBpfProg, true)
	p.field("jited_prog_insns")
	p.allHex = true
	p.buf(w.num(24, 8), w.num(16, 4))
	p.allHex = false
	p.fieldsIn(w, sBpfXlat, false)
	p.field("xlated_prog_insns")
	p.ebpf(w.num(32, 8), p.bpfCount(w, 1)/8, true)
	if w.end <= 40 {
		return
	}
	load := w.num(40, 8)
	p.fieldUint("load_time", load)
	p.sinceBoot(load)
	p.fieldsIn(w, sBpfUser, false)
	p.field("map_ids")
	var id uint32
	ids, n := w.num(56, 8), p.bpfCount(w, 2)
	for i := uint64(0); p.eachOut(unsafe.Pointer(&id), 4, ids, i, n); i++ {
		p.Uint(uint64(id))
	}
	p.fieldsIn(w, sBpfRest, false)
}

// sinceBoot prints the time that was ns after the start of the machine as a
// comment.
func (p *printer) sinceBoot(ns uint64) {
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
	p.date(sec+frac/second, 0, 0)
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

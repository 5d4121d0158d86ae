package footprint

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// bpf adds union bpf_attr, of which each command has its part, and what that points to: kernel/bpf/syscall.c,
// include/uapi/linux/bpf.h.
func (it *Iterator) bpf(addr uint64) {
	size := min(it.call.Args[2]&0xffffffff, pageSize)
	it.reads(addr, size, 0, "")
	var b [176]byte
	n := min(size, uint64(len(b)))
	if systrap.Read(b[:n], addr) != int(n) {
		return
	}
	it.flags |= MayChange
	switch command := int32(it.call.Args[0]); command {
	case unix.BPF_MAP_LOOKUP_ELEM, unix.BPF_MAP_UPDATE_ELEM, unix.BPF_MAP_DELETE_ELEM, unix.BPF_MAP_GET_NEXT_KEY,
		unix.BPF_MAP_LOOKUP_AND_DELETE_ELEM:
		it.bpfElement(command, b[:])
	case unix.BPF_MAP_LOOKUP_BATCH, unix.BPF_MAP_LOOKUP_AND_DELETE_BATCH, unix.BPF_MAP_UPDATE_BATCH, unix.BPF_MAP_DELETE_BATCH:
		it.bpfBatch(command, addr, b[:])
	case unix.BPF_PROG_LOAD:
		it.bpfProgram(addr, b[:])
	case unix.BPF_OBJ_PIN, unix.BPF_OBJ_GET:
		it.text(le64(b[0:]), pathMax, "pathname")
	case unix.BPF_PROG_TEST_RUN:
		it.reads(le64(b[16:]), uint64(le32(b[8:])), 0, "test.data_in")
		it.writes(le64(b[24:]), uint64(le32(b[12:])), it.until(), "test.data_out")
		it.reads(le64(b[48:]), uint64(le32(b[40:])), 0, "test.ctx_in")
		it.writes(le64(b[56:]), uint64(le32(b[44:])), it.until(), "test.ctx_out")
		it.writesAnyway(addr, min(size, 64), Bound, "test")
	case unix.BPF_PROG_GET_NEXT_ID, unix.BPF_MAP_GET_NEXT_ID, unix.BPF_BTF_GET_NEXT_ID, unix.BPF_LINK_GET_NEXT_ID:
		it.writes(addr+4, 4, 0, "next_id")
	case unix.BPF_OBJ_GET_INFO_BY_FD:
		it.reads(le64(b[8:]), uint64(le32(b[4:])), Bound, "info.info")
		it.writes(le64(b[8:]), uint64(le32(b[4:])), Bound, "info.info")
		it.writes(addr+4, 4, 0, "info.info_len")
	case unix.BPF_PROG_QUERY:
		it.writes(le64(b[16:]), times(uint64(le32(b[24:])), 4), it.until(), "query.prog_ids")
		it.writesAnyway(addr, min(size, 48), Bound, "query")
	case unix.BPF_RAW_TRACEPOINT_OPEN:
		it.text(le64(b[0:]), 128, "raw_tracepoint.name")
	case unix.BPF_BTF_LOAD:
		it.reads(le64(b[0:]), uint64(le32(b[16:])), 0, "btf")
		it.writesAnyway(le64(b[8:]), uint64(le32(b[20:])), Bound, "btf_log_buf")
		it.writesAnyway(addr+28, 4, Bound, "btf_log_true_size")
	case unix.BPF_TASK_FD_QUERY:
		it.writes(le64(b[16:]), uint64(le32(b[12:])), Bound, "task_fd_query.buf")
		it.writes(addr, min(size, 48), Bound, "task_fd_query")
	case unix.BPF_LINK_CREATE:
		it.bpfLink(b[:])
	}
}

// bpfElement adds the key and the value of an element of a map, of sizes that only the kernel knows.
func (it *Iterator) bpfElement(command int32, b []byte) {
	key, value, f := mapSizes(le32(b[0:]))
	it.reads(le64(b[8:]), key, f, "key")
	at := le64(b[16:])
	switch command {
	case unix.BPF_MAP_LOOKUP_ELEM, unix.BPF_MAP_LOOKUP_AND_DELETE_ELEM:
		it.writes(at, value, f, "value")
	case unix.BPF_MAP_UPDATE_ELEM:
		it.reads(at, value, f, "value")
	case unix.BPF_MAP_GET_NEXT_KEY:
		it.writes(at, key, f, "next_key")
	}
}

// bpfBatch adds keys and values of many elements.
func (it *Iterator) bpfBatch(command int32, addr uint64, b []byte) {
	key, value, f := mapSizes(le32(b[36:]))
	n := uint64(le32(b[32:]))
	keys, values := le64(b[16:]), le64(b[24:])
	if command == unix.BPF_MAP_UPDATE_BATCH || command == unix.BPF_MAP_DELETE_BATCH {
		it.reads(keys, times(n, key), f, "batch.keys")
		if command == unix.BPF_MAP_UPDATE_BATCH {
			it.reads(values, times(n, value), f, "batch.values")
		}
	} else {
		it.reads(le64(b[0:]), key, f, "batch.in_batch")
		it.writesAnyway(le64(b[8:]), key, f|Bound, "batch.out_batch")
		it.writesAnyway(keys, times(n, key), f|Bound, "batch.keys")
		it.writesAnyway(values, times(n, value), f|Bound, "batch.values")
	}
	it.writesAnyway(addr+32, 4, Bound, "batch.count")
}

// mapSizes asks the kernel for the sizes in bytes of a map's keys and values; AtLeast says that it did not tell, or that there
// are as many values as processors.
func mapSizes(fd uint32) (key, value uint64, f Flags) {
	var info [24]byte // the beginning of struct bpf_map_info
	attr := [2]uint64{uint64(fd) | uint64(len(info))<<32, uint64(uintptr(unsafe.Pointer(&info)))}
	r := systrap.Syscall(unix.SYS_BPF, unix.BPF_OBJ_GET_INFO_BY_FD, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0, 0, 0)
	if r < 0 {
		return 1, 1, AtLeast
	}
	key, value = uint64(le32(info[8:])), uint64(le32(info[12:]))
	switch le32(info[0:]) {
	case unix.BPF_MAP_TYPE_PERCPU_HASH, unix.BPF_MAP_TYPE_PERCPU_ARRAY, unix.BPF_MAP_TYPE_LRU_PERCPU_HASH, 21: // …_PERCPU_CGROUP_STORAGE
		return key, plus(value, 7) &^ 7, AtLeast
	}
	return key, value, 0
}

// bpfProgram adds what BPF_PROG_LOAD reads, and the verifier's log.
func (it *Iterator) bpfProgram(addr uint64, b []byte) {
	it.reads(le64(b[8:]), times(uint64(le32(b[4:])), 8), 0, "insns")
	it.text(le64(b[16:]), 128, "license")
	it.reads(le64(b[80:]), times(uint64(le32(b[88:])), uint64(le32(b[76:]))), 0, "func_info")
	it.reads(le64(b[96:]), times(uint64(le32(b[104:])), uint64(le32(b[92:]))), 0, "line_info")
	it.reads(le64(b[128:]), times(uint64(le32(b[116:])), uint64(le32(b[136:]))), 0, "core_relos")
	it.reads(le64(b[120:]), times(uint64(le32(b[148:])), 4), 0, "fd_array")
	it.writesAnyway(le64(b[32:]), uint64(le32(b[28:])), Bound, "log_buf")
	if it.call.Args[2] >= 144 {
		it.writesAnyway(addr+140, 4, Bound, "log_true_size")
	}
}

// bpfLink adds the arrays of BPF_LINK_CREATE's kinds that have some.
func (it *Iterator) bpfLink(b []byte) {
	switch le32(b[8:]) { // attach_type
	case 28: // BPF_TRACE_ITER
		it.reads(le64(b[16:]), uint64(le32(b[24:])), 0, "link_create.iter_info")
	case 42, 56: // BPF_TRACE_KPROBE_MULTI, BPF_TRACE_KPROBE_SESSION
		n := times(uint64(le32(b[20:])), 8)
		it.reads(le64(b[24:]), n, 0, "link_create.kprobe_multi.syms")
		it.reads(le64(b[32:]), n, 0, "link_create.kprobe_multi.addrs")
		it.reads(le64(b[40:]), n, 0, "link_create.kprobe_multi.cookies")
	case 48, 57: // BPF_TRACE_UPROBE_MULTI, BPF_TRACE_UPROBE_SESSION
		n := times(uint64(le32(b[48:])), 8)
		it.text(le64(b[16:]), pathMax, "link_create.uprobe_multi.path")
		it.reads(le64(b[24:]), n, 0, "link_create.uprobe_multi.offsets")
		it.reads(le64(b[32:]), n, 0, "link_create.uprobe_multi.ref_ctr_offsets")
		it.reads(le64(b[40:]), n, 0, "link_create.uprobe_multi.cookies")
	}
}

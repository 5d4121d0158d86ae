package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// Structures of single calls.

const (
	handleMax      = 128 // MAX_HANDLE_SZ
	perfAttrFirst  = 64  // PERF_ATTR_SIZE_VER0
	schedAttrFirst = 48  // SCHED_ATTR_SIZE_VER0
)

// sized adds a structure that has its size in itself, at sizeAt; 0 stands for that of the first version. A size that the
// kernel does not know is replaced there (E2BIG).
func (it *Iterator) sized(addr, sizeAt uint64, first uint32) {
	it.reads(sizeAt, 4, 0, "size")
	n := read32(sizeAt)
	if n == 0 {
		n = first
	}
	if n >= first && n <= pageSize {
		it.reads(addr, uint64(n), MayChange, "")
	}
	if it.when == before || it.when == failed && it.call.Errno() == int(unix.E2BIG) {
		it.writesAnyway(sizeAt, 4, Bound, "size")
	}
}

// sizedFirst adds a structure whose first word is its size (struct mnt_id_req, struct ns_id_req).
func (it *Iterator) sizedFirst(addr uint64) {
	it.reads(addr, 4, 0, "size")
	if n := uint64(read32(addr)); n >= 4 && n <= pageSize {
		it.reads(addr, n, MayChange, "")
	}
}

// capSize is the size of the data of capget(2) and capset(2), by the version in the header.
func (it *Iterator) capSize() uint64 {
	switch read32(it.call.Args[0]) {
	case unix.LINUX_CAPABILITY_VERSION_1:
		return 12
	case unix.LINUX_CAPABILITY_VERSION_2, unix.LINUX_CAPABILITY_VERSION_3:
		return 24
	}
	return 0
}

// capHeader adds the header, in which the kernel replaces a version that it does not know.
func (it *Iterator) capHeader(addr uint64) {
	it.reads(addr, 8, 0, "")
	if it.when != succeeded || it.call.Args[1] == 0 {
		it.writesAnyway(addr, 4, Bound, "version")
	}
}

// handle adds the struct file_handle of name_to_handle_at(2): its size is written also where there is no room
// (EOVERFLOW), and then the number of the mount is, too.
func (it *Iterator) handle(addr uint64) {
	it.reads(addr, 8, 0, "")
	n := uint64(read32(addr))
	small := it.when == failed && it.call.Errno() == int(unix.EOVERFLOW)
	switch {
	case it.when == before:
		if n <= handleMax {
			it.writesAnyway(addr, 8+n, Bound|MayChange, "")
		}
	case small:
		it.writesAnyway(addr, 8, 0, "")
	default:
		it.writes(addr, 8+min(n, handleMax), MayChange, "")
	}
}

// mountID adds name_to_handle_at(2)'s number of the mount.
func (it *Iterator) mountID(addr uint64) {
	n := uint64(4)
	const unique = 1 // AT_HANDLE_MNT_ID_UNIQUE
	if it.call.Args[4]&unique != 0 {
		n = 8
	}
	if it.when == failed && it.call.Errno() != int(unix.EOVERFLOW) {
		return
	}
	it.writesAnyway(addr, n, 0, "")
}

// landlockRule adds landlock_add_rule(2)'s attribute.
func (it *Iterator) landlockRule(addr uint64) {
	switch uint32(it.call.Args[1]) {
	case unix.LANDLOCK_RULE_PATH_BENEATH:
		it.reads(addr, 12, 0, "")
	case 2: // LANDLOCK_RULE_NET_PORT
		it.reads(addr, 16, 0, "")
	}
}

// xattrArgs adds the struct xattr_args of setxattrat(2) and getxattrat(2), and the value.
func (it *Iterator) xattrArgs(addr uint64) {
	size := it.call.Args[5]
	if size < 16 || size > pageSize {
		return
	}
	it.reads(addr, size, 0, "")
	value, n := read64(addr), uint64(read32(addr+8))
	it.flags |= MayChange
	if it.call.Sysno == unix.SYS_SETXATTRAT {
		it.reads(value, n, 0, "value")
	} else {
		it.result(value, min(n, xattrMax), "value")
	}
}

const xattrMax = 65536 // XATTR_SIZE_MAX

// rseq adds the area of rseq(2), in which the kernel keeps the number of the CPU, and reads where the critical section
// is that the thread is in.
func (it *Iterator) rseq(addr uint64) {
	n := it.call.Args[1]
	if it.call.Args[2]&1 != 0 { // RSEQ_FLAG_UNREGISTER
		it.writes(addr, n, Bound, "")
		return
	}
	it.reads(addr, n, Bound, "")
	it.writes(addr, n, Bound, "")
	it.later(ReadsLater, addr, n, 0, "")
	it.later(WritesLater, addr, n, 0, "")
}

// kexecSegments adds the struct kexec_segment array of kexec_load(2), and what the segments consist of.
func (it *Iterator) kexecSegments(addr uint64) (more bool) {
	const most, size = 16, 32 // KEXEC_SEGMENT_MAX
	n := it.call.Args[1]
	if n > most || it.when != before {
		return false
	}
	if it.pos == 0 {
		it.reads(addr, n*size, 0, "")
	}
	for it.tail < queueLen && uint64(it.pos) < n {
		at := addr + uint64(it.pos)*size
		it.index[0] = int32(it.pos)
		it.reads(read64(at), read64(at+8), MayChange, "[#].buf")
		it.pos++
	}
	return uint64(it.pos) < n
}

// ldt adds what modify_ldt(2) reads or writes.
func (it *Iterator) ldt(addr uint64) {
	n := it.call.Args[2]
	switch int32(it.call.Args[0]) {
	case 0, 2:
		it.result(addr, n, "")
	case 1, 0x11:
		if n == 16 { // struct user_desc
			it.reads(addr, n, 0, "")
		}
	}
}

// sysfs adds what sysfs(2) has a name in.
func (it *Iterator) sysfs(addr uint64) {
	switch {
	case it.call.Args[0] == 1 && it.arg == 1:
		it.text(addr, pathMax, "")
	case it.call.Args[0] == 2 && it.arg == 2:
		n, f := uint64(256), Bound
		if it.when == succeeded {
			n, f = stringSize(addr, n)
		}
		it.writes(addr, n, f, "")
	}
}

// fsconfig adds fsconfig(2)'s value.
func (it *Iterator) fsconfig(addr uint64) {
	switch it.call.Args[1] {
	case unix.FSCONFIG_SET_STRING:
		it.text(addr, 256, "")
	case unix.FSCONFIG_SET_BINARY:
		it.reads(addr, uint64(max(int32(it.call.Args[4]), 0)), 0, "")
	case unix.FSCONFIG_SET_PATH, unix.FSCONFIG_SET_PATH_EMPTY:
		it.text(addr, pathMax, "")
	}
}

// seccomp adds what seccomp(2) has behind its last argument.
func (it *Iterator) seccomp(addr uint64) {
	switch it.call.Args[0] {
	case unix.SECCOMP_SET_MODE_FILTER:
		it.program(addr, "")
	case unix.SECCOMP_GET_ACTION_AVAIL:
		it.reads(addr, 4, 0, "")
	case unix.SECCOMP_GET_NOTIF_SIZES:
		it.writes(addr, 6, 0, "")
	}
}

// program adds a struct sock_fprog and its instructions (BPF_MAXINSNS).
func (it *Iterator) program(addr uint64, field string) {
	it.reads(addr, 16, 0, field)
	var b [16]byte
	if systrap.Read(b[:], addr) == len(b) {
		it.reads(le64(b[8:]), uint64(min(le32(b[:])&0xffff, 4096))*8, MayChange, "filter")
	}
}

// cpuset adds a mask of processors, of which the kernel reads as much as it has processors.
func (it *Iterator) cpuset(addr uint64) {
	n, f := it.count(1), Flags(0)
	if n > 8 {
		f = Bound
	}
	it.reads(addr, n, f, "")
}

// statmount adds struct statmount, which says how long it has become.
func (it *Iterator) statmount(addr uint64) {
	n, f := it.call.Args[2], Bound
	if it.when == succeeded {
		n, f = min(n, uint64(read32(addr))), MayChange
	}
	it.writes(addr, n, f, "")
}

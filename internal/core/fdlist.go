package core

import (
	"math"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/systrap/line"
)

// struct linux_dirent64 and struct linux_dirent (getdents(2)), offsets in bytes.
const (
	direntReclen  = 16
	direntName    = 19
	oldDirentName = 18
)

// sysGetdents lists a directory, without our descriptors where that is
// /proc/PID/fd or fdinfo, and without our mappings in /proc/PID/map_files.
func sysGetdents(c *Call) {
	nameAt := direntName
	if c.Sysno == unix.SYS_GETDENTS {
		nameAt = oldDirentName
	}
	for {
		c.performHere()
		if c.Result <= 0 || !ownfd.Any() && !hidesMaps {
			return
		}
		// The kernel has just written these bytes: they can be read.
		buf := unsafe.Slice((*byte)(sys.Ptr(uintptr(c.Args[1]))), int(c.Result))
		at, n := findOwnDirent(buf, nameAt)
		if n == 0 || !listsOurs(c.Args[0]) {
			return
		}
		for n != 0 {
			copy(buf[at:], buf[at+n:])
			buf = buf[:len(buf)-n]
			at, n = findOwnDirent(buf, nameAt)
		}
		if c.Result = int64(len(buf)); c.Result > 0 {
			return
		}
		// There was nothing else: 0 would mean the end of the directory.
	}
}

// findOwnDirent returns offset and length of the first entry whose name, nameAt
// bytes in, is the number of a descriptor of ours, or a mapping's; length 0 if there is none.
func findOwnDirent(buf []byte, nameAt int) (at, n int) {
	for at+nameAt < len(buf) {
		n = int(*(*uint16)(unsafe.Pointer(&buf[at+direntReclen])))
		if n <= nameAt || at+n > len(buf) {
			return 0, 0
		}
		if name := buf[at+nameAt : at+n]; isOwnNumber(name) || hidesMaps && ownMapName(name) {
			return at, n
		}
		at += n
	}
	return 0, 0
}

// isOwnNumber says whether the NUL-terminated name is the number of a descriptor of ours. Most names have no digit for their first byte.
func isOwnNumber(name []byte) bool {
	p := ctext.FieldsOf(name)
	if c := p.At(0); c < '0' || c > '9' {
		return false
	}
	fd := p.Dec()
	return p.At(0) == 0 && fd <= math.MaxInt32 && ownfd.Is(fd)
}

// listsOurs says whether descriptor fd is open on a /proc/PID/fd, fdinfo or map_files, wherever that procfs is mounted. Where the
// link of a descriptor cannot be read, behind chroot(2) above all, it is a directory of procfs without others in it: those whose
// names are numbers are of processes, threads and interrupts otherwise, which are directories (proc(5)).
func listsOurs(fd uint64) bool {
	var buf [256]byte
	if to := buf[:linkOfFd(fd, buf[:])]; len(to) > 0 {
		named := ctext.EndsWith(to, "/fd") || ctext.EndsWith(to, "/fdinfo") || ctext.EndsWith(to, "/map_files")
		return named && (ctext.StartsWith(to, "/proc/") || onProcfs(fd))
	}
	var dir unix.Stat_t
	return onProcfs(fd) && rawsys.Syscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(&dir)), 0, 0, 0, 0) == 0 && dir.Nlink == 2
}

// onProcfs says whether descriptor fd is open on a file of a procfs.
func onProcfs(fd uint64) bool {
	var st unix.Statfs_t
	return rawsys.Syscall(unix.SYS_FSTATFS, uintptr(fd), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) == 0 && st.Type == unix.PROC_SUPER_MAGIC
}

// linkOfFd reads what descriptor fd is open on into to; it returns 0 if that cannot be
// read, or fills to.
func linkOfFd(fd uint64, to []byte) int {
	var link [64]byte
	l := line.On(link[:len(link)-1])
	l.Str("/proc/thread-self/fd/")
	l.Int(int64(int32(fd)))
	link[l.Len()] = 0
	n := int(rawsys.Syscall(unix.SYS_READLINK, uintptr(unsafe.Pointer(&link[0])), uintptr(unsafe.Pointer(&to[0])), uintptr(len(to)), 0, 0, 0))
	if n <= 0 || n == len(to) {
		return 0
	}
	return n
}

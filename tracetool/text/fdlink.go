package text

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// What a descriptor is open on is told by its link in /proc, which costs ten times as much as fstat(2).
// The link of a socket or a pipe has nothing but its inode (sockfs_dname in net/socket.c, pipefs_dname in
// fs/pipe.c), so that this is enough to know of one. A file of such a kind may also be one with a name, a
// FIFO or, with O_PATH, a Unix socket: it lies in another file system than the kernel's own, which the
// first link of a socket, or pipe, shows.

// inodeKinds are the kinds of files whose link is the inode behind a word.
var inodeKinds = [...]struct {
	head string
	mode uint32
	// dev is the device number of the kernel's file system of them, plus one; 0 until it is known.
	dev atomic.Uint64
}{{head: socketHead, mode: unix.S_IFSOCK}, {head: "pipe:[", mode: unix.S_IFIFO}}

// socketHead begins the link of a socket.
const socketHead = "socket:["

// hadInode has the descriptors that were of such a kind when they were looked at last: those it is worth
// to ask fstat(2) about. Threads change it without a lock.
var hadInode [1024]bool

func hadInodeOf(fd int32) *bool { return &hadInode[uint32(fd)%uint32(len(hadInode))] }

// inodeLink makes the link of descriptor fd, if it is of such a kind as it was before, and returns its
// length; 0 means that /proc is to be asked.
//
//go:noinline
func inodeLink(tid int, fd int32, link []byte) int {
	if i, ino := keptKind(tid, fd); i >= 0 {
		return putInode(link, i, ino)
	}
	if !*hadInodeOf(fd) {
		return keptAnonymous(tid, fd, link)
	}
	var st unix.Stat_t
	asked := numberNow(fd)
	i := inodeKind(fd, &st)
	if i < 0 || inodeKinds[i].dev.Load() != st.Dev+1 {
		return 0
	}
	keepName(tid, fd, i, st.Ino, nil, asked)
	return putInode(link, i, st.Ino)
}

// NoNetlink says whether it is known that descriptor fd is a socket of another family than AF_NETLINK.
func NoNetlink(tid int, fd int32) bool {
	if !Opt.Fd.Has(FdSocket) || Sockets == nil {
		return false
	}
	i, ino := keptKind(tid, fd)
	if i < 0 || inodeKinds[i].mode != unix.S_IFSOCK {
		return false
	}
	e := knownSocket(ino)
	return e != nil && (e.text[0] == 'T' || e.text[0] == 'U') // 'N' of NETLINK otherwise
}

func putInode(link []byte, i int, ino uint64) int {
	l := systrap.LineOn(link)
	l.Str(inodeKinds[i].head)
	l.Uint(ino)
	l.Byte(']')
	return l.Len()
}

// cwdLink makes the link of the working directory, by getcwd(2), which costs a ninth, and returns its length; 0 means that /proc is to
// be asked: the directory has no name any more, or is out of reach of the root.
//
//go:noinline
func cwdLink(link []byte) int {
	n := int(systrap.Syscall(unix.SYS_GETCWD, uintptr(unsafe.Pointer(&link[0])), uintptr(len(link)), 0, 0, 0, 0)) - 1 // the NUL
	if n <= 0 || n >= len(link) || link[0] != '/' {
		return 0
	}
	return n
}

// regular says whether descriptor fd is a regular file's, so no device's: fstat(2) costs a third of stat(2).
//
//go:noinline
func regular(fd int32) bool {
	var st unix.Stat_t
	return systrap.Syscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) == 0 && st.Mode&unix.S_IFMT == unix.S_IFREG
}

// noteLink takes in the link of descriptor fd as /proc has it.
//
//go:noinline
func noteLink(fd int32, link []byte) {
	var b [48]byte
	var st unix.Stat_t
	kind := -1
	for i := range inodeKinds {
		if k := &inodeKinds[i]; len(link) > len(k.head) && string(link[:len(k.head)]) == k.head {
			kind = i
		}
	}
	*hadInodeOf(fd) = kind >= 0
	if kind >= 0 && inodeKinds[kind].dev.Load() == 0 && inodeKind(fd, &st) == kind &&
		string(b[:putInode(b[:], kind, st.Ino)]) == string(link) { // it is the same one still
		inodeKinds[kind].dev.Store(st.Dev + 1)
	}
}

// inodeKind asks fstat(2) of which of inodeKinds a descriptor is; -1 is none.
func inodeKind(fd int32, st *unix.Stat_t) int {
	if systrap.Syscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(st)), 0, 0, 0, 0) != 0 {
		return -1
	}
	for i := range inodeKinds {
		if st.Mode&unix.S_IFMT == inodeKinds[i].mode {
			return i
		}
	}
	return -1
}

package text

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// What a descriptor is open on is told by its link in /proc, which costs ten times as much as fstat(2).
// The link of a socket has nothing but its inode (sockfs_dname in net/socket.c), so that this is enough
// to know of one. A file of a socket's kind may also be a Unix socket's name (O_PATH): it lies in
// another file system than the kernel's one for sockets, which the first link of one shows.

// socketHead begins the link of a socket.
const socketHead = "socket:["

var (
	// sockfs is the device number of the kernel's file system for sockets, plus one; 0 until it is known.
	sockfs atomic.Uint64
	// wasSocket has the descriptors that were sockets when they were looked at last: those it
	// is worth to ask fstat(2) about. Threads change it without a lock.
	wasSocket [1024]bool
)

// socketLink makes the link of descriptor fd, if that is a socket as it was before, and returns its
// length; 0 means that /proc is to be asked.
//
//go:noinline
func socketLink(fd int32, link []byte) int {
	known := sockfs.Load()
	if known == 0 || !wasSocket[uint32(fd)%uint32(len(wasSocket))] {
		return 0
	}
	var st unix.Stat_t
	if !isSocket(fd, &st) || st.Dev != known-1 {
		return 0
	}
	l := systrap.LineOn(link)
	l.Str(socketHead)
	l.Uint(st.Ino)
	l.Byte(']')
	return l.Len()
}

// noteLink takes in the link of descriptor fd as /proc has it.
//
//go:noinline
func noteLink(fd int32, link []byte) {
	was := &wasSocket[uint32(fd)%uint32(len(wasSocket))]
	*was = len(link) > len(socketHead) && string(link[:len(socketHead)]) == socketHead
	var st unix.Stat_t
	if *was && sockfs.Load() == 0 && isSocket(fd, &st) {
		var b [48]byte
		l := systrap.LineOn(b[:])
		l.Str(socketHead)
		l.Uint(st.Ino)
		l.Byte(']')
		if string(l.Bytes()) == string(link) { // it is the same one still
			sockfs.Store(st.Dev + 1)
		}
	}
}

func isSocket(fd int32, st *unix.Stat_t) bool {
	return systrap.Syscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(st)), 0, 0, 0, 0) == 0 &&
		st.Mode&unix.S_IFMT == unix.S_IFSOCK
}

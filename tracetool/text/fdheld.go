package text

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// Half of what a look at a link of /proc/thread-self/fd costs is the way there. A program that opens a file, uses and
// closes it, and then the next one, gives the same number to one file after the other: the link that is asked for
// more often than all others is held open. It is a file of /proc that belongs to a thread and a number (fs/proc/fd.c), not to
// what is open there, so that it tells what is open now. With O_PATH and O_NOFOLLOW it is open itself, not what it
// leads to: nothing can be done with it but reading it. Only the first thread of a process does so, which no vfork
// child is.

var (
	// heldFd is the number whose link is open, plus one; 0 if none is, or it is the parent's, or may not be read.
	heldFd int32
	held   systrap.PrivateFd
	// heldOpen says whether held is one.
	heldOpen bool
	// wantedFd was asked for most often, and wanted is how much more often than others.
	wantedFd, wanted int32
)

// oftenWanted is how much more often than others a link is asked for before it is held open, mostWanted how far that is counted.
const (
	oftenWanted = 8
	mostWanted  = 64
)

// readLink is readlink(2) of path, the name of the link of descriptor fd.
//
//go:noinline
func readLink(fd int32, path *[32]byte, link *[linkMax]byte) int {
	if fd >= 0 && systrap.Tid() == systrap.Pid() {
		if n := readHeld(fd, path, link); n > 0 {
			return n
		}
	}
	return int(systrap.Syscall(unix.SYS_READLINK, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(link)), uintptr(len(link)-1), 0, 0, 0))
}

// readHeld reads the link that is held open, if it is that of descriptor fd, and returns its length; else it holds that
// one open, if it has been asked for often enough, and returns 0.
func readHeld(fd int32, path *[32]byte, link *[linkMax]byte) int {
	often := wantsLink(fd)
	if heldFd == fd+1 {
		n := systrap.Syscall(unix.SYS_READLINKAT, uintptr(held.Fd()), uintptr(unsafe.Pointer(&noPath)), uintptr(unsafe.Pointer(link)), uintptr(len(link)-1), 0, 0)
		if n <= 0 && n != -int64(unix.ENOENT) {
			heldFd = 0 // a filter that was installed meanwhile forbids it
		}
		return int(n)
	}
	if often {
		holdLink(fd, path)
	}
	return 0
}

// wantsLink takes in that descriptor fd is asked for, and says whether it has just become the one that is asked for most: the
// majority of many, if there is one (Boyer and Moore's vote).
func wantsLink(fd int32) bool {
	switch {
	case wantedFd == fd && wanted < mostWanted:
		wanted++
		return wanted == oftenWanted
	case wantedFd == fd:
	case wanted > 0:
		wanted--
	default:
		wantedFd, wanted = fd, 1
	}
	return false
}

var noPath byte

// holdLink opens the link at path, which is descriptor fd's, in place of the one that is open.
func holdLink(fd int32, path *[32]byte) {
	heldFd = 0
	if heldOpen {
		heldOpen = false
		held.Close()
	}
	n := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(path)), unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0, 0, 0, 0)
	if n < 0 {
		return
	}
	own, errno := systrap.Private(n)
	if errno != 0 {
		systrap.Syscall(unix.SYS_CLOSE, uintptr(n), 0, 0, 0, 0, 0)
		return
	}
	held, heldOpen = own, true
	heldFd = fd + 1
}

// ForgetLinks is called in a child with memory of its own: what is held open is the parent's.
func ForgetLinks() { heldFd, wanted = 0, 0 }

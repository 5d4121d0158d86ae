package launch

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
)

// What is mapped in a program for a moment, from the library's base, in bytes.
const (
	scratchAt   = inject.BlockAt / 2
	scratchSize = 4096
)

// give gives descriptors of ours to a program in which calls can be made, and returns the numbers that they have there. They go
// through a socket, and not by a path, as the program may see other files, and be another user's.
func give(w *inject.Work, process int, fds []int) ([]int, inject.Failure) {
	at := w.Lib.Base + scratchAt
	const readWrite, fixedNoreplace = unix.PROT_READ | unix.PROT_WRITE, 0x100000
	if r := w.Call(unix.SYS_MMAP, at, scratchSize, readWrite, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|fixedNoreplace, ^uint64(0), 0); uint64(r) != at {
		if r == -int64(unix.EEXIST) {
			return nil, inject.Failure{What: "there is a library of ours in it already"}
		}
		return nil, inject.Failure{What: "memory", Errno: -r}
	}
	defer w.Call(unix.SYS_MUNMAP, at, scratchSize, 0, 0, 0, 0)
	if r := w.Call(unix.SYS_SOCKETPAIR, unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0, at, 0, 0); r != 0 {
		return nil, inject.Failure{What: "socketpair", Errno: -r}
	}
	buf := new([scratchSize / 8]uint64)
	ends := (*[2]int32)(unsafe.Pointer(buf))
	if w.Read(at, unsafe.Pointer(buf), 8) != 8 {
		return nil, inject.Failure{What: "its memory cannot be read"}
	}
	near, far := uint64(ends[0]), int(ends[1])
	defer w.Call(unix.SYS_CLOSE, near, 0, 0, 0, 0, 0)
	f := send(process, far, fds)
	w.Call(unix.SYS_CLOSE, uint64(far), 0, 0, 0, 0, 0)
	if f.Failed() {
		return nil, f
	}
	// struct msghdr, iovec, a byte and the control message, in this order (recvmsg(2), cmsg(3)).
	const iov, data, control = 64, 80, 96
	space := unix.CmsgSpace(4 * len(fds))
	*buf = [scratchSize / 8]uint64{2: at + iov, 3: 1, 4: at + control, 5: uint64(space), iov / 8: at + data, iov/8 + 1: 1}
	if !w.Write(at, unsafe.Pointer(buf), control) {
		return nil, inject.Failure{What: "its memory cannot be written"}
	}
	if r := w.Call(unix.SYS_RECVMSG, near, at, unix.MSG_CMSG_CLOEXEC, 0, 0, 0); r != 1 {
		return nil, inject.Failure{What: "recvmsg", Errno: max(-r, 0)}
	}
	if w.Read(at+control, unsafe.Pointer(buf), uintptr(space)) != uintptr(space) || int(buf[0]) != unix.CmsgLen(4*len(fds)) {
		return nil, inject.Failure{What: "it can have no more descriptors", Errno: int64(unix.EMFILE)}
	}
	got := make([]int, len(fds))
	for i, fd := range unsafe.Slice((*int32)(unsafe.Pointer(&buf[2])), len(fds)) {
		got[i] = int(fd)
	}
	return got, inject.Failure{}
}

// send sends descriptors to the socket that is number far in the process.
func send(process, far int, fds []int) inject.Failure {
	pidfd, err := unix.PidfdOpen(process, 0)
	if err != nil {
		return inject.Failure{What: "pidfd_open", Errno: int64(err.(unix.Errno))}
	}
	defer unix.Close(pidfd)
	end, err := unix.PidfdGetfd(pidfd, far, 0)
	if err != nil {
		return inject.Failure{What: "pidfd_getfd", Errno: int64(err.(unix.Errno))}
	}
	defer unix.Close(end)
	if err := unix.Sendmsg(end, []byte{0}, unix.UnixRights(fds...), nil, 0); err != nil {
		return inject.Failure{What: "sendmsg", Errno: int64(err.(unix.Errno))}
	}
	return inject.Failure{}
}

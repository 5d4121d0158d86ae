package main

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// sample is a call: its arguments are numbers, or addresses where at has one.
type (
	args [6]uint64
	at   [6]unsafe.Pointer
)

type sample struct {
	name   string
	nr     int64
	args   args
	at     at
	result int64
}

var samples = [...]sample{
	{"getppid", unix.SYS_GETPPID, args{}, at{}, 7},
	{"read-1", unix.SYS_READ, args{0, 0, 1}, at{1: unsafe.Pointer(&zeros)}, 1},
	{"write-1", unix.SYS_WRITE, args{1, 0, 1}, at{1: unsafe.Pointer(&zeros)}, 1},
	{"read-text", unix.SYS_READ, args{3, 0, 4096}, at{1: unsafe.Pointer(&words)}, 63},
	{"write-text", unix.SYS_WRITE, args{1, 0, 63}, at{1: unsafe.Pointer(&words)}, 63},
	{"read-elf", unix.SYS_READ, args{3, 0, 832}, at{1: unsafe.Pointer(&elf)}, 832},
	{"pread64", unix.SYS_PREAD64, args{3, 0, 784, 64}, at{1: unsafe.Pointer(&elf)}, 784},
	{"openat", unix.SYS_OPENAT, args{atFdcwd, 0, unix.O_RDONLY | unix.O_CLOEXEC}, at{1: unsafe.Pointer(&path)}, 3},
	{"openat-dir", unix.SYS_OPENAT, args{4, 0, unix.O_RDONLY | unix.O_NONBLOCK | unix.O_CLOEXEC | unix.O_DIRECTORY | unix.O_NOFOLLOW}, at{1: unsafe.Pointer(&name)}, 5},
	{"close", unix.SYS_CLOSE, args{3}, at{}, 0},
	{"fstat", unix.SYS_FSTAT, args{3}, at{1: unsafe.Pointer(&status)}, 0},
	{"newfstatat", unix.SYS_NEWFSTATAT, args{atFdcwd, 0, 0, unix.AT_SYMLINK_NOFOLLOW}, at{1: unsafe.Pointer(&path), 2: unsafe.Pointer(&status)}, 0},
	{"newfstatat-enoent", unix.SYS_NEWFSTATAT, args{atFdcwd, 0, 0, 0}, at{1: unsafe.Pointer(&path), 2: unsafe.Pointer(&status)}, -int64(unix.ENOENT)},
	{"mmap", unix.SYS_MMAP, args{0, 1 << 20, unix.PROT_READ | unix.PROT_EXEC, unix.MAP_PRIVATE | unix.MAP_FIXED | unix.MAP_DENYWRITE, 3, 0x28000}, at{}, 0x7f0123456000},
	{"mmap-anon", unix.SYS_MMAP, args{0, 8192, unix.PROT_READ | unix.PROT_WRITE, unix.MAP_PRIVATE | unix.MAP_ANONYMOUS, none64, 0}, at{}, 0x7f0123456000},
	{"mprotect", unix.SYS_MPROTECT, args{0x7f0123456000, 4096, unix.PROT_READ}, at{}, 0},
	{"munmap", unix.SYS_MUNMAP, args{0x7f0123456000, 4096}, at{}, 0},
	{"brk", unix.SYS_BRK, args{0x555555560000}, at{}, 0x555555560000},
	{"lseek", unix.SYS_LSEEK, args{3, 4096, unix.SEEK_SET}, at{}, 4096},
	{"getdents64", unix.SYS_GETDENTS64, args{4, 0, 32768}, at{1: unsafe.Pointer(&entries)}, 48},
	{"ioctl", unix.SYS_IOCTL, args{1, unix.TCGETS}, at{2: unsafe.Pointer(&zeros)}, -int64(unix.ENOTTY)},
	{"fcntl", unix.SYS_FCNTL, args{4, unix.F_GETFL}, at{}, unix.O_RDONLY | unix.O_NONBLOCK | unix.O_DIRECTORY},
	{"futex-wait", unix.SYS_FUTEX, args{0, 0 | futexPrivate, 2, 0}, at{0: unsafe.Pointer(&zeros)}, -int64(unix.EAGAIN)},
	{"futex-wake", unix.SYS_FUTEX, args{0, 1 | futexPrivate, 1}, at{0: unsafe.Pointer(&zeros)}, 1},
	{"rt_sigprocmask", unix.SYS_RT_SIGPROCMASK, args{unix.SIG_BLOCK, 0, 0, 8}, at{1: unsafe.Pointer(&mask), 2: unsafe.Pointer(&zeros)}, 0},
	{"rt_sigaction", unix.SYS_RT_SIGACTION, args{uint64(unix.SIGINT), 0, 0, 8}, at{1: unsafe.Pointer(&action), 2: unsafe.Pointer(&zeros)}, 0},
	{"clock_gettime", unix.SYS_CLOCK_GETTIME, args{unix.CLOCK_MONOTONIC}, at{1: unsafe.Pointer(&spec)}, 0},
	{"poll", unix.SYS_POLL, args{0, 1, none64}, at{0: unsafe.Pointer(&polled)}, 1},
	{"epoll_wait", unix.SYS_EPOLL_WAIT, args{5, 0, 1024, 100}, at{1: unsafe.Pointer(&event)}, 1},
	{"recvfrom", unix.SYS_RECVFROM, args{7, 0, 8192}, at{1: unsafe.Pointer(&words)}, 63},
	{"sendto", unix.SYS_SENDTO, args{7, 0, 63, unix.MSG_NOSIGNAL}, at{1: unsafe.Pointer(&words)}, 63},
	{"sendmsg", unix.SYS_SENDMSG, args{7, 0, unix.MSG_NOSIGNAL}, at{1: unsafe.Pointer(&message)}, 63},
	{"recvmsg", unix.SYS_RECVMSG, args{7, 0, 0}, at{1: unsafe.Pointer(&message)}, 63},
	{"writev", unix.SYS_WRITEV, args{7, 0, 2}, at{1: unsafe.Pointer(&vector)}, 126},
	{"epoll_ctl", unix.SYS_EPOLL_CTL, args{5, unix.EPOLL_CTL_ADD, 7}, at{3: unsafe.Pointer(&event)}, 0},
}

const (
	atFdcwd      = 1<<64 + unix.AT_FDCWD
	none64       = 1<<64 - 1
	futexPrivate = 128 // FUTEX_PRIVATE_FLAG (linux/futex.h)
)

// What the addresses lead to.
var (
	zeros [64]byte
	words = [...]byte{62: '\n', 0: '*', 1: '3', 2: '\r', 3: '\n', 4: '$', 5: '3', 6: '\r', 7: '\n', 8: 'S', 9: 'E', 10: 'T', 11: '\r',
		12: '\n', 13: '$', 14: '1', 15: '6', 16: '\r', 17: '\n', 18: 'k', 19: 'e', 20: 'y', 21: ':', 22: '_', 23: '_', 24: 'r', 25: 'a',
		26: 'n', 27: 'd', 28: '_', 29: 'i', 30: 'n', 31: 't', 32: '_', 33: '_'}
	elf     = [832]byte{0x7f, 'E', 'L', 'F', 2, 1, 1, 16: 3, 18: 62, 20: 1, 25: 0x2f, 26: 2}
	path    = [...]byte{'/', 'u', 's', 'r', '/', 's', 'h', 'a', 'r', 'e', '/', 'd', 'o', 'c', '/', 'l', 'i', 'b', 'c', '6', '/', 'R', 'E', 'A', 'D', 'M', 'E', 0}
	name    = [...]byte{'d', 'o', 'c', 'u', 'm', 'e', 'n', 't', 's', 0}
	status  = unix.Stat_t{Mode: unix.S_IFREG | 0o644, Size: 23456, Nlink: 1}
	entries = [48]byte{8: 1, 16: 24, 18: 4, 19: '.', 24 + 8: 2, 24 + 16: 24, 24 + 18: 4, 24 + 19: '.', 24 + 20: '.'}
	mask    = uint64(1<<(unix.SIGCHLD-1) | 1<<(unix.SIGINT-1))
	action  = [4]uint64{0x401234, 0x14000000, 0x7f0123456789, 0}
	spec    = unix.Timespec{Sec: 123456, Nsec: 789012345}
	polled  = unix.PollFd{Fd: 7, Events: unix.POLLIN, Revents: unix.POLLIN}
	event   = unix.EpollEvent{Events: unix.EPOLLIN, Fd: 7}
	vector  = [2]unix.Iovec{{Base: &words[0], Len: 63}, {Base: &words[0], Len: 63}}
	message = unix.Msghdr{Iov: &vector[0], Iovlen: 1}
)

package text

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// FdOf prints a descriptor of process pid, with -y also what it is open on.
func (p *Printer) FdOf(pid, fd int32) {
	if int64(pid) == systrap.Syscall(unix.SYS_GETPID, 0, 0, 0, 0, 0, 0) {
		p.Fd(fd)
		return
	}
	p.Int(int64(fd))
	if Opt.FdPaths && fd >= 0 && pid > 0 {
		p.fdPathOf(pid, fd)
	}
}

// fdPathOf prints the link of another process's descriptor.
//
//go:noinline
func (p *Printer) fdPathOf(pid, fd int32) {
	var path [64]byte
	var link [1024]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/")
	l.Uint(uint64(pid))
	l.Str("/fd/")
	l.Uint(uint64(fd))
	n := systrap.Syscall(unix.SYS_READLINK, uintptr(unsafe.Pointer(&path)), uintptr(unsafe.Pointer(&link)), uintptr(len(link)-1), 0, 0, 0)
	if n <= 0 || n >= int64(len(link)-1) {
		return
	}
	b := link[:n]
	if Opt.Fd.Has(FdDev) && p.fdDevice(b) || !Opt.Fd.Has(FdPath) {
		return
	}
	p.Byte('<')
	p.angled(b)
	p.Byte('>')
}

// GetFd prints the descriptor that pidfd_getfd(2) takes.
func (p *Printer) GetFd(fd int32) {
	if !Opt.FdPaths {
		p.Int(int64(fd))
		return
	}
	p.FdOf(int32(pidOf(int32(p.C.Args[0]))), fd)
}

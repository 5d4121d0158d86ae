package text

import (
	"libsystrap/systrap"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Comm prints a thread's name between angle brackets, if it has one.
//
//go:noinline
func (p *Printer) Comm(tid int) {
	var path, name [64]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/")
	l.Uint(uint64(tid))
	l.Str("/comm")
	n := ReadFile(&path, name[:])
	if n <= 1 {
		return
	}
	p.Byte('<')
	q := Quote{hex: Opt.HexStrings == HexAll}
	for _, c := range name[:n-1] {
		p.escapeAngle(&q, c)
	}
	if q.pending {
		p.octal(q.c, false)
	}
	p.Byte('>')
}

// ReadFile reads the beginning of the file at path.
func ReadFile(path *[64]byte, dst []byte) int {
	fd := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(path)), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0, 0)
	if fd < 0 {
		return 0
	}
	n := systrap.Syscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&dst[0])), uintptr(len(dst)), 0, 0, 0)
	systrap.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
	return int(max(n, 0))
}

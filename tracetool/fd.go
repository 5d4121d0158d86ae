package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// fd prints a file descriptor, with -y also what it is open on.
func (p *printer) fd(fd int32) {
	p.Int(int64(fd))
	if opt.fdPaths && fd >= 0 {
		p.fdPath(fd)
	}
}

// fdPath prints the link of /proc/self/fd (proc(5)) between angle brackets;
// fd -1 stands for the working directory.
//
//go:noinline
func (p *printer) fdPath(fd int32) {
	var path [32]byte
	var link [512]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/self/")
	if fd < 0 {
		l.Str("cwd")
	} else {
		l.Str("fd/")
		l.Uint(uint64(fd))
	}
	n := systrap.Syscall(unix.SYS_READLINK, uintptr(unsafe.Pointer(&path)), uintptr(unsafe.Pointer(&link)), uintptr(len(link)), 0, 0, 0)
	if n <= 0 || n > int64(len(link)) {
		return
	}
	p.Byte('<')
	q := quote{hex: opt.hexStrings > 1}
	for _, c := range link[:n] {
		switch c {
		case '<', '>':
			q.c, q.pending = c, true
		case '"':
			p.Byte('"')
		default:
			p.escape(&q, c)
		}
	}
	if q.pending {
		p.octal(q.c, false)
	}
	p.Byte('>')
}

// dirfd prints a descriptor that a relative path is relative to.
func (p *printer) dirfd(fd int32) {
	if fd == unix.AT_FDCWD {
		p.constant(^uint64(99), "AT_FDCWD", "", decBase)
		if opt.fdPaths {
			p.fdPath(-1)
		}
		return
	}
	p.fd(fd)
}

// fdPair prints the descriptors that pipe(2) and socketpair(2) made.
func (p *printer) fdPair(addr uint64) {
	var v [2]int32
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&v), 8, addr) {
		return
	}
	p.Byte('[')
	p.fd(v[0])
	p.comma()
	p.fd(v[1])
	p.Byte(']')
}

// numOut prints a number behind a pointer.
func (p *printer) numOut(k kind, addr uint64) {
	var v uint64
	n := 8
	if k == kIntOut || k == kUintOut {
		n = 4
	}
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&v), n, addr) {
		return
	}
	p.Byte('[')
	switch k {
	case kIntOut:
		p.Int(int64(int32(v)))
	case kPtrOut:
		p.ptr(v)
	default:
		p.Uint(v)
	}
	p.Byte(']')
}

// plainOut prints results of rare calls: an address, a string of n bytes.
func (p *printer) plainOut(k kind, addr uint64) {
	switch k {
	case kAioCtxOut:
		p.numOut(kPtrOut, addr)
	case kSyslogBuf:
		// SYSLOG_ACTION_READ, READ_ALL and READ_CLEAR fill it (syslog(2)).
		if op := p.c.Args[0]; op < 2 || op > 4 || p.failed() {
			p.ptr(addr)
			return
		}
		p.buf(addr, uint64(p.c.Result))
	case kShmid:
		p.shmid(addr)
	default:
		p.ptr(addr)
	}
}

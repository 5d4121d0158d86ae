package text

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// Fd prints a file descriptor, with -y also what it is open on.
func (p *Printer) Fd(fd int32) {
	p.Int(int64(fd))
	if Opt.FdPaths && fd >= 0 {
		p.FdPath(fd)
	}
}

// cwdFd stands for the working directory.
const cwdFd = -1

// FdPath prints what a descriptor is open on: its link in /proc/thread-self/fd
// (proc(5)), or what -e decode-fds= has of sockets, devices and processes.
//
//go:noinline
func (p *Printer) FdPath(fd int32) {
	// The stack may be deep here: what is needed for a moment lies behind the
	// line's text.
	spare := p.Spare(linkMax)
	if spare == nil {
		return
	}
	link := (*[linkMax]byte)(spare)
	n, gone, plain := 0, false, false
	if fd == cwdFd {
		n = cwdLink(link[:])
	} else if n = keptLink(p.Tid, fd, link); n > 0 {
		plain = true
	} else {
		n = inodeLink(p.Tid, fd, link[:])
	}
	if n == 0 {
		asked, number := stampNow(), numberNow(fd)
		n, gone = procLink(fd, link)
		plain = n > 0 && fd != cwdFd && link[0] == '/' && (asked.count != 0 || Opt.Fd.Has(FdDev)) && regular(fd)
		if plain && !gone {
			keepLink(p.Tid, fd, link[:n], asked)
		}
		if n > len(anonymousHead) && string(link[:len(anonymousHead)]) == anonymousHead && fd != cwdFd {
			keepName(p.Tid, fd, anonymous, 0, link[:n], number)
		}
	}
	if n == 0 {
		return
	}
	b := link[:n]
	if fd != cwdFd && !plain && (Opt.Fd.Has(FdSocket) && p.fdSocket(fd, b) || Opt.Fd.Has(FdDev) && p.fdDevice(b) ||
		Opt.Fd.Has(FdPidfd) && p.fdProcess(fd, b)) {
		return
	}
	if !Opt.Fd.Has(FdPath) {
		return
	}
	p.Byte('<')
	p.angled(b)
	p.Byte('>')
	if gone {
		p.Str("(deleted)")
	}
}

// procLink reads the link of a descriptor in /proc to link and returns its length, 0 if it has
// none, and whether the file has no name any more: then the note of that is left out.
func procLink(fd int32, link *[linkMax]byte) (n int, gone bool) {
	var path [32]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/thread-self/")
	if fd == cwdFd {
		l.Str("cwd")
	} else {
		l.Str("fd/")
		l.Uint(uint64(fd))
	}
	n = readLink(fd, &path, link)
	if n <= 0 || n >= len(link)-1 {
		return 0, false
	}
	if fd != cwdFd {
		noteLink(fd, link[:n])
	}
	if deletedLink(&path, link, n) {
		return n - len(deletedNote), true
	}
	return n, false
}

// angled prints text that stands between angle brackets.
func (p *Printer) angled(b []byte) {
	q := Quote{hex: Opt.HexStrings == HexAll || Opt.HexStrings == HexSome && hexQuote(b)}
	if !q.hex { // most have nothing else
		n := plainRun(b)
		for i, c := range b[:n] {
			if c == '<' || c == '>' {
				n = i
				break
			}
		}
		p.Raw(b[:n])
		b = b[n:]
	}
	for _, c := range b {
		p.escapeAngle(&q, c)
	}
	if q.pending {
		p.octal(q.c, false)
	}
}

// linkMax is more than the kernel has for a path: a page (fs/d_path.c).
const linkMax = 4096 + 8

// deletedNote is what the kernel puts behind the name of a file that has none
// any more (fs/d_path.c).
const deletedNote = " (deleted)"

// deletedLink says whether a link ends with that note, and not because the
// file's name does.
func deletedLink(path *[32]byte, link *[linkMax]byte, n int) bool {
	if n <= len(deletedNote) || string(link[n-len(deletedNote):n]) != deletedNote {
		return false
	}
	link[n] = 0
	var a, b unix.Stat_t
	if systrap.Syscall(unix.SYS_STAT, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(&a)), 0, 0, 0, 0) != 0 {
		return true
	}
	e := systrap.Syscall(unix.SYS_LSTAT, uintptr(unsafe.Pointer(link)), uintptr(unsafe.Pointer(&b)), 0, 0, 0, 0)
	return e != 0 || a.Ino != b.Ino || a.Dev != b.Dev
}

// escapeAngle is escape for what stands between angle brackets.
func (p *Printer) escapeAngle(q *Quote, c byte) {
	switch {
	case c == '<' || c == '>':
		if q.pending {
			p.octal(q.c, false)
		}
		q.c, q.pending = c, true
	default:
		p.Escape(q, c)
	}
}

// Dirfd prints a descriptor that a relative path is relative to.
func (p *Printer) Dirfd(fd int32) {
	if fd == unix.AT_FDCWD {
		p.Constant(^uint64(99), "AT_FDCWD", "", Decimal)
		if Opt.FdPaths {
			p.FdPath(cwdFd)
		}
		return
	}
	p.Fd(fd)
}

// FdPair prints the descriptors that pipe(2) and socketpair(2) made.
func (p *Printer) FdPair(addr uint64) {
	var v [2]int32
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&v), 8, addr) {
		return
	}
	p.Byte('[')
	p.Fd(v[0])
	p.Comma()
	p.Fd(v[1])
	p.Byte(']')
}

// NumOut prints a number behind a pointer.
func (p *Printer) NumOut(k abi.Kind, addr uint64) {
	var v uint64
	n := 8
	if k == abi.IntOut || k == abi.UintOut {
		n = 4
	}
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&v), n, addr) {
		return
	}
	p.Byte('[')
	switch k {
	case abi.IntOut:
		p.Int(int64(int32(v)))
	case abi.PtrOut:
		p.Ptr(v)
	default:
		p.Uint(v)
	}
	p.Byte(']')
}

// PlainOut prints results of rare calls: an address, a string of n bytes.
func (p *Printer) PlainOut(k abi.Kind, addr uint64) {
	switch k {
	case abi.AioCtxOut:
		p.NumOut(abi.PtrOut, addr)
	default:
		p.Ptr(addr)
	}
}

package text

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// fdDevice prints the path of a device and its numbers; it returns false for
// other files. b has room for a NUL behind it.
func (p *Printer) fdDevice(b []byte) bool {
	if b[0] != '/' {
		return false
	}
	name := unsafe.Slice(&b[0], len(b)+1)
	name[len(b)] = 0
	var st unix.Stat_t
	if systrap.Syscall(unix.SYS_STAT, uintptr(unsafe.Pointer(&name[0])), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) != 0 {
		return false
	}
	kind := ""
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFBLK:
		kind = "<block "
	case unix.S_IFCHR:
		kind = "<char "
	default:
		return false
	}
	p.Byte('<')
	p.angled(b)
	p.Str(kind)
	p.Uint(uint64(unix.Major(st.Rdev)))
	p.Byte(':')
	p.Uint(uint64(unix.Minor(st.Rdev)))
	p.Str(">>")
	return true
}

// fdProcess prints the process of a pidfd (pidfd_open(2)).
func (p *Printer) fdProcess(fd int32, b []byte) bool {
	if string(b) != "anon_inode:[pidfd]" {
		return false
	}
	pid := pidOf(fd)
	if pid <= 0 {
		p.Byte('<')
		p.Raw(b)
		p.Byte('>')
		return true
	}
	p.Str("<pid:")
	p.Int(pid) // /proc has it as the trace's reader knows it
	if Opt.Comm {
		p.Comm(int(pid))
	}
	p.Byte('>')
	return true
}

// pidOf returns the process of a pidfd, or -1.
//
//go:noinline
func pidOf(fd int32) int64 {
	var path [64]byte
	var text [512]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/thread-self/fdinfo/")
	l.Uint(uint64(fd))
	n := ReadFile(&path, text[:])
	pid := int64(-1)
	const key = "Pid:"
	for i := 0; i+len(key) < n; i++ {
		if (i == 0 || text[i-1] == '\n') && string(text[i:i+len(key)]) == key {
			for i += len(key); i < n && (text[i] == ' ' || text[i] == '\t'); i++ {
			}
			for pid = 0; i < n && text[i] >= '0' && text[i] <= '9'; i++ {
				pid = pid*10 + int64(text[i]-'0')
			}
			break
		}
	}
	return pid
}

// fdSocket prints the protocol of a socket and its addresses, or its number.
func (p *Printer) fdSocket(fd int32, b []byte) bool {
	if len(b) < len(socketHead)+2 || string(b[:len(socketHead)]) != socketHead {
		return false
	}
	var ino uint64
	for _, c := range b[len(socketHead) : len(b)-1] {
		if c < '0' || c > '9' {
			return false
		}
		ino = ino*10 + uint64(c-'0')
	}
	p.Byte('<')
	p.SocketDetails(fd, ino, b)
	p.Byte('>')
	return true
}

package text

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// inetSocket prints the ends of a socket of AF_INET or AF_INET6, if they are known.
// kind is the first letter of its protocol's name.
//
//go:noinline
func (p *Printer) inetSocket(fd int32, kind byte, family uint16) bool {
	var a, b unix.RawSockaddrInet6 // the larger one
	n := sockAddress(unix.SYS_GETSOCKNAME, fd, unsafe.Pointer(&a), unsafe.Sizeof(a))
	if n <= 0 || a.Port == 0 || kind == 'R' { // RAW's port is its protocol
		return false
	}
	connected := sockAddress(unix.SYS_GETPEERNAME, fd, unsafe.Pointer(&b), unsafe.Sizeof(b)) > 0
	if !connected && kind == 'T' {
		switch tcpState(fd) {
		case tcpSynSent:
			connected = peerToBe(fd, family, &b)
		case tcpClose:
			if peerToBe(fd, family, &b) || !boundListed() {
				return false // a connection that has ended is not bound either
			}
		}
	}
	p.inetEnd(&a)
	if connected {
		p.Str("->")
		p.inetEnd(&b)
	}
	return true
}

// inetEnd prints one end of a connection; a may be a RawSockaddrInet4.
func (p *Printer) inetEnd(a *unix.RawSockaddrInet6) {
	if a.Family == unix.AF_INET {
		p.inet4((*unix.RawSockaddrInet4)(unsafe.Pointer(a)).Addr[:])
	} else {
		p.Byte('[')
		p.inet6(a.Addr[:])
		p.Byte(']')
	}
	p.Byte(':')
	p.Uint(uint64(a.Port<<8 | a.Port>>8))
}

// States of a TCP socket (include/net/tcp_states.h).
const (
	tcpSynSent = 2
	tcpClose   = 7
)

// tcpState asks for a TCP socket's state, the first byte of struct tcp_info.
func tcpState(fd int32) byte {
	var state [4]byte
	n := uint32(1)
	systrap.Syscall(unix.SYS_GETSOCKOPT, uintptr(fd), unix.IPPROTO_TCP, unix.TCP_INFO, uintptr(unsafe.Pointer(&state)), uintptr(unsafe.Pointer(&n)), 0)
	return state[0]
}

// peerToBe asks for the address that a socket is about to connect to: getpeername(2)
// has none yet, SO_PEERNAME has.
func peerToBe(fd int32, family uint16, a *unix.RawSockaddrInet6) bool {
	n := uint32(unix.SizeofSockaddrInet6)
	if family == unix.AF_INET {
		n = unix.SizeofSockaddrInet4
	}
	return systrap.Syscall(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, unix.SO_PEERNAME, uintptr(unsafe.Pointer(a)), uintptr(unsafe.Pointer(&n)), 0) == 0
}

// boundListed says whether the kernel lists a TCP socket that is bound and neither
// listens nor connects (Linux 6.8, inet_diag.c, "bound but inactive").
func boundListed() bool {
	if bound == 0 {
		bound = 1
		if ReleaseAtLeast(6, 8) {
			bound = 2
		}
	}
	return bound == 2
}

var bound int32

// ReleaseAtLeast compares the kernel's release, "6.8.0-31-generic".
func ReleaseAtLeast(major, minor uint64) bool {
	fd := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(&osrelease)), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0, 0)
	if fd < 0 {
		return false
	}
	var b [16]byte
	n := systrap.Syscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&b)), uintptr(len(b)), 0, 0, 0)
	systrap.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
	var v [2]uint64
	part := 0
	for i := 0; i < int(n) && part < 2; i++ {
		if b[i] < '0' || b[i] > '9' {
			part++
			continue
		}
		v[part] = v[part]*10 + uint64(b[i]-'0')
	}
	return v[0] > major || v[0] == major && v[1] >= minor
}

var osrelease = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'y', 's', '/', 'k', 'e', 'r', 'n', 'e', 'l', '/', 'o', 's', 'r', 'e', 'l', 'e', 'a', 's', 'e', 0}

package tracetool

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

var sockProtoName = [...]byte{'s', 'y', 's', 't', 'e', 'm', '.', 's', 'o', 'c', 'k', 'p', 'r', 'o', 't', 'o', 'n', 'a', 'm', 'e', 0}

// socketDetails prints "TCP:[127.0.0.1:80->127.0.0.1:40000]" and the like, or if
// nothing but the protocol is known "TCP:[inode]", or link.
//
//go:noinline
func (p *printer) socketDetails(fd int32, ino uint64, link []byte) {
	var name [64]byte
	n := systrap.Syscall(unix.SYS_FGETXATTR, uintptr(fd), uintptr(unsafe.Pointer(&sockProtoName)), uintptr(unsafe.Pointer(&name)), uintptr(len(name)), 0, 0)
	if n <= 1 || !sockProtoKnown(name[:n-1]) { // its NUL is counted
		p.Raw(link)
		return
	}
	if p.socketKnown(ino) {
		return
	}
	begin := p.Len()
	p.Raw(name[:n-1])
	p.Str(":[")
	var a, b unix.RawSockaddrAny
	la := sockAddress(unix.SYS_GETSOCKNAME, fd, &a)
	known := false
	switch a.Addr.Family {
	case unix.AF_INET, unix.AF_INET6:
		_, port := inetParts(&a)
		if port == 0 || la <= 0 || name[0] == 'R' { // RAW's port is its protocol
			break
		}
		connected := sockAddress(unix.SYS_GETPEERNAME, fd, &b) > 0
		if !connected && name[0] == 'T' {
			switch tcpState(fd) {
			case tcpSynSent:
				connected = peerToBe(fd, a.Addr.Family, &b)
			case tcpClose:
				if peerToBe(fd, a.Addr.Family, &b) || !boundListed() {
					port = 0 // a connection that has ended is not bound either
				}
			}
		}
		if port == 0 {
			break
		}
		p.inetEnd(&a)
		known = true
		if connected {
			p.Str("->")
			p.inetEnd(&b)
		}
	case unix.AF_UNIX:
		p.Uint(ino)
		known = la > 2
		if peer := unixPeer(ino); peer != 0 {
			p.Str("->")
			p.Uint(uint64(peer))
			known = true
		}
		p.unixName((*unix.RawSockaddrUnix)(unsafe.Pointer(&a)), la-2)
	case unix.AF_NETLINK:
		known = p.netlinkEnd(fd, (*unix.RawSockaddrNetlink)(unsafe.Pointer(&a)).Pid)
	}
	if !known && a.Addr.Family != unix.AF_UNIX {
		p.Uint(ino)
	}
	p.Byte(']')
	if known && begin < p.Len() {
		remember(ino, p.Bytes()[begin:])
	}
}

// sockProtoKnown says whether sockets of protocol s are shown by its name. The kernel adds
// "v6" for IPv6, and has its other name of UDP-Lite, which is not shown, only for IPv4.
func sockProtoKnown(s []byte) bool {
	v6 := len(s) > 2 && string(s[len(s)-2:]) == "v6"
	if v6 {
		s = s[:len(s)-2]
	}
	switch string(s) {
	case "UNIX", "UNIX-STREAM", "NETLINK":
		return !v6
	case "TCP", "UDP", "UDPLITE", "DCCP", "SCTP", "L2TP/IP", "PING", "RAW":
		return true
	}
	return false
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
func peerToBe(fd int32, family uint16, a *unix.RawSockaddrAny) bool {
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
		if releaseAtLeast(6, 8) {
			bound = 2
		}
	}
	return bound == 2
}

var bound int32

// releaseAtLeast compares the kernel's release, "6.8.0-31-generic".
func releaseAtLeast(major, minor uint64) bool {
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

// socketText is what was once found out about a socket: it is printed as long as
// the socket is, even when its other end has gone.
type socketText struct {
	ino  atomic.Uint64
	n    uint32
	text [140]byte
}

// remember keeps the text of a socket.
func remember(ino uint64, b []byte) {
	if pool == nil || len(b) > len(socketText{}.text) {
		return
	}
	e := &pool.sockets[ino%uint64(len(pool.sockets))]
	e.ino.Store(0)
	e.n = uint32(copy(e.text[:], b))
	e.ino.Store(ino)
}

// socketKnown prints the text that was kept, if there is one.
func (p *printer) socketKnown(ino uint64) bool {
	if pool == nil {
		return false
	}
	e := &pool.sockets[ino%uint64(len(pool.sockets))]
	if e.ino.Load() != ino {
		return false
	}
	p.Raw(e.text[:min(e.n, uint32(len(e.text)))])
	return true
}

// sockAddress asks for an address of a socket; it returns its length or -1.
func sockAddress(nr int, fd int32, a *unix.RawSockaddrAny) int {
	n := uint32(unsafe.Sizeof(*a))
	if systrap.Syscall(nr, uintptr(fd), uintptr(unsafe.Pointer(a)), uintptr(unsafe.Pointer(&n)), 0, 0, 0) != 0 {
		return -1
	}
	return int(n)
}

// inetParts returns address and port in network byte order; the address of
// AF_INET is in the first 4 bytes.
func inetParts(a *unix.RawSockaddrAny) (ip *[16]byte, port uint16) {
	if a.Addr.Family == unix.AF_INET {
		v := (*unix.RawSockaddrInet4)(unsafe.Pointer(a))
		return (*[16]byte)(unsafe.Pointer(&v.Addr)), v.Port
	}
	v := (*unix.RawSockaddrInet6)(unsafe.Pointer(a))
	return &v.Addr, v.Port
}

// inetEnd prints one end of a connection.
func (p *printer) inetEnd(a *unix.RawSockaddrAny) {
	ip, port := inetParts(a)
	if a.Addr.Family == unix.AF_INET {
		p.inet4(ip[:4])
	} else {
		p.Byte('[')
		p.inet6(ip[:])
		p.Byte(']')
	}
	p.Byte(':')
	p.Uint(uint64(port<<8 | port>>8))
}

// unixName prints the path of a Unix socket of n bytes, if it has one.
func (p *printer) unixName(a *unix.RawSockaddrUnix, n int) {
	if n <= 0 {
		return
	}
	s := unsafe.Slice((*byte)(unsafe.Pointer(&a.Path)), min(n, len(a.Path)))
	p.Byte(',')
	if s[0] == 0 {
		p.Byte('@')
		p.bytes(s[1:])
		return
	}
	p.cstr(s)
}

// netlinkEnd prints protocol and port of a netlink socket (netlink(7)), which
// are known of one that has a port.
func (p *printer) netlinkEnd(fd int32, port uint32) bool {
	var proto int32
	n := uint32(4)
	if port == 0 || systrap.Syscall(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, unix.SO_PROTOCOL,
		uintptr(unsafe.Pointer(&proto)), uintptr(unsafe.Pointer(&n)), 0) != 0 {
		return false
	}
	const head = "NETLINK_"
	s := name(xNetlinkProto, uint64(proto))
	if !hasPrefix(s, head) {
		p.Uint(uint64(proto))
		return true
	}
	p.Str(s[len(head):])
	p.Byte(':')
	p.Uint(uint64(port))
	return true
}

// unixPeer asks the kernel for the other end of a Unix socket (sock_diag(7)); it
// returns its inode, or 0.
func unixPeer(ino uint64) uint32 {
	fd := systrap.Syscall(unix.SYS_SOCKET, unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG, 0, 0, 0)
	if fd < 0 {
		return 0
	}
	const (
		byFamily = 20      // SOCK_DIAG_BY_FAMILY
		showPeer = 4       // UDIAG_SHOW_PEER
		attrPeer = 2       // UNIX_DIAG_PEER
		head     = 16 + 16 // struct nlmsghdr, struct unix_diag_msg
	)
	// struct nlmsghdr, then struct unix_diag_req of <linux/unix_diag.h>.
	req := [10]uint32{40, byFamily | unix.NLM_F_REQUEST<<16, 0, 0, unix.AF_UNIX, ^uint32(0), uint32(ino), showPeer, ^uint32(0), ^uint32(0)}
	var ans [64]uint32
	peer := uint32(0)
	if systrap.Syscall(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&req)), unsafe.Sizeof(req), 0, 0, 0) > 0 {
		n := systrap.Syscall(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&ans)), unsafe.Sizeof(ans), 0, 0, 0)
		if n >= head && ans[1]&0xffff == byFamily {
			for at := int64(head); at+8 <= n && at+8 <= int64(ans[0]); {
				size := int64(ans[at/4] & 0xffff)
				if ans[at/4]>>16 == attrPeer && size >= 8 {
					peer = ans[at/4+1]
					break
				}
				if size < 4 {
					break
				}
				at += (size + 3) &^ 3
			}
		}
	}
	systrap.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
	return peer
}

package text

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
)

var sockProtoName = [...]byte{'s', 'y', 's', 't', 'e', 'm', '.', 's', 'o', 'c', 'k', 'p', 'r', 'o', 't', 'o', 'n', 'a', 'm', 'e', 0}

// SocketDetails prints "TCP:[127.0.0.1:80->127.0.0.1:40000]" and the like, or if
// nothing but the protocol is known "TCP:[inode]", or link. It is called where the
// stack is deep: each family has a frame of its own.
//
//go:noinline
func (p *Printer) SocketDetails(fd int32, ino uint64, link []byte) {
	if p.socketKnown(ino) {
		return
	}
	begin := p.Len()
	kind := p.socketProtocol(fd)
	if kind == 0 {
		p.Raw(link)
		return
	}
	p.Str(":[")
	known := false
	family := sockOption(fd, unix.SO_DOMAIN)
	switch family {
	case unix.AF_INET, unix.AF_INET6:
		known = p.inetSocket(fd, kind, uint16(family))
	case unix.AF_UNIX:
		known = p.unixSocket(fd, ino)
	case unix.AF_NETLINK:
		known = p.netlinkSocket(fd)
	}
	if !known && family != unix.AF_UNIX {
		p.Uint(ino)
	}
	p.Byte(']')
	if known && begin < p.Len() {
		remember(ino, p.Bytes()[begin:])
	}
}

// socketProtocol prints the name of a socket's protocol, if it has one that is shown,
// and returns its first letter, or 0.
//
//go:noinline
func (p *Printer) socketProtocol(fd int32) byte {
	var name [64]byte
	n := systrap.Syscall(unix.SYS_FGETXATTR, uintptr(fd), uintptr(unsafe.Pointer(&sockProtoName)), uintptr(unsafe.Pointer(&name)), uintptr(len(name)), 0, 0)
	if n <= 1 || !sockProtoKnown(name[:n-1]) { // its NUL is counted
		return 0
	}
	p.Raw(name[:n-1])
	return name[0]
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

// unixSocket prints the inode of a Unix socket, that of its other end and its path.
//
//go:noinline
func (p *Printer) unixSocket(fd int32, ino uint64) bool {
	p.Uint(ino)
	peer := unixPeer(ino)
	if peer != 0 {
		p.Str("->")
		p.Uint(uint64(peer))
	}
	var a unix.RawSockaddrUnix
	n := sockAddress(unix.SYS_GETSOCKNAME, fd, unsafe.Pointer(&a), unsafe.Sizeof(a))
	p.unixName(&a, n-2)
	return n > 2 || peer != 0
}

// sockOption returns an option of SOL_SOCKET, or 0.
func sockOption(fd int32, option uintptr) (v int32) {
	n := uint32(4)
	systrap.Syscall(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, option, uintptr(unsafe.Pointer(&v)), uintptr(unsafe.Pointer(&n)), 0)
	return v
}

// sockAddress asks for an address of a socket, of at most size bytes; it returns
// its length or -1.
func sockAddress(nr int, fd int32, a unsafe.Pointer, size uintptr) int {
	n := uint32(size)
	if systrap.Syscall(nr, uintptr(fd), uintptr(a), uintptr(unsafe.Pointer(&n)), 0, 0, 0) != 0 {
		return -1
	}
	return int(n)
}

// unixName prints the path of a Unix socket of n bytes, if it has one.
func (p *Printer) unixName(a *unix.RawSockaddrUnix, n int) {
	if n <= 0 {
		return
	}
	s := unsafe.Slice((*byte)(unsafe.Pointer(&a.Path)), min(n, len(a.Path)))
	p.Byte(',')
	if s[0] == 0 {
		p.Byte('@')
		p.Quoted(s[1:])
		return
	}
	p.Cstr(s)
}

// netlinkSocket prints protocol and port of a netlink socket (netlink(7)), which
// are known of one that has a port.
//
//go:noinline
func (p *Printer) netlinkSocket(fd int32) bool {
	var a unix.RawSockaddrNetlink
	if sockAddress(unix.SYS_GETSOCKNAME, fd, unsafe.Pointer(&a), unsafe.Sizeof(a)) < 0 || a.Pid == 0 {
		return false
	}
	const head = "NETLINK_"
	proto := uint64(sockOption(fd, unix.SO_PROTOCOL))
	s := NameOf(names.NetlinkProto, proto)
	if !HasPrefix(s, head) {
		p.Uint(proto)
		return true
	}
	p.Str(s[len(head):])
	p.Byte(':')
	p.Uint(uint64(a.Pid))
	return true
}

// unixPeer asks the kernel for the other end of a Unix socket (sock_diag(7)); it
// returns its inode, or 0.
//
//go:noinline
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
	var ans [24]uint32 // the message has two attributes of eight bytes
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

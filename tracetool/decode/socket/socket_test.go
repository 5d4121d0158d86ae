package socket_test

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

func TestSockaddrFamilies(t *testing.T) {
	bind := func(b []byte) string {
		return decodetest.As(0, unix.SYS_BIND, 4, decodetest.Mem([64]byte(append(b, make([]byte, 64-len(b))...))), uintptr(len(b)))
	}
	for _, c := range []struct {
		b    []byte
		want string
	}{
		{decodetest.Le(uint16(unix.AF_INET), []byte{0, 80, 127, 0, 0, 1}, uint64(0)), `bind(4, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`},
		{decodetest.Le(uint16(unix.AF_INET6), []byte{0, 80}, []byte{0, 0, 0, 9}, make([]byte, 15), uint8(1), uint32(3)),
			`bind(4, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(9), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=3}, 28) = 0`},
		{decodetest.Le(uint16(unix.AF_UNIX), []byte("/run/x\x00")), `bind(4, {sa_family=AF_UNIX, sun_path="/run/x"}, 9) = 0`},
		{decodetest.Le(uint16(unix.AF_UNIX), []byte("\x00ab")), `bind(4, {sa_family=AF_UNIX, sun_path=@"ab"}, 5) = 0`},
		{decodetest.Le(uint16(unix.AF_NETLINK), uint16(0), uint32(0), uint32(5)), `bind(4, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=0x000005}, 12) = 0`},
		{decodetest.Le(uint16(unix.AF_PACKET), []byte{8, 0}, uint32(1), uint16(1), uint8(0), uint8(6), []byte{1, 2, 3, 4, 5, 6, 0, 0}),
			`bind(4, {sa_family=AF_PACKET, sll_protocol=htons(ETH_P_IP), sll_ifindex=if_nametoindex("lo"), sll_hatype=ARPHRD_ETHER, sll_pkttype=PACKET_HOST, sll_halen=6, sll_addr=[0x1, 0x2, 0x3, 0x4, 0x5, 0x6]}, 20) = 0`},
	} {
		decodetest.WantLine(t, bind(c.b), c.want)
	}
}

func TestSockopt(t *testing.T) {
	set := func(level, o uintptr, b []byte) string {
		return decodetest.As(0, unix.SYS_SETSOCKOPT, 4, level, o, decodetest.Mem([64]byte(append(b, make([]byte, 64-len(b))...))), uintptr(len(b)))
	}
	decodetest.WantLine(t, set(unix.SOL_SOCKET, unix.SO_REUSEADDR, decodetest.Le(int32(1))), `setsockopt(4, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0`)
	decodetest.WantLine(t, set(unix.SOL_SOCKET, unix.SO_LINGER, decodetest.Le(int32(1), int32(5))), `setsockopt(4, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, 8) = 0`)
	decodetest.WantLine(t, set(unix.SOL_IP, unix.IP_ADD_MEMBERSHIP, []byte{224, 0, 0, 1, 127, 0, 0, 1}),
		`setsockopt(4, SOL_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr("224.0.0.1"), imr_interface=inet_addr("127.0.0.1")}, 8) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_GETSOCKOPT, 4, unix.SOL_SOCKET, unix.SO_PEERCRED, decodetest.Mem([3]int32{5, 6, 7}), decodetest.Mem(int32(12))),
		`getsockopt(4, SOL_SOCKET, SO_PEERCRED, {pid=5, uid=6, gid=7}, [12]) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_GETSOCKOPT, 4, unix.SOL_SOCKET, unix.SO_ERROR, decodetest.Mem(int32(0)), decodetest.Mem(int32(4))), `getsockopt(4, SOL_SOCKET, SO_ERROR, [0], [4]) = 0`)
}

func TestSockFilter(t *testing.T) {
	f := decodetest.Mem([2][8]byte{{0x28, 0, 0, 0, 12, 0, 0, 0}, {0x06, 0, 0, 0, 0xff, 0, 0, 0}})
	prog := decodetest.Mem([2]uintptr{2, f})
	defer func(was text.Numbers) { text.Opt.Abbrev = was }(text.Opt.Abbrev)
	text.Opt.Abbrev = text.Numbers{} // -v
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SETSOCKOPT, 4, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, prog, 16),
		`setsockopt(4, SOL_SOCKET, SO_ATTACH_FILTER, {len=2, filter=[BPF_STMT(BPF_LD|BPF_H|BPF_ABS, 0xc), BPF_STMT(BPF_RET|BPF_K, 0xff)]}, 16) = 0`)
}

func TestCmsg(t *testing.T) {
	rights := decodetest.Mem([6]uint32{20, 0, unix.SOL_SOCKET, unix.SCM_RIGHTS, 3})
	h := decodetest.Mem([7]uintptr{0, 0, decodetest.Mem([2]uintptr{decodetest.Cstring("x"), 1}), 1, rights, 24, 0})
	decodetest.WantLine(t, decodetest.As(1, unix.SYS_SENDMSG, 4, h, 0), `sendmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, `+
		`msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[3]}], msg_controllen=24, msg_flags=0}, 0) = 1`)
	decodetest.WantLine(t, decodetest.As(1, unix.SYS_SENDMMSG, 4, decodetest.Mem([8]uintptr{0, 0, decodetest.Mem([2]uintptr{decodetest.Cstring("x"), 1}), 1, 0, 0, 0, 1}), 1, unix.MSG_DONTWAIT),
		`sendmmsg(4, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=1}], 1, MSG_DONTWAIT) = 1`)
}

func TestSocketProtocols(t *testing.T) {
	for _, c := range []struct {
		family, proto uintptr
		want          string
	}{
		{unix.AF_CAN, 1, "AF_CAN, SOCK_RAW, CAN_RAW"},
		{unix.AF_BLUETOOTH, 1, "AF_BLUETOOTH, SOCK_RAW, BTPROTO_HCI"},
		{unix.AF_AX25, 6, "AF_AX25, SOCK_RAW, 0x6 /* AX25_P_VJCOMP */"},
		{unix.AF_PHONET, 9, "AF_PHONET, SOCK_RAW, 0x9 /* PN_PROTO_??? */"},
		{unix.AF_RXRPC, 2, "AF_RXRPC, SOCK_RAW, AF_INET"},
		{unix.AF_VSOCK, 9, "AF_VSOCK, SOCK_RAW, 9"},
	} {
		decodetest.WantLine(t, decodetest.As(-int64(unix.EAFNOSUPPORT), unix.SYS_SOCKET, c.family, unix.SOCK_RAW, c.proto),
			fmt.Sprintf("%-39s = -1 EAFNOSUPPORT (Address family not supported by protocol)", "socket("+c.want+")"))
	}
}

// A socket that is only bound had no address (nginx' listen), one that connects had
// none, and a raw one had its protocol for a port.
func TestSocketDetailsOfStates(t *testing.T) {
	details := func(fd int) string {
		var b [4096]byte
		p := &text.Printer{Line: systrap.LineOn(b[:])}
		p.SocketDetails(int32(fd), 77, []byte("socket:[77]"))
		return string(p.Bytes())
	}
	stream := func(flags int) (int, int) {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|flags, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(fd) })
		if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			t.Fatal(err)
		}
		a, err := unix.Getsockname(fd)
		if err != nil {
			t.Fatal(err)
		}
		return fd, a.(*unix.SockaddrInet4).Port
	}
	listener, port := stream(0)
	want := "TCP:[77]"
	if text.ReleaseAtLeast(6, 8) {
		want = fmt.Sprintf("TCP:[127.0.0.1:%d]", port)
	}
	if got := details(listener); got != want {
		t.Errorf("bound: %s, want %s", got, want)
	}
	if err := unix.Listen(listener, 0); err != nil {
		t.Fatal(err)
	}
	// The queue takes one; who comes then waits for an answer.
	for i := 0; i < 3; i++ {
		fd, own := stream(unix.SOCK_NONBLOCK)
		unix.Connect(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: port})
		if got, want := details(fd), fmt.Sprintf("TCP:[127.0.0.1:%d->127.0.0.1:%d]", own, port); got != want {
			t.Errorf("connecting %d: %s, want %s", i, got, want)
		}
	}
	for _, c := range []struct {
		family, kind, proto int
		want                string
	}{
		{unix.AF_INET, unix.SOCK_RAW, 1, "RAW:[77]"},
		{unix.AF_PACKET, unix.SOCK_RAW, 0, "socket:[77]"},
		{unix.AF_UNIX, unix.SOCK_DGRAM, 0, "UNIX:[77]"},
	} {
		fd, err := unix.Socket(c.family, c.kind, c.proto)
		if err != nil {
			continue // not root
		}
		if got := details(fd); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
		unix.Close(fd)
	}
}

func TestReleaseAtLeast(t *testing.T) {
	if !text.ReleaseAtLeast(2, 6) || text.ReleaseAtLeast(99, 0) {
		t.Error("the kernel's release is not read")
	}
}

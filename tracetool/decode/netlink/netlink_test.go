package netlink_test

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/tracetool/decode/decodetest"
)

// nlattrOf returns a netlink attribute.
func nlattrOf(kind uint16, data ...any) []byte {
	d := decodetest.Le(data...)
	b := append(decodetest.Le(uint16(4+len(d)), kind), d...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// nlmsgOf returns a netlink message.
func nlmsgOf(kind, flags uint16, data ...any) []byte {
	d := decodetest.Le(data...)
	return append(decodetest.Le(uint32(16+len(d)), kind, flags, uint32(7), uint32(0)), d...)
}

// nlsend returns how a send of b on a socket of the protocol given is printed,
// without what stands around the message.
func nlsend(t *testing.T, proto int, b []byte) string {
	t.Helper()
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW, proto)
	if err != nil {
		t.Skip(err)
	}
	if fd > 9 {
		t.Fatal("too many descriptors")
	}
	defer unix.Close(fd)
	decodetest.Kept = append(decodetest.Kept, &b[0])
	line := decodetest.As(-9, unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0)
	return line[len("sendto(3, "):]
}

func wantNl(t *testing.T, proto int, b []byte, want string) {
	t.Helper()
	got := nlsend(t, proto, b)
	if n := len(want); len(got) < n || got[:n] != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestNetlinkHeader(t *testing.T) {
	wantNl(t, unix.NETLINK_ROUTE, nlmsgOf(3, 2), `{nlmsg_len=16, nlmsg_type=NLMSG_DONE, nlmsg_flags=NLM_F_MULTI, nlmsg_seq=7, nlmsg_pid=0}, 16`)
	wantNl(t, unix.NETLINK_ROUTE, nlmsgOf(2, 0, int32(-2), nlmsgOf(16, 0)),
		`[{nlmsg_len=36, nlmsg_type=NLMSG_ERROR, nlmsg_flags=0, nlmsg_seq=7, nlmsg_pid=0}, {error=-ENOENT, msg={nlmsg_len=16, nlmsg_type=RTM_NEWLINK, nlmsg_flags=0, nlmsg_seq=7, nlmsg_pid=0}}], 36`)
	two := append(nlmsgOf(1, 1), nlmsgOf(22, 0x301, uint8(2))...)
	wantNl(t, unix.NETLINK_ROUTE, two, `[{nlmsg_len=16, nlmsg_type=NLMSG_NOOP, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=7, nlmsg_pid=0}, `+
		`[{nlmsg_len=17, nlmsg_type=RTM_GETADDR, nlmsg_flags=NLM_F_REQUEST|NLM_F_DUMP, nlmsg_seq=7, nlmsg_pid=0}, {ifa_family=AF_INET, ...}]], 33`)
}

func TestRtnetlink(t *testing.T) {
	link := nlmsgOf(16, 0, uint8(0), uint8(0), uint16(1), int32(1), uint32(unix.IFF_UP), uint32(0),
		nlattrOf(3, []byte("lo\x00")), nlattrOf(4, uint32(65536)), nlattrOf(1, []byte{1, 2, 3, 4, 5, 6}),
		nlattrOf(18, nlattrOf(1, []byte("veth\x00"))))
	wantNl(t, unix.NETLINK_ROUTE, link, `[{nlmsg_len=76, nlmsg_type=RTM_NEWLINK, nlmsg_flags=0, nlmsg_seq=7, nlmsg_pid=0}, `+
		`{ifi_family=AF_UNSPEC, ifi_type=ARPHRD_ETHER, ifi_index=if_nametoindex("lo"), ifi_flags=IFF_UP, ifi_change=0}, `+
		`[[{nla_len=7, nla_type=IFLA_IFNAME}, "lo"], [{nla_len=8, nla_type=IFLA_MTU}, 65536], [{nla_len=10, nla_type=IFLA_ADDRESS}, 01:02:03:04:05:06], `+
		`[{nla_len=16, nla_type=IFLA_LINKINFO}, [{nla_len=9, nla_type=IFLA_INFO_KIND}, "veth"]]]], 76`)
	route := nlmsgOf(24, 0x605, uint8(2), uint8(24), uint8(0), uint8(0), uint8(254), uint8(3), uint8(253), uint8(1), uint32(0),
		nlattrOf(1, []byte{10, 0, 0, 0}), nlattrOf(6, uint32(100)))
	wantNl(t, unix.NETLINK_ROUTE, route, `[{nlmsg_len=44, nlmsg_type=RTM_NEWROUTE, nlmsg_flags=NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE, nlmsg_seq=7, nlmsg_pid=0}, `+
		`{rtm_family=AF_INET, rtm_dst_len=24, rtm_src_len=0, rtm_tos=0, rtm_table=RT_TABLE_MAIN, rtm_protocol=RTPROT_BOOT, rtm_scope=RT_SCOPE_LINK, rtm_type=RTN_UNICAST, rtm_flags=0}, `+
		`[[{nla_len=8, nla_type=RTA_DST}, inet_addr("10.0.0.0")], [{nla_len=8, nla_type=RTA_PRIORITY}, 100]]], 44`)
}

func TestNetlinkOthers(t *testing.T) {
	diag := nlmsgOf(20, 0x301, uint8(1), uint8(0), uint16(0), uint32(1<<1), uint32(5), uint32(1), uint32(2), uint32(3))
	wantNl(t, unix.NETLINK_SOCK_DIAG, diag, `[{nlmsg_len=40, nlmsg_type=SOCK_DIAG_BY_FAMILY, nlmsg_flags=NLM_F_REQUEST|NLM_F_DUMP, nlmsg_seq=7, nlmsg_pid=0}, `+
		`{sdiag_family=AF_UNIX, sdiag_protocol=0, udiag_states=1<<TCP_ESTABLISHED, udiag_ino=5, udiag_show=UDIAG_SHOW_NAME, udiag_cookie=[2, 3]}], 40`)
	wantNl(t, unix.NETLINK_KOBJECT_UEVENT, decodetest.Le([]byte("libudev\x00"), []byte{0xfe, 0xed, 0xca, 0xfe}, uint32(40), uint32(0), uint32(0), uint32(0), uint32(0), uint32(0), uint32(0)),
		`{prefix="libudev", magic=htonl(0xfeedcafe), header_size=40, properties_off=0, properties_len=0, filter_subsystem_hash=htonl(0), filter_devtype_hash=htonl(0), filter_tag_bloom_hi=htonl(0), filter_tag_bloom_lo=htonl(0)}, 40`)
}

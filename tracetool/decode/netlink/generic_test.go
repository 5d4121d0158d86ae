package netlink_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/decode/netlink"
)

// TestGenlFamily asks this kernel for the one family that all have, and for one that
// none has.
func TestGenlFamily(t *testing.T) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_GENERIC)
	if err != nil {
		t.Skipf("no generic netlink here: %v", err)
	}
	unix.Close(fd)
	decodetest.GrowStack()
	var name [unix.GENL_NAMSIZ]byte
	if n := netlink.GenlFamily(unix.GENL_ID_CTRL, &name); string(name[:n]) != "nlctrl" {
		t.Errorf("family %#x is %q", unix.GENL_ID_CTRL, name[:n])
	}
	if n := netlink.GenlFamily(0xfff0, &name); n != 0 {
		t.Errorf("family 0xfff0 is %q", name[:n])
	}
}

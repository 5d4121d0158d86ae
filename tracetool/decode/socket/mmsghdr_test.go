package socket_test

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

// TestNameLengthOfManyMessages: the name of message 20 was printed beyond the
// buffer that was given for it, as only sixteen lengths were remembered.
func TestNameLengthOfManyMessages(t *testing.T) {
	decodetest.Verbosely(t)
	type mmsghdr struct {
		hdr unix.Msghdr
		n   uint32
	}
	var msgs [20]mmsghdr
	name := [40]byte{unix.AF_UNIX, 0, 'a', 'b', 'c', 'd'}
	at := decodetest.Mem(name)
	for i := range msgs {
		msgs[i].hdr.Name = (*byte)(decodetest.PtrAt(at))
		msgs[i].hdr.Namelen = 5
	}
	addr := decodetest.Mem(msgs)
	c := &systrap.Call{Sysno: unix.SYS_RECVMMSG, Args: [6]uint64{3, uint64(addr), uint64(len(msgs))}}
	in, p := decodetest.Entered(c)
	for i := range msgs {
		(*[20]mmsghdr)(decodetest.PtrAt(addr))[i].hdr.Namelen = 38
	}
	c.Result = int64(len(msgs))
	want := `msg_name={sa_family=AF_UNIX, sun_path="abc"}, msg_namelen=5 => 38`
	if got := decodetest.End(in, p); strings.Count(got, want) != len(msgs) {
		t.Errorf("%d of %d messages are right: %s", strings.Count(got, want), len(msgs), got)
	}
}

// TestLongFdPath: the path of a descriptor was left out if it had more than
// 1023 bytes.
func TestLongFdPath(t *testing.T) {
	dir := t.TempDir() + strings.Repeat("/"+strings.Repeat("x", 200), 8)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Open(dir, unix.O_PATH, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := text.Opt
	defer func() { text.Opt = seen }()
	text.Opt.FdPaths, text.Opt.Fd = true, text.Numbers{}
	text.Opt.Fd.Add(text.FdPath)
	p := text.Printer{Line: systrap.LineOn(decodetest.Keep[:])}
	p.FdPath(int32(fd))
	if got := string(p.Bytes()); got != "<"+dir+">" {
		t.Errorf("got %q", got)
	}
}

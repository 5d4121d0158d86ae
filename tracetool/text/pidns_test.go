package text_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

const statusText = "Name:\tx\nNSpid_not:\t9\nGroups:\t0 \nNStgid:\t100\t20\t3\nNSpid:\t101\t21\t4\nNSpgid:\t90\t0\t0\nNSsid:\t80\n"

func TestIDLine(t *testing.T) {
	old := text.Opt.PidBase
	defer func() { text.Opt.PidBase = old }()
	for _, c := range []struct {
		base, level int
		what        text.IDKind
		outer, at   int32
		count       int
	}{
		{0, 3, text.IDProcess, 100, 3, 3},
		{1, 2, text.IDThread, 101, 21, 3},
		{2, 3, text.IDThread, 21, 4, 3},
		{1, 2, text.IDGroup, 90, 0, 3},
		{1, 2, text.IDSession, 80, 0, 1},
	} {
		text.Opt.PidBase = c.base
		if outer, at, n := text.IdLine([]byte(statusText), c.what, c.level); outer != c.outer || at != c.at || n != c.count {
			t.Errorf("base %d, level %d, kind %d: %d, %d, %d", c.base, c.level, c.what, outer, at, n)
		}
	}
	if _, _, n := text.IdLine([]byte("NSpid:"), text.IDThread, 1); n != 0 {
		t.Errorf("a line cut short has %d numbers", n)
	}
}

// TestRestart: what the library tells of a call that the program makes again.
func TestRestart(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(-512, unix.SYS_READ, 0, 0, 1), `read(0, NULL, 1)                        = ? ERESTARTSYS (To be restarted if SA_RESTART is set)`)
	decodetest.WantLine(t, decodetest.As(-513, unix.SYS_FORK), `fork()                                  = ? ERESTARTNOINTR (To be restarted)`)
	decodetest.WantLine(t, decodetest.As(-514, unix.SYS_CLOSE, 1), `close(1)                                = -1 (errno 514)`)
}

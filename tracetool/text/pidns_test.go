package tracetool

import (
	"testing"

	"golang.org/x/sys/unix"
)

const statusText = "Name:\tx\nNSpid_not:\t9\nGroups:\t0 \nNStgid:\t100\t20\t3\nNSpid:\t101\t21\t4\nNSpgid:\t90\t0\t0\nNSsid:\t80\n"

func TestIDLine(t *testing.T) {
	old := look.pidBase
	defer func() { look.pidBase = old }()
	for _, c := range []struct {
		base, level int
		what        idKind
		outer, at   int32
		count       int
	}{
		{0, 3, idProcess, 100, 3, 3},
		{1, 2, idThread, 101, 21, 3},
		{2, 3, idThread, 21, 4, 3},
		{1, 2, idGroup, 90, 0, 3},
		{1, 2, idSession, 80, 0, 1},
	} {
		look.pidBase = c.base
		if outer, at, n := idLine([]byte(statusText), c.what, c.level); outer != c.outer || at != c.at || n != c.count {
			t.Errorf("base %d, level %d, kind %d: %d, %d, %d", c.base, c.level, c.what, outer, at, n)
		}
	}
	if _, _, n := idLine([]byte("NSpid:"), idThread, 1); n != 0 {
		t.Errorf("a line cut short has %d numbers", n)
	}
}

// TestRestart: what the library tells of a call that the program makes again.
func TestRestart(t *testing.T) {
	wantLine(t, as(-512, unix.SYS_READ, 0, 0, 1), `read(0, NULL, 1)                        = ? ERESTARTSYS (To be restarted if SA_RESTART is set)`)
	wantLine(t, as(-513, unix.SYS_FORK), `fork()                                  = ? ERESTARTNOINTR (To be restarted)`)
	wantLine(t, as(-514, unix.SYS_CLOSE, 1), `close(1)                                = -1 (errno 514)`)
}

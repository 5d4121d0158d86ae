package tracetool

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// logTo makes a temporary file the trace's stream and returns how to read it,
// without process ids.
func logTo(t *testing.T) func() []string {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	growStack()
	path := filepath.Join(t.TempDir(), "log")
	if e := systrap.OpenLog(append([]byte(path), 0), false); e != 0 {
		t.Fatalf("OpenLog: errno %d", e)
	}
	saved := opt
	opt.toFile = true
	makePool()
	if pool == nil {
		t.Fatal("no memory for the pool")
	}
	t.Cleanup(func() { opt = saved; pool = nil })
	return func() []string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
		for i, l := range lines {
			_, lines[i], _ = strings.Cut(l, " ")
			lines[i] = strings.TrimLeft(lines[i], " ")
		}
		return lines
	}
}

func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d lines, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if strings.Join(strings.Fields(got[i]), " ") != want[i] {
			t.Errorf("line %d:\n got %s\nwant %s", i, got[i], want[i])
		}
	}
}

func TestOneWritePerLine(t *testing.T) {
	read := logTo(t)
	c := &systrap.Call{Sysno: unix.SYS_CLOSE, Args: [6]uint64{3}, SP: 0x7000}
	enter(c)
	wantLines(t, read(), "")
	exit(c)
	wantLines(t, read(), "close(3) = 0")
	if n := pool.head[systrap.Tid()%slots].owner.Load(); n != 0 {
		t.Errorf("the record is still owned: %#x", n)
	}
}

// TestNestedCall is a handler's call in the middle of another.
func TestNestedCall(t *testing.T) {
	read := logTo(t)
	outer := &systrap.Call{Sysno: unix.SYS_READ, Args: [6]uint64{5, uint64(cstring("hello")), 5}, SP: 0x7000}
	enter(outer)
	inner := &systrap.Call{Sysno: unix.SYS_GETPPID, SP: 0x6000, Result: 0}
	enter(inner)
	inner.Result = 7
	exit(inner)
	outer.Result = 5
	exit(outer)
	wantLines(t, read(), "read(5, <unfinished ...>", "getppid() = 7", `<... read resumed>"hello", 5) = 5`)
}

// TestAbandonedCall is a call that a handler left by siglongjmp: its record
// must come back, and not be taken for a live one.
func TestAbandonedCall(t *testing.T) {
	read := logTo(t)
	enter(&systrap.Call{Sysno: unix.SYS_PAUSE, SP: 0x6000})
	for i := 0; i < 3*slots; i++ {
		c := &systrap.Call{Sysno: unix.SYS_CLOSE, Args: [6]uint64{uint64(i)}, SP: 0x7000}
		enter(c)
		if i%2 == 0 {
			exit(c)
		}
	}
	used := 0
	for i := range pool.head {
		if pool.head[i].owner.Load() != 0 {
			used++
		}
	}
	if used > 2 {
		t.Errorf("%d records in use", used)
	}
	c := &systrap.Call{Sysno: unix.SYS_CLOSE, Args: [6]uint64{99}, SP: 0x8000}
	enter(c)
	exit(c)
	got := read()
	if last := got[len(got)-1]; !strings.HasPrefix(last, "close(99)") {
		t.Errorf("the last line is %q", last)
	}
}

// TestLostRecord is an Exit whose record another call has taken.
func TestLostRecord(t *testing.T) {
	read := logTo(t)
	c := &systrap.Call{Sysno: unix.SYS_CLOSE, Args: [6]uint64{3}, SP: 0x7000, User: 0}
	c.Result = -int64(unix.EBADF)
	exit(c)
	wantLines(t, read(), "close(3) = -1 EBADF (Bad file descriptor)")
}

// TestLongLine is a line that does not fit a record: its result must.
func TestLongLine(t *testing.T) {
	read := logTo(t)
	opt.strLen = 1 << 30
	big := cstring(strings.Repeat("x", 2*slotText))
	c := &systrap.Call{Sysno: unix.SYS_WRITE, Args: [6]uint64{1, uint64(big), 2 * slotText}, SP: 0x7000}
	enter(c)
	c.Result = 2 * slotText
	exit(c)
	got := read()
	if len(got) != 1 || !strings.HasSuffix(got[0], "...) = 262144") {
		t.Errorf("%d lines, the end is %q", len(got), got[0][max(0, len(got[0])-40):])
	}
}

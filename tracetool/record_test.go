package tracetool

import (
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/internal/tracelog"
	"libsystrap/systrap"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

// logTo makes a temporary file the trace's stream and returns how to read it,
// without process ids.
func logTo(t *testing.T) func() []string {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	decodetest.GrowStack()
	path := filepath.Join(t.TempDir(), "log")
	if e := tracelog.Open(append([]byte(path), 0), false); e != 0 {
		t.Fatalf("tracelog.Open: errno %d", e)
	}
	saved, seen := opt, text.Opt
	opt.toFile = true
	makePool()
	if pool == nil {
		t.Fatal("no memory for the pool")
	}
	t.Cleanup(func() {
		opt, text.Opt, pool, text.Sockets = saved, seen, nil, nil
		for i := 0; bigs != nil && i < len(bigs.holder); i++ { // of a teller that nothing is known of
			bigs.holder[i].Store(0)
		}
	})
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
	outer := &systrap.Call{Sysno: unix.SYS_READ, Args: [6]uint64{5, uint64(decodetest.Cstring("hello")), 5}, SP: 0x7000}
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

// TestLongLine are lines that do not fit a record: printed when the call
// begins, when it ends, and too long even for a larger text. Its result must be
// there.
func TestLongLine(t *testing.T) {
	read := logTo(t)
	text.Opt.StrLen = 1 << 30
	line := func(nr int64, n int) string {
		big := decodetest.Cstring(strings.Repeat("x", n))
		c := &systrap.Call{Sysno: nr, Args: [6]uint64{1, uint64(big), uint64(n)}, SP: 0x7000}
		enter(c)
		c.Result = int64(n)
		exit(c)
		got := read()
		return got[len(got)-1]
	}
	for _, n := range []int{10, 2 * slotText, 10, 4 * slotText, 2 * midText, 10} {
		text := strings.Repeat("x", n)
		if got, want := line(unix.SYS_WRITE, n), fmt.Sprintf("write(1, %q, %d)", text, n); !strings.HasPrefix(got, want) {
			t.Errorf("%d bytes written: %d, the end is %q", n, len(got), got[max(0, len(got)-40):])
		}
		if got, want := line(unix.SYS_READ, n), fmt.Sprintf("read(1, %q, %d)", text, n); !strings.HasPrefix(got, want) {
			t.Errorf("%d bytes read: %d, the end is %q", n, len(got), got[max(0, len(got)-40):])
		}
	}
	if got := line(unix.SYS_WRITE, maxText); !strings.HasSuffix(got, fmt.Sprintf("...) = %d", maxText)) {
		t.Errorf("the end is %q", got[max(0, len(got)-40):])
	}
	for i := range bigs.holder {
		if h := bigs.holder[i].Load(); i > 0 && i != midTexts && h != 0 {
			t.Errorf("larger text %d was used, as those before were not given back", i)
		}
	}
}

// TestLongLineInterrupted is one that another thread writes.
func TestLongLineInterrupted(t *testing.T) {
	read := logTo(t)
	text.Opt.StrLen = 1 << 30
	n := 2 * slotText
	c := &systrap.Call{Sysno: unix.SYS_WRITE, Args: [6]uint64{1, uint64(decodetest.Cstring(strings.Repeat("x", n))), uint64(n)}, SP: 0x7000}
	enter(c)
	interrupt(0)
	c.Result = int64(n)
	exit(c)
	got := read()
	if want := fmt.Sprintf("write(1, %q, %d <unfinished ...>", strings.Repeat("x", n), n); len(got) != 2 || got[0] != want {
		t.Errorf("%d lines, the first of %d bytes", len(got), len(got[0]))
	}
}

// TestStoppedTeller is a thread that is stopped while it writes the open line of another one (a leak
// checker stops it): the other one waited two seconds, and used the record's text while it was still being read.
func TestStoppedTeller(t *testing.T) {
	logTo(t)
	child := osexec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer child.Process.Kill()
	tid := systrap.Tid()
	k, word := take(tid, 0x7000)
	r := &pool.head[k]
	h := handle(k, word)
	r.n = int32(copy(textOf(k), "1 read(3"))
	pool.open.Store(0) // the teller has taken it
	r.told.Store(told(h, toldBegun))
	r.teller.Store(uint64(space)<<32 | uint64(child.Process.Pid))
	if err := child.Process.Signal(unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for { // until it has stopped
		if _, err := unix.Wait4(child.Process.Pid, nil, unix.WUNTRACED, nil); err != unix.EINTR {
			break
		}
	}
	if s := r.tellerState(); s != tellerIsStopped {
		t.Fatalf("a stopped process is in state %d", s)
	}
	e := r.rest(k, h, tid)
	if e.k == k || e.whole || r.told.Load() != told(h, toldLeft) || r.owner.Load() == 0 || string(textOf(k)[:r.n]) != "1 read(3" {
		t.Errorf("the rest goes to record %d of %d (%v), told %d", e.k, k, e.whole, r.told.Load()&7)
	}
	e.free(tid)
	if pool.head[e.k].owner.Load() != 0 {
		t.Error("the record of the rest is not given back")
	}
	if other, _ := take(tid, 0x8000); other == k {
		t.Error("a record that was left to its teller is taken again")
	}
	// A teller that has died writes no more.
	child.Process.Kill()
	child.Wait()
	k, word = take(tid, 0x6000)
	r, h = &pool.head[k], handle(k, word)
	r.n = int32(copy(textOf(k), "1 read(4"))
	pool.open.Store(0)
	r.told.Store(told(h, toldBegun))
	r.teller.Store(uint64(space)<<32 | uint64(child.Process.Pid))
	if e := r.rest(k, h, tid); e.k != k || !e.whole {
		t.Errorf("the line of a teller that has died: record %d of %d, whole %v", e.k, k, e.whole)
	}
}

// TestUnknownTellerOfLongLine is a long line whose teller nothing is known of: what there is of it goes to a
// record that has room for it (it did not: an index was out of range).
func TestUnknownTellerOfLongLine(t *testing.T) {
	logTo(t)
	tid := systrap.Tid()
	k, word := take(tid, 0x7000)
	r, h := &pool.head[k], handle(k, word)
	if !enlarge(k, h) {
		t.Fatal("no larger text")
	}
	r.n = int32(slotText + 1000)
	for i := range textOf(k)[:r.n] {
		textOf(k)[i] = byte('a' + i%26)
	}
	r.told.Store(told(h, toldBegun))
	e := r.rest(k, h, tid)
	if e.k == k || !e.whole || e.n != int(r.n) || string(textOf(e.k)[:e.n]) != string(textOf(k)[:r.n]) || len(textOf(e.k))-e.n < 2*tail {
		t.Errorf("record %d of %d, whole %v, %d bytes of %d in a text of %d", e.k, k, e.whole, e.n, r.n, len(textOf(e.k)))
	}
}

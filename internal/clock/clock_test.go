package clock

import (
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// begin starts the clocks and waits until the counter's scale is known.
func begin(t *testing.T) *Cells {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	Start()
	t.Cleanup(Lost)
	if begun.count == 0 {
		t.Skip("the kernel does not tell the time by the processor's counter here")
	}
	c := new(Cells)
	for i := 0; scale.Load() == 0; i++ {
		if i > 1e8 {
			t.Fatal("the counter's scale is not found")
		}
		Now(c, Monotonic, unix.Gettid())
	}
	return c
}

// TestBetweenCalls: what is told lies between what the kernel tells before and behind, but for the
// little that a reading is late.
func TestBetweenCalls(t *testing.T) {
	c := begin(t)
	tid := unix.Gettid()
	const late = prompt // in ns there are no more
	for id := range numIDs {
		calls, told := 0, int64(0)
		for range 200000 {
			before, _ := ask(id)
			n := c.of[id].count
			ns := Now(c, id, tid)
			if c.of[id].count != n {
				calls++
			}
			after, _ := ask(id)
			if id != ThreadTime && (ns < before-late || ns > after) || ns < told {
				t.Fatalf("clock %d: %d, then %d, then %d; last time %d", id, before, ns, after, told)
			}
			if id == ThreadTime && (ns < before-late || ns > after+trusted[id]) {
				t.Fatalf("clock %d: %d, then %d, then %d", id, before, ns, after)
			}
			told = ns
			if id == ThreadTime {
				told = 0 // it may have been ahead by a wait
			}
		}
		if calls == 0 || calls == 200000 {
			t.Errorf("clock %d: the kernel was asked %d times of 200000", id, calls)
		}
	}
}

// TestOtherThread has a vfork child's cell, which lies in its parent's memory.
func TestOtherThread(t *testing.T) {
	c := begin(t)
	Now(c, ThreadTime, 1<<30)
	c.of[ThreadTime].ns = 1 << 60
	if ns := Now(c, ThreadTime, unix.Gettid()); ns > 1<<50 {
		t.Errorf("the processor time is another thread's: %d", ns)
	}
}

func TestLost(t *testing.T) {
	c := begin(t)
	Lost()
	for id := range numIDs {
		before, _ := ask(id)
		ns := Now(c, id, unix.Gettid())
		if after, _ := ask(id); ns < before || ns > after {
			t.Errorf("clock %d: %d, then %d, then %d", id, before, ns, after)
		}
	}
	for _, taken := range []struct {
		nr   int64
		a    [6]uint64
		want bool
	}{
		{unix.SYS_PRCTL, [6]uint64{unix.PR_SET_TSC, unix.PR_TSC_SIGSEGV}, true},
		{unix.SYS_PRCTL, [6]uint64{unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_STRICT}, true},
		{unix.SYS_PRCTL, [6]uint64{unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER}, false},
		{unix.SYS_SECCOMP, [6]uint64{unix.SECCOMP_SET_MODE_STRICT}, true},
		{unix.SYS_SECCOMP, [6]uint64{unix.SECCOMP_SET_MODE_FILTER}, false},
		{unix.SYS_READ, [6]uint64{unix.PR_SET_TSC}, false},
	} {
		if got := TakenBy(taken.nr, &taken.a); got != taken.want {
			t.Errorf("TakenBy(%d, %v) = %v", taken.nr, taken.a, got)
		}
	}
}

// TestRecent: a count is recent at first, not after a sleep, and never once the counter may not be read.
func TestRecent(t *testing.T) {
	begin(t)
	recent := false
	for i := 0; i < 1000 && !recent; i++ { // the thread may be off its processor in between
		recent = Recent(Count())
	}
	c := Count()
	time.Sleep(2 * time.Millisecond)
	if !RecentBy(c, 1e6) || RecentBy(0, 1e6) {
		t.Error("a count is less than 100 seconds old, none is not")
	}
	if !recent || Recent(c) || Recent(0) {
		t.Errorf("a count is recent: %v, after 2 ms %v, none is %v", recent, Recent(c), Recent(0))
	}
	c = Count()
	Lost()
	if Count() != 0 || Recent(c) {
		t.Error("the counter is read when it may not be")
	}
}

// TestCountFindsScale: without a clock that is read, too.
func TestCountFindsScale(t *testing.T) {
	begin(t)
	Lost()
	Start()
	for i := 0; Count() == 0; i++ {
		if i > 1e8 {
			t.Fatal("the counter's scale is not found")
		}
	}
}

package e2e

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"libsystrap/e2e/tracelog"
)

// What the crowd is: 16 processes of 64 threads, all writing to one trace.
const (
	crowdProcesses = 16
	crowdThreads   = 64
	crowdCalls     = 12
)

// TestCrowd has a thousand threads in 16 processes write to the trace at once:
// no line is torn, and none is lost, wherever the trace goes.
func TestCrowd(t *testing.T) {
	need(t, "gcc")
	needMachine(t, "threads1100")
	lib := traceLib
	program := filepath.Join(workRoot, "crowd")
	if out, err := exec.Command("gcc", "-O1", "-D_GNU_SOURCE", "-pthread", "-o", program, "testdata/lib/crowd.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	// One after the other: each is a crowd of its own.
	t.Run("file", func(t *testing.T) {
		c := newCrowd(t, program, lib)
		c.run(t, "-f -o "+c.log, nil)
		f, err := os.Open(c.log)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		c.check(t, f)
	})
	t.Run("pipe", func(t *testing.T) {
		c := newCrowd(t, program, lib)
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		c.runTo(t, r, w)
	})
	t.Run("terminal", func(t *testing.T) {
		c := newCrowd(t, program, lib)
		r, w, err := openPty()
		if err != nil {
			t.Skipf("no pseudo terminal here: %v", err)
		}
		c.runTo(t, r, w)
	})
	t.Run("full", func(t *testing.T) {
		c := newCrowd(t, program, lib)
		var complaints bytes.Buffer
		c.run(t, "-f -o /dev/full", &complaints)
		want := "trace-syscalls: cannot write the trace: no space left on device; the program goes on, lines are lost\n"
		if got := complaints.String(); got != want {
			t.Errorf("standard error: %.500q, want %q", got, want)
		}
	})
}

// crowd is one run.
type crowd struct{ program, lib, counts, log string }

func newCrowd(t *testing.T, program, lib string) *crowd {
	dir := t.TempDir()
	c := &crowd{program, lib, filepath.Join(dir, "counts"), filepath.Join(dir, "log")}
	if err := os.WriteFile(c.counts, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return c
}

// run runs the crowd with standard error to w, and checks what it prints itself.
func (c *crowd) run(t *testing.T, options string, w io.Writer) {
	t.Helper()
	cmd := exec.Command("timeout", "-s", "ABRT", "240", "env", "LD_PRELOAD="+c.lib, "SYSTRAP_OPTIONS="+options, c.program,
		fmt.Sprint(crowdProcesses), fmt.Sprint(crowdThreads), fmt.Sprint(crowdCalls), c.counts)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, w
	err := cmd.Run()
	if want := fmt.Sprintf("%d processes\n", crowdProcesses); out.String() != want {
		t.Errorf("the program printed %q, want %q", out.String(), want)
	}
	if cmd.ProcessState.ExitCode() != 6 {
		t.Errorf("the program ended with %v, want exit status 6", err)
	}
}

// runTo runs the crowd with the trace on standard error, which is w, and checks
// what comes out at r.
func (c *crowd) runTo(t *testing.T, r, w *os.File) {
	t.Helper()
	defer r.Close()
	text := make(chan []byte, 1)
	go func() {
		b, _ := io.ReadAll(r) // a terminal ends with EIO
		text <- b
	}()
	c.run(t, "-f", w)
	w.Close()
	select {
	case b := <-text:
		c.check(t, bytes.NewReader(b))
	case <-time.After(2 * time.Minute):
		t.Fatal("a process still has the trace open")
	}
}

// check reads the trace, and compares it with what the threads say they did.
func (c *crowd) check(t *testing.T, trace io.Reader) {
	t.Helper()
	l, err := tracelog.Read(trace)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(c.counts)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[int][]int{}
	for line := range strings.Lines(string(b)) {
		var tid, n int
		if _, err := fmt.Sscanf(line, "%d %d\n", &tid, &n); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		counts[tid] = append(counts[tid], n)
	}
	if n := strings.Count(string(b), "\n"); n != crowdProcesses*crowdThreads {
		t.Errorf("%d threads have reported, want %d", n, crowdProcesses*crowdThreads)
	}
	if err := l.CheckMarks(counts); err != nil {
		t.Error(err)
	}
	if len(l.Open) > 0 {
		t.Errorf("calls without an end: %v", l.Open)
	}
	if l.Unfinished == 0 {
		t.Error("no call is unfinished: the threads did not write at once")
	}
	t.Logf("%d lines, %d of them unfinished", l.Lines, l.Unfinished)
}

// openPty returns both ends of a new pseudo terminal.
func openPty() (master, slave *os.File, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		unix.Close(fd)
		return nil, nil, err
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		unix.Close(fd)
		return nil, nil, err
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		unix.Close(fd)
		return nil, nil, err
	}
	return os.NewFile(uintptr(fd), "/dev/ptmx"), slave, nil
}

// TestTraceBeyondLimit writes the trace to a file that may not grow: the program
// ends as without us, and the user is told.
func TestTraceBeyondLimit(t *testing.T) {
	lib := traceLib
	log := filepath.Join(t.TempDir(), "log")
	const script = `ulimit -f 4; LD_PRELOAD=$1 SYSTRAP_OPTIONS="-f -o $2" find /usr/bin; echo $?; LD_PRELOAD=$1 SYSTRAP_OPTIONS="-f -o $2" ` +
		`sh -c 'trap "echo caught" XFSZ; ls / >/dev/null; exit 3'; echo $?`
	cmd := exec.Command("timeout", "240", "bash", "-c", script, "bash", lib, log)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command("timeout", "240", "bash", "-c", script, "bash", "", log)
	want, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("prints %.300q, natively %.300q", got[max(0, len(got)-300):], want[max(0, len(want)-300):])
	}
	const complaint = "trace-syscalls: cannot write the trace: file too large (RLIMIT_FSIZE); the program goes on, lines are lost\n"
	// Once for each process that was there when it happened.
	if rest := strings.ReplaceAll(errs.String(), complaint, ""); rest != "" || errs.Len() == 0 || errs.Len() > 3*len(complaint) {
		t.Errorf("standard error: %q", errs.String())
	}
	if st, err := os.Stat(log); err != nil || st.Size() > 4096 {
		t.Errorf("%v, %v", st, err)
	}
}

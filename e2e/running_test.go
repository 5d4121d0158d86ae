package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// running is a program that has said that it is ready.
type running struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startRunning(t *testing.T, exe string) *running {
	t.Helper()
	return startCommand(t, exec.Command(exe))
}

func startCommand(t *testing.T, cmd *exec.Cmd) *running {
	t.Helper()
	r := &running{cmd: cmd}
	r.in, _ = r.cmd.StdinPipe()
	out, _ := r.cmd.StdoutPipe()
	r.out = bufio.NewReader(out)
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.cmd.Process.Kill() })
	if line, err := r.out.ReadString('\n'); line != "ready\n" {
		t.Fatalf("%q, %v", line, err)
	}
	return r
}

func (r *running) pid() int { return r.cmd.Process.Pid }

// end lets the program come to its end, and returns what it says and its status.
func (r *running) end(t *testing.T) (string, int) {
	t.Helper()
	r.in.Write([]byte("x"))
	out, _ := io.ReadAll(r.out)
	r.cmd.Wait()
	return string(out), r.cmd.ProcessState.ExitCode()
}

// proc returns a file of the program's in /proc, and of each of its threads.
func (r *running) proc(t *testing.T, name string) string {
	t.Helper()
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/%s", r.pid(), name))
	all := ""
	for _, p := range paths {
		text, _ := os.ReadFile(p)
		all += string(text)
	}
	return all
}

// ours returns the mappings where the library's are.
func (r *running) ours(t *testing.T) string {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", r.pid()))
	if err != nil {
		t.Fatal(err)
	}
	ours := ""
	for line := range strings.Lines(string(maps)) {
		if strings.HasPrefix(line, "7ea") || strings.Contains(line, "trace-syscalls") {
			ours += line
		}
	}
	return ours
}

// attachFor attaches to the program until its log has lines, and detaches.
func (r *running) attachFor(t *testing.T, lines int, options ...string) string {
	t.Helper()
	return r.attachBy(t, lines, append([]string{tracerCommand(t)}, options...))
}

// attachBy is attachFor with the words of the command.
func (r *running) attachBy(t *testing.T, lines int, words []string) string {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	cmd := exec.Command(words[0], append(words[1:], "-p", strconv.Itoa(r.pid()), "-A", "-o", log)...)
	stderr := new(bytes.Buffer)
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(said)
	first, _ := in.ReadString('\n')
	if !strings.Contains(first, fmt.Sprintf("Process %d attached", r.pid())) {
		cmd.Process.Kill()
		rest, _ := io.ReadAll(in)
		t.Fatalf("not attached: %s%s", first, rest)
	}
	for _, line := range strings.Split(r.proc(t, "status"), "\n") {
		if v, ok := strings.CutPrefix(line, "TracerPid:"); ok && strings.TrimSpace(v) != "0" {
			t.Errorf("attached, and ptrace is not gone: %s", line)
		}
	}
	var text []byte
	for deadline := time.Now().Add(defaultPatience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if text, _ = os.ReadFile(log); bytes.Count(text, []byte("\n")) >= lines {
			break
		}
	}
	cmd.Process.Signal(syscall.SIGINT)
	io.Copy(stderr, in)
	cmd.Wait()
	if want := fmt.Sprintf("Process %d detached\n", r.pid()); !strings.Contains(stderr.String(), want) {
		t.Errorf("stderr: %s", stderr)
	}
	if ws := cmd.ProcessState.Sys().(syscall.WaitStatus); !ws.Signaled() || ws.Signal() != syscall.SIGINT {
		t.Errorf("ended with %v, want SIGINT", cmd.ProcessState)
	}
	if text, _ = os.ReadFile(log); bytes.Count(text, []byte("\n")) < lines {
		t.Errorf("%d lines of trace, want at least %d:\n%s", bytes.Count(text, []byte("\n")), lines, text)
	}
	return string(text)
}

// TestAttachWhileWaiting attaches to a program each thread of which waits in a call of another kind, and detaches: none ends
// with EINTR, none misses what it waits for, and nothing of ours is left.
func TestAttachWhileWaiting(t *testing.T) {
	needMachine(t, "ptrace")
	exe := buildFixture(t, "running/waits.c", "running_waits")
	tracerCommand(t)
	native := startRunning(t, exe)
	r := startRunning(t, exe)
	fds, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", r.pid()))
	const endless = 9 // calls that wait without a timeout, standard input's among them; the last one's line is open until we leave
	for range 2 {
		if log := r.attachFor(t, endless-1, "-f"); strings.Contains(log, "EINTR") {
			t.Errorf("interrupted:\n%s", log)
		}
	}
	if left := r.ours(t); left != "" {
		t.Errorf("still mapped:\n%s", left)
	}
	if now, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", r.pid())); len(now) != len(fds) {
		t.Errorf("%d descriptors, before %d", len(now), len(fds))
	}
	want, _ := native.end(t)
	got, status := r.end(t)
	if got != want || status != 0 || strings.Contains(want, "EINTR") {
		t.Errorf("status %d\n%s\nwant\n%s", status, got, want)
	}
}

// TestAttachRounds attaches to a busy program and detaches, SYSTRAP_ATTACH_ROUNDS times.
func TestAttachRounds(t *testing.T) {
	needMachine(t, "ptrace")
	rounds := 20
	if n, err := strconv.Atoi(os.Getenv("SYSTRAP_ATTACH_ROUNDS")); err == nil {
		rounds = n
	}
	r := startRunning(t, buildFixture(t, "running/busy.c", "running_busy"))
	for i := range rounds {
		options := [][]string{{"-f"}, {"-f", "-y", "-T"}, {}, {"-f", "-k"}}[i%4]
		lines := 50
		if len(options) == 0 {
			lines = 0 // the first thread waits
		}
		r.attachFor(t, lines, options...)
		if t.Failed() {
			break
		}
	}
	if left := r.ours(t); left != "" {
		t.Errorf("still mapped:\n%s", left)
	}
	const want = "bad 0, ticks some, rounds some, handler its own, stack none\n"
	if got, status := r.end(t); got != want || status != 0 {
		t.Errorf("status %d: %s", status, got)
	}
}

// TestAttachInjects has calls of a program that runs already fail.
func TestAttachInjects(t *testing.T) {
	needMachine(t, "ptrace")
	r := startRunning(t, buildFixture(t, "running/busy.c", "running_busy"))
	if log := r.attachFor(t, 20, "-f", "-e", "inject=getppid:error=EPERM", "-e", "trace=getppid"); !strings.Contains(log, "EPERM (Operation not permitted) (INJECTED)") {
		t.Errorf("%.500s", log)
	}
	if _, status := r.end(t); status != 0 {
		t.Errorf("status %d", status)
	}
}

// TestAttachRefused: one line says why there is no trace, and the program goes on as it was.
func TestAttachRefused(t *testing.T) {
	needMachine(t, "ptrace")
	r := startRunning(t, buildFixture(t, "running/busy.c", "running_busy"))
	refused := func(pid int, want string) {
		t.Helper()
		out, err := exec.Command(tracerCommand(t), "-p", strconv.Itoa(pid)).CombinedOutput()
		if strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), want) || err == nil {
			t.Errorf("%v: %s, want %q", err, out, want)
		}
	}
	refused(1<<22-1, "attach: ptrace(PTRACE_SEIZE, 4194303): No such process\n")
	first := exec.Command(tracerCommand(t), "-f", "-o", os.DevNull, "-p", strconv.Itoa(r.pid()))
	said, _ := first.StderrPipe()
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(said)
	in.ReadString('\n')
	refused(r.pid(), "has a tool of systrap's in it already")
	first.Process.Signal(syscall.SIGINT)
	io.Copy(io.Discard, in)
	first.Wait()
	cmd := exec.Command(r.cmd.Path)
	cmd.Env = append(os.Environ(), "LD_PRELOAD="+traceLib, "SYSTRAP_DISCOVER=0", "SYSTRAP_OPTIONS=-o /dev/null")
	loaded := startCommand(t, cmd)
	refused(loaded.pid(), "has a tool of systrap's in it already")
	if got, status := loaded.end(t); status != 0 {
		t.Errorf("status %d: %s", status, got)
	}
	if got, status := r.end(t); status != 0 {
		t.Errorf("status %d: %s", status, got)
	}
}

// TestAttachStopped attaches to a program that is stopped, which stays so until it is continued.
func TestAttachStopped(t *testing.T) {
	needMachine(t, "ptrace")
	r := startRunning(t, buildFixture(t, "running/busy.c", "running_busy"))
	stopped := func() bool {
		status := r.proc(t, "status")
		return strings.Count(status, "T (stopped)") == strings.Count(status, "State:")
	}
	r.cmd.Process.Signal(syscall.SIGSTOP)
	for !stopped() {
		time.Sleep(time.Millisecond)
	}
	r.attachFor(t, 0, "-f")
	for deadline := time.Now().Add(defaultPatience); !stopped(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not stopped any more: %s", r.proc(t, "status"))
		}
	}
	r.cmd.Process.Signal(syscall.SIGCONT)
	r.attachFor(t, 50, "-f")
	if got, status := r.end(t); status != 0 {
		t.Errorf("status %d: %s", status, got)
	}
}

package e2e

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// children returns the processes that a program has made, and those that these have.
func children(pid int) []int {
	var all []int
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, p := range paths {
		text, _ := os.ReadFile(p)
		for _, f := range strings.Fields(string(text)) {
			n, _ := strconv.Atoi(f)
			all = append(append(all, n), children(n)...)
		}
	}
	return all
}

// TestAttachChildren attaches to a program that makes others, and detaches from all of them, whatever they execute.
func TestAttachChildren(t *testing.T) {
	needMachine(t, "ptrace")
	for _, options := range [][]string{{"-f"}, {}} {
		tracerCommand(t)
		r := startRunning(t, buildFixture(t, "running/family.c", "running_family"))
		log := r.attachFor(t, 200, options...)
		for deadline := time.Now().Add(defaultPatience); len(children(r.pid())) < 6 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		if got := strings.Count(log, "execve(\"/proc/self/exe\", [\"family\", \"0\"]"); (got > 0) != (len(options) > 0) {
			t.Errorf("%v: %d execs in the log", options, got)
		}
		for _, pid := range append(children(r.pid()), r.pid()) {
			maps, _ := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
			if strings.Contains(string(maps), "\n7ea") || strings.Contains(string(maps), "trace-syscalls") {
				t.Errorf("%v: process %d of %d has the library still:\n%s", options, pid, r.pid(), maps)
			}
		}
		if out, status := r.end(t); out != "bad 0, stayed all\n" || status != 0 {
			t.Errorf("%v: %s, status %d", options, out, status)
		}
	}
}

// TestAttachSeveral attaches to two programs and runs a third: each line says whose it is.
func TestAttachSeveral(t *testing.T) {
	needMachine(t, "ptrace")
	exe := buildFixture(t, "running/busy.c", "running_busy")
	a, b := startRunning(t, exe), startRunning(t, exe)
	log := filepath.Join(t.TempDir(), "log")
	cmd := exec.Command(tracerCommand(t), "-e", "trace=read,execve", "-o", log, "-p", strconv.Itoa(a.pid()), "-p", strconv.Itoa(b.pid()), "sh", "-c", "exit 3")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	for n, want := 0, fmt.Sprintf("Process %d attached\n", b.pid()); !strings.Contains(string(buf[:n]), want); {
		k, err := said.Read(buf[n:])
		if err != nil {
			t.Fatalf("%v: %s", err, buf[:n])
		}
		n += k
	}
	for _, r := range []*running{a, b} {
		if got, status := r.end(t); status != 0 {
			t.Errorf("status %d: %s", status, got)
		}
	}
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != 3 {
		t.Errorf("exit status %d, want the command's 3", got)
	}
	text, _ := os.ReadFile(log)
	for _, want := range []string{
		fmt.Sprintf("%-5d read(0, \"x\", 1)", a.pid()), fmt.Sprintf("%-5d read(0, \"x\", 1)", b.pid()), "execve(", " +++ exited with 3 +++\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestThreadEndsAreTold: a thread's end has its line also where exit(2) is not traced. There was none.
func TestThreadEndsAreTold(t *testing.T) {
	need(t, "strace")
	cmd := exec.Command(tracerCommand(t), "-f", "-e", "trace=clone3,clone", buildFixture(t, "running/busy.c", "running_busy"))
	in, _ := cmd.StdinPipe()
	time.AfterFunc(100*time.Millisecond, func() { in.Write([]byte("x")) })
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	made := strings.Count(string(text), "attached\n")
	if ended := strings.Count(string(text), "+++ exited with 0 +++"); made == 0 || ended != made+1 {
		t.Errorf("%d threads were made, %d have an end, besides the first:\n%.3000s", made, ended-1, text)
	}
}

// TestAttachSignals attaches to a program that has to do with signals, those of the library among them, and detaches; also as on a kernel
// that cannot have a thread's calls reported from outside.
func TestAttachSignals(t *testing.T) {
	needMachine(t, "ptrace")
	r := startRunning(t, buildFixture(t, "running/signals.c", "running_signals"))
	old := buildFixture(t, "running/before64.c", "running_before64")
	for range 4 {
		r.attachFor(t, 20, "-f")
		r.attachBy(t, 20, []string{old, tracerCommand(t), "-f"})
	}
	const want = "altstack: 0\nown stack: 0\nsigsuspend: 0\nblocked: 0\nud2: 0\nsigwait: 0\n"
	if got, status := r.end(t); got != want || status != 0 {
		t.Errorf("status %d:\n%s", status, got)
	}
}

// TestLeftAtExec: with -b the trace is over when all have been left, and its status is 0, as the command's is not known.
func TestLeftAtExec(t *testing.T) {
	tracer := tracerCommand(t)
	for _, c := range []struct {
		options, command string
		status           int
	}{
		{"", "exec sh -c 'exit 3'", 0}, {"", "exit 3", 3}, {"-f", "/bin/true; exit 3", 3}, {"-f", "(exit 4)& exec sh -c 'exit 5'", 0},
	} {
		cmd := exec.Command(tracer, append(strings.Fields(c.options), "-b", "execve", "-e", "trace=none", "sh", "-c", c.command)...)
		out, _ := cmd.CombinedOutput()
		if got := cmd.ProcessState.ExitCode(); got != c.status || strings.Contains(string(out), "unknown pid") {
			t.Errorf("%+v: status %d\n%s", c, got, out)
		}
	}
	needMachine(t, "ptrace")
	shell := exec.Command("sh", "-c", "echo ready; read x; exec cat")
	r := startCommand(t, shell)
	cmd := exec.Command(tracer, "-b", "execve", "-p", strconv.Itoa(r.pid()))
	said, _ := cmd.StderrPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(said)
	in.ReadString('\n')
	r.in.Write([]byte("go\n"))
	text, _ := io.ReadAll(in) // it ends, while cat goes on
	if err := cmd.Wait(); err != nil || !strings.Contains(string(text), fmt.Sprintf("Process %d detached\n", r.pid())) {
		t.Errorf("%v: %s", err, text)
	}
	r.in.Close()
	if out, status := r.end(t); out != "" || status != 0 {
		t.Errorf("%q, status %d", out, status)
	}
}

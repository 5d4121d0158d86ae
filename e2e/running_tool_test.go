package e2e

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestAttachTool puts a tool that does nothing into a program that runs, and takes it out again.
func TestAttachTool(t *testing.T) {
	needMachine(t, "ptrace")
	r := startRunning(t, buildFixture(t, "running/busy.c", "running_busy"))
	for range 3 {
		cmd := exec.Command(filepath.Join(filepath.Dir(tracerCommand(t)), "systrap"), "run", "--tool", silentLib, "-p", strconv.Itoa(r.pid()))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(defaultPatience); !strings.Contains(r.ours(t), "r-xp") || !strings.Contains(r.proc(t, "status"), "TracerPid:\t0\n"); {
			if time.Now().After(deadline) {
				t.Fatal("the tool does not come")
			}
			time.Sleep(time.Millisecond)
		}
		time.Sleep(20 * time.Millisecond)
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		if left := r.ours(t); left != "" {
			t.Fatalf("still mapped:\n%s", left)
		}
	}
	if got, status := r.end(t); status != 0 {
		t.Errorf("status %d: %s", status, got)
	}
}

// suspendsFilters says whether a tracer here may have seccomp filters suspended (PTRACE_O_SUSPEND_SECCOMP).
func suspendsFilters(t *testing.T) bool {
	t.Helper()
	cmd := exec.Command("sleep", "100")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const seize, suspendSeccomp = 0x4206, 1 << 21
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PTRACE, seize, uintptr(cmd.Process.Pid), 0, suspendSeccomp, 0, 0)
	cmd.Process.Kill()
	cmd.Wait()
	if errno != 0 {
		t.Logf("filters cannot be suspended here: %v", errno)
	}
	return errno == 0
}

// TestAttachFilters: a program that installs a filter, and one that has one, also one that kills for what it takes to come and to go, is
// attached to and left, and goes on. Where filters cannot be suspended, and in strict mode, one line says so.
func TestAttachFilters(t *testing.T) {
	needMachine(t, "ptrace")
	suspends := suspendsFilters(t)
	bin := buildFixture(t, "running/filters.c", "running_filters")
	for _, c := range []struct {
		name   string
		before bool // the filter is there before we are
		args   []string
		strict bool // which nothing can be put into
	}{{"installed", false, nil, false}, {"there", true, nil, false}, {"kills", true, []string{"kill"}, false}, {"kills meanwhile", false, []string{"kill"}, false},
		{"strict mode", true, []string{"strict"}, true}} {
		t.Run(c.name, func(t *testing.T) {
			r := startCommand(t, exec.Command(bin, c.args...))
			install := func() {
				r.in.Write([]byte("x"))
				if line, err := r.out.ReadString('\n'); line != "filtered\n" {
					t.Fatalf("%q, %v", line, err)
				}
			}
			if c.before {
				install()
			}
			log := filepath.Join(t.TempDir(), "log")
			cmd := exec.Command(tracerCommand(t), "-o", log, "-p", strconv.Itoa(r.pid()))
			pipe, _ := cmd.StderrPipe()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			said := bufio.NewReader(pipe)
			first, _ := said.ReadString('\n')
			refused := c.before && (c.strict || !suspends)
			if refused != strings.Contains(first, "has a seccomp filter") || refused == strings.Contains(first, " attached\n") {
				t.Errorf("%q", first)
			}
			if !c.before {
				install()
			}
			if !refused {
				r.in.Write([]byte("y"))
				if line, err := r.out.ReadString('\n'); line != "asked\n" {
					t.Fatalf("%q, %v", line, err)
				}
				if text, _ := os.ReadFile(log); strings.Count(string(text), "getppid()") != 50 {
					t.Errorf("the trace:\n%s", text)
				}
				cmd.Process.Signal(syscall.SIGINT)
			}
			rest, _ := io.ReadAll(said)
			cmd.Wait()
			switch {
			case refused:
			case suspends && (!strings.Contains(string(rest), " detached\n") || r.ours(t) != ""):
				t.Errorf("%s%s", rest, r.ours(t))
			case !suspends && !strings.Contains(string(rest), "has a seccomp filter"):
				t.Errorf("%s", rest)
			}
			if out, status := r.end(t); out != "" || status != 0 {
				t.Errorf("%q, status %d", out, status)
			}
		})
	}
}

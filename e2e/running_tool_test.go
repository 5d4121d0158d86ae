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
		for deadline := time.Now().Add(20 * time.Second); !strings.Contains(r.ours(t), "r-xp") || !strings.Contains(r.proc(t, "status"), "TracerPid:\t0\n"); {
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

// TestAttachFilters: a program that installs a filter is not left, which one line says, and goes on; one that has a filter is not attached to.
func TestAttachFilters(t *testing.T) {
	needMachine(t, "ptrace")
	r := startRunning(t, buildFixture(t, "running/filters.c", "running_filters"))
	attach := func() (*exec.Cmd, *bufio.Reader) {
		cmd := exec.Command(tracerCommand(t), "-o", os.DevNull, "-p", strconv.Itoa(r.pid()))
		said, _ := cmd.StderrPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, bufio.NewReader(said)
	}
	cmd, in := attach()
	in.ReadString('\n')
	r.in.Write([]byte("x"))
	if line, err := r.out.ReadString('\n'); line != "filtered\n" {
		t.Fatalf("%q, %v", line, err)
	}
	cmd.Process.Signal(syscall.SIGINT)
	text, _ := io.ReadAll(in)
	cmd.Wait()
	if want := fmt.Sprintf("detach: process %d: has installed a seccomp filter", r.pid()); strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), want) {
		t.Errorf("%s, want %q", text, want)
	}
	if out, status := r.end(t); out != "" || status != 0 {
		t.Errorf("%q, status %d", out, status)
	}
	r = startRunning(t, buildFixture(t, "running/filters.c", "running_filters"))
	r.in.Write([]byte("x"))
	r.out.ReadString('\n')
	cmd, in = attach()
	text, _ = io.ReadAll(in)
	if err := cmd.Wait(); err == nil || strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), "has a seccomp filter") {
		t.Errorf("%v: %s", err, text)
	}
	if out, status := r.end(t); out != "" || status != 0 {
		t.Errorf("%q, status %d", out, status)
	}
}

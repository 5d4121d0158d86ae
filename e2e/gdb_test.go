package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// gdbSource makes calls from nested functions and takes a signal.
const gdbSource = `#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int hits;
void handler(int s) { hits++; getppid(); }
int inner(int n) { getppid(); return n + 1; }
int outer(int n) { return inner(n) + 1; }
int forks(int n) { pid_t p = fork(); if (p == 0) _exit(n); return waitpid(p, 0, 0) == p; }
int vforks(int n) { pid_t p = vfork(); if (p == 0) _exit(n); return waitpid(p, 0, 0) == p; }
int main(void) { signal(SIGUSR1, handler); raise(SIGUSR1); printf("result %d hits %d\n", outer(3), hits); return 7 + forks(3) + vforks(4); }
`

// TestGdb: without our script and without Syscall User Dispatch, as on older kernels, breakpoints are hit, a backtrace from inside our handler passes
// through the restorer to the program, and the program ends as natively.
func TestGdb(t *testing.T) {
	need(t, "gdb", "gcc")
	needMachine(t, "ptrace")
	if nativeTwice {
		t.Skip("nothing is trapped with E2E_NATIVE_TWICE")
	}
	dir := t.TempDir()
	source, program := filepath.Join(dir, "p.c"), filepath.Join(dir, "p")
	if err := os.WriteFile(source, []byte(gdbSource), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-g", "-O0", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	gdb := func(commands ...string) string {
		args := []string{"240", "gdb", "-nx", "-batch", "-ex", "set debuginfod enabled off", "-ex", "set startup-with-shell off",
			"-ex", "set breakpoint pending on", "-ex", "handle SIGUSR1 nostop noprint pass"}
		for _, c := range commands {
			args = append(args, "-ex", c)
		}
		args = append(args, "--args", "env", "SYSTRAP_DISCOVER=0", "LD_PRELOAD="+silentLib, program)
		start := time.Now()
		out, err := exec.Command("timeout", args...).CombinedOutput()
		if err != nil {
			t.Errorf("gdb: %v after %v", err, time.Since(start))
		}
		return string(out)
	}
	out := gdb("handle SIGILL nostop noprint pass", "break inner", "run", "backtrace", "finish", "continue")
	for _, want := range []string{`Breakpoint 1, inner \(n=3\)`, `#1 .*outer \(n=3\)`, `#2 .*main \(\)`, `Value returned is \$1 = 4`, `result 5 hits 1`, `exited with code 011`} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("gdb does not show %q in\n%s", want, out)
		}
	}
	// Stopped by the trap itself: the first SIGILL that is not passed silently.
	out = gdb("handle SIGILL nostop noprint pass", "break inner", "run", "handle SIGILL stop print pass", "continue", "backtrace", "handle SIGILL nostop noprint pass", "continue")
	for _, want := range []string{`Program received signal SIGILL`, `inner \(n=3\)`, `main \(\)`, `exited with code 011`} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("gdb does not show %q in\n%s", want, out)
		}
	}
	// In a displaced stub, in parent and child: the stub is in nobody's call
	// chain, and the unwind information says so (internal/freestanding/stubframe.go).
	inStub := regexp.MustCompile(`#0 [^#]*rawsys\.stubs \(\)[^#]*#1 [^#]*fork[^#]*(#[0-9]+ [^#]*)*?#[0-9]+ [^#]* v?forks \(n=[34]\)[^#]*#[0-9]+ [^#]*main \(\)`)
	out = gdb("handle SIGILL nostop noprint pass", "catch fork", "catch vfork", "run", "backtrace", "continue", "backtrace", "continue")
	if n := len(inStub.FindAllString(out, -1)); n != 2 || !strings.Contains(out, "exited with code 011") {
		t.Errorf("gdb shows %d whole backtraces from a stub, want 2 (fork and vfork) in\n%s", n, out)
	}
	out = gdb("handle SIGILL nostop noprint pass", "set follow-fork-mode child", "catch fork", "run", "handle SIGILL stop print pass",
		"continue", "backtrace", "handle SIGILL nostop noprint pass", "continue")
	if n := len(inStub.FindAllString(out, -1)); n != 1 || !strings.Contains(out, "exited with code 03") {
		t.Errorf("gdb shows %d whole backtraces from the child's stub, want 1 in\n%s", n, out)
	}
	// A signal frame of ours on the stack: the backtrace passes through it.
	out = gdb("handle SIGILL nostop noprint pass", "break handler", "run", "backtrace", "delete", "continue")
	if n := strings.Count(out, "<signal handler called>"); n < 1 {
		t.Errorf("gdb shows no signal frame in\n%s", out)
	}
	for _, want := range []string{`#0 .*handler \(s=10\)`, `main \(\)`, `exited with code 011`} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("gdb does not show %q in\n%s", want, out)
		}
	}
}

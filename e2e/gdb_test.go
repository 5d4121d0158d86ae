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
#include <unistd.h>
static volatile int hits;
void handler(int s) { hits++; getppid(); }
int inner(int n) { getppid(); return n + 1; }
int outer(int n) { return inner(n) + 1; }
int main(void) { signal(SIGUSR1, handler); raise(SIGUSR1); printf("result %d hits %d\n", outer(3), hits); return 9; }
`

// TestGdb: breakpoints are hit, a backtrace from inside our handler passes
// through the restorer to the program, and the program ends as natively.
func TestGdb(t *testing.T) {
	need(t, "gdb", "gcc")
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
		args := []string{"60", "gdb", "-nx", "-batch", "-ex", "set debuginfod enabled off", "-ex", "set startup-with-shell off",
			"-ex", "set breakpoint pending on", "-ex", "handle SIGUSR1 nostop noprint pass"}
		for _, c := range commands {
			args = append(args, "-ex", c)
		}
		args = append(args, "--args", "env", "LD_PRELOAD="+silentLib, program)
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

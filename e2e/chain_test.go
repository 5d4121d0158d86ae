package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"libsystrap/internal/freestanding"
)

// chainScript makes the calls that the layers tell of.
const chainScript = `
import os, signal, time
os.umask(0)
try: os.getpriority(os.PRIO_PROCESS, 0)
except OSError as e: print("getpriority", e.errno, flush=True)
try: os.getsid(0)
except OSError as e: print("getsid", e.errno, flush=True)
if os.fork() == 0: os._exit(3)
os.wait()
signal.signal(signal.SIGUSR1, lambda *a: None)
os.kill(os.getpid(), signal.SIGUSR1)
try: os.execv("/bin/true", ["true"])
except OSError: pass
`

// TestChain builds one library of two tools and looks at who is told what, in which order.
func TestChain(t *testing.T) {
	need(t, "/usr/bin/python3")
	lib := filepath.Join(t.TempDir(), "chain.so")
	build := exec.Command("go", "run", "./cmd/systrap", "build", "-o", lib, "./e2e/chain/outer", "./e2e/chain/inner")
	build.Dir = ".."
	out, err := build.CombinedOutput()
	if err != nil || strings.Count(string(out), "\n") != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := freestanding.Verify(lib); err != nil {
		t.Error(err)
	}
	run := func(options string) (string, string) {
		cmd := exec.Command("/usr/bin/python3", "-S", "-c", chainScript)
		cmd.Env = append(fixedEnv(t.TempDir()), "LD_PRELOAD="+lib, "SYSTRAP_OPTIONS="+options, "PYTHONDONTWRITEBYTECODE=1")
		var stdout, stderr strings.Builder
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil {
			t.Errorf("%v: %s", err, stderr.String())
		}
		return stdout.String(), stderr.String()
	}
	got, told := run("four -- five5")
	want := `outer init, options: 4, 0
inner init, options: 5, 0
outer enter: 0, 0
inner enter: 11, 0
inner exit: 18, 22
outer exit: 18, 11
outer enter: 0, 0
inner enter: 0, 0
inner exit, replaced: -1, 22
outer exit: -1, 11
outer enter: 0, 0
outer exit, replaced: -1, 11
`
	if !strings.HasPrefix(told, want) || got != "getpriority 1\ngetsid 1\n" {
		t.Errorf("printed %q, told\n%s", got, told)
	}
	for _, order := range [][]string{
		{"inner exit in the child: 0, 0\n", "outer exit in the child: 0, 0\n", "outer fini: 3, 0\n", "inner fini: 3, 0\n"},
		{"inner exit: 1000, 22\n", "outer exit: 1000, 11\n", "outer signal: 10, 0\n", "inner signal: 10, 0\n",
			"outer exec: 0, 0\n", "inner exec: 0, 0\n", "outer init, options: 4, 0\n", "inner init, options: 5, 0\n", "outer fini: 0, 0\n", "inner fini: 0, 0\n"},
	} {
		rest := told[len(want):]
		for _, line := range order {
			_, after, found := strings.Cut(rest, line)
			if !found {
				t.Errorf("no %q in its place in\n%s", line, told)
			}
			rest = after
		}
	}
	// Without a word -- the options are everybody's; a tool whose Init refuses is left out.
	if _, told := run("seven77"); !strings.HasPrefix(told, "outer init, options: 7, 0\ninner init, options: 7, 0\n") {
		t.Errorf("told\n%s", told)
	}
	got, told = run("out -- in")
	if strings.Count(told, "outer ") != 2 || !strings.Contains(told, "inner enter: 0, 0\ninner exit: 18, 22\n") || got != "getpriority 1\n" {
		t.Errorf("printed %q, told\n%s", got, told)
	}
	// None is left, so the execve is not followed: the environment is.
	if _, told := run("out"); strings.Count(told, "init") != 4 || strings.Count(told, "\n") != 4 {
		t.Errorf("told\n%s", told)
	}
}

// TestChainOfExamples has trace-syscalls show what a program asks for, and a tool behind
// it make something else of it, and the other way round.
func TestChainOfExamples(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ first, second, options, want string }{
		{"./cmd/trace-syscalls", "./examples/rewritepath", "-e trace=openat -P /nowhere/passwd -P /etc/passwd -- /nowhere=/etc", `openat(AT_FDCWD, "/nowhere/passwd", O_RDONLY) = 3`},
		{"./examples/failcall", "./cmd/trace-syscalls", "lseek:EPERM -- -e trace=lseek,umask", ""},
	} {
		lib := filepath.Join(dir, "both.so")
		build := exec.Command("go", "run", "./cmd/systrap", "build", "-o", lib, c.first, c.second)
		build.Dir = ".."
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		cmd := exec.Command("head", "-n1", "/nowhere/passwd")
		if c.want == "" {
			cmd = exec.Command("sh", "-c", "umask 022; exec head -n1 /etc/passwd")
		}
		cmd.Env = append(fixedEnv(dir), "LD_PRELOAD="+lib, "SYSTRAP_OPTIONS="+c.options)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil || !strings.HasPrefix(string(out), "root:") {
			t.Errorf("%+v: %v, %q", c, err, out)
		}
		if c.want != "" && !strings.HasPrefix(stderr.String(), c.want) ||
			c.want == "" && (strings.Contains(stderr.String(), "lseek") || !strings.Contains(stderr.String(), "umask(022)")) {
			t.Errorf("%+v: %s", c, stderr.String())
		}
	}
}

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// buildLimits compiles a program of testdata.
func buildLimits(t *testing.T, source string) string {
	t.Helper()
	need(t, "gcc")
	bin := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("gcc", "-O1", "-g", "-D_GNU_SOURCE", "-Itestdata", "-pthread", "-o", bin, source).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	return bin
}

// TestLogBeyondFileLimit: what RLIMIT_FSIZE bounds is the program's. Every line of
// the trace is there, of a limited child and of what it executes, too.
func TestLogBeyondFileLimit(t *testing.T) {
	bin := buildLimits(t, "testdata/limits_files.c")
	log := filepath.Join(t.TempDir(), "log")
	cmd := exec.Command("timeout", "240", "env", "LD_PRELOAD="+traceLib, "SYSTRAP_OPTIONS=-o "+log, bin)
	cmd.Dir = t.TempDir()
	cmd.Env = fixedEnv(cmd.Dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	cmd.Run()
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	// Some are "getppid( <unfinished ...>", as the parent's clone returns meanwhile.
	if n := strings.Count(string(text), "getppid("); n != 4*3000 {
		t.Errorf("%d lines of getppid, want 12000; stderr:\n%s", n, stderr.String())
	}
	if strings.Contains(string(text), "\x00") || !strings.Contains(string(text), "+++ killed by SIGXFSZ") || strings.Count(string(text), "getdents64") < 2 {
		t.Errorf("the log is not whole: %d bytes", len(text))
	}
}

// TestNoNumberLeft: a program that takes every number its limit allows gets ours,
// too. No line goes to its file; where ours cannot move, one says so.
func TestNoNumberLeft(t *testing.T) {
	bin := buildLimits(t, "testdata/lib/numbers.c")
	for _, c := range []struct{ name, limits, arg, options string }{
		{"hard", "ulimit -n 256", "256", ""},
		{"hard -A", "ulimit -n 256", "256", "-A"},
		{"raised", "ulimit -Sn 1024; ulimit -Hn 4096", "4096", ""},
		{"raised -A", "ulimit -Sn 1024; ulimit -Hn 4096", "4096", "-A"},
		{"-c", "ulimit -n 256", "256", "-c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			log := filepath.Join(dir, "log")
			cmd := exec.Command("sh", "-c", c.limits+"; exec timeout 240 env LD_PRELOAD="+traceLib+" SYSTRAP_OPTIONS='"+c.options+" -o "+log+"' "+bin+" "+c.arg)
			cmd.Dir = dir
			cmd.Env = fixedEnv(dir)
			out, err := cmd.CombinedOutput()
			if want := "0 bytes, closed 0 0\nchild 3\n"; err != nil || string(out) != want {
				t.Errorf("%v, printed %q, want %q", err, out, want)
			}
			text, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			whole := strings.Contains(string(text), "+++ exited with 0") || strings.Contains(string(text), "% time")
			said := strings.HasSuffix(strings.TrimRight(string(text), "\x00"), "the trace ends here\n")
			if whole == said {
				t.Errorf("the log ends with neither the program's end nor a line that says why:\n%.300s", text[max(0, len(text)-300):])
			}
		})
	}
}

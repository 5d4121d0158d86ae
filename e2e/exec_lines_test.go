package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// buildFixture compiles a program of testdata for a test of its own, and returns its path.
func buildFixture(t *testing.T, source, name string, flags ...string) string {
	t.Helper()
	need(t, "gcc")
	dir := filepath.Join(workRoot, "built")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(dir, name)
	args := append([]string{"-O1", "-D_GNU_SOURCE", "-pthread", "-Itestdata", "-o", exe, filepath.Join("testdata", source)}, flags...)
	if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		t.Fatalf("gcc %v: %v\n%s", args, err, out)
	}
	return exe
}

// TestExecLines compares the traces of programs whose execs fail, or succeed in odd ways,
// with strace's: an exec that fails had a line that said it had succeeded, and its own was
// cut at 512 bytes.
func TestExecLines(t *testing.T) {
	need(t, "strace")
	needMachine(t, "ptrace")
	errs := buildFixture(t, "exec_errors.c", "exec_errors")
	ours := tracerCommand(t)
	for _, c := range []struct{ name, script string }{
		{"errors", "exec " + errs + " " + filepath.Dir(errs)},
		{"path", "PATH=/nonexistent:/etc:/bin; exec env echo found"},
		{"shell", `echo 'echo $0' >s; chmod 755 s; ./s; ./missing; /etc; exec ./s`},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := execsOf(traceOf(t, c.script, "strace", "-f", "-v", "-o", "LOG"))
			got := execsOf(traceOf(t, c.script, ours, "-f", "-v", "-o", "LOG"))
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-strace +ours):\n%s", d)
			}
			want = execsOf(traceOf(t, c.script, "strace", "-f", "-o", "LOG"))
			got = execsOf(traceOf(t, c.script, "env", "LD_PRELOAD="+traceLib, "SYSTRAP_OPTIONS=-f -o LOG"))
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("the bare library (-strace +ours):\n%s", d)
			}
		})
	}
}

// execsOf returns the lines of each thread's execs, but for that of the command.
func execsOf(log string) (lines [][]string) {
	for _, parts := range threads(log) {
		var own []string
		for _, part := range parts {
			for _, line := range part {
				if strings.HasPrefix(line, "exec") {
					own = append(own, line)
				}
			}
		}
		if len(own) > 0 {
			lines = append(lines, own)
		}
	}
	if len(lines) > 0 {
		lines[0] = lines[0][1:]
	}
	return lines
}

// TestExecOfCutOff compares how many execs have succeeded by the trace: one whose process dies as its program is loaded
// had a line that said so.
func TestExecOfCutOff(t *testing.T) {
	need(t, "strace")
	needMachine(t, "ptrace")
	exe := buildFixture(t, "exec_cut_off.c", "exec_cut_off")
	small := buildFixture(t, "lib/jailed.c", "cut_small")
	whole := buildFixture(t, "lib/jailed.c", "cut_whole", "-static")
	script := "exec " + exe + " " + small + " " + whole
	succeeded := func(log string) (n int) {
		for _, own := range execsOf(log) {
			for _, line := range own {
				if strings.HasSuffix(line, " = 0") {
					n++
				}
			}
		}
		return n
	}
	want := succeeded(traceOf(t, script, "strace", "-f", "-o", "LOG"))
	if want == 0 {
		t.Fatal("no exec has succeeded under strace")
	}
	if got := succeeded(traceOf(t, script, tracerCommand(t), "-f", "-o", "LOG")); got != want {
		t.Errorf("%d execs have succeeded, under strace %d", got, want)
	}
}

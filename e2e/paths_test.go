package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPathsOfTheMoment runs a program whose files move while it names their descriptors: -y shows where they are, as
// strace does, though a path is kept for a moment (docs/decisions/paths-kept-for-a-moment.md).
func TestPathsOfTheMoment(t *testing.T) {
	need(t, "strace", "gcc")
	needMachine(t, "ptrace")
	program := filepath.Join(t.TempDir(), "moves")
	if out, err := exec.Command("gcc", "-O1", "-D_GNU_SOURCE", "-o", program, "testdata/paths/moves.c", "-pthread").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, options := range []string{"-y", "-yy"} {
		t.Run(options, func(t *testing.T) {
			want := traceOf(t, "exec "+program, "strace", "-f", options, "-o", "LOG")
			got := traceOf(t, "exec "+program, "env", "LD_PRELOAD="+traceLib, "SYSTRAP_OPTIONS=-f "+options+" -o LOG")
			compareTraces(t, seen(want), seen(got))
			if n := strings.Count(seen(got), "/strace/"); n < 100 {
				t.Errorf("%d lines with paths", n)
			}
		})
	}
}

// seen are the lines of a trace that say what a descriptor is open on.
func seen(log string) string {
	var b strings.Builder
	for id, line := range wholeLines(log) {
		if strings.HasPrefix(line, "exec") || strings.Contains(line, "stat") && strings.Contains(line, "<") {
			fmt.Fprintln(&b, id, line)
		}
	}
	return b.String()
}

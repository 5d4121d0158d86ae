package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
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

// TestNumbersWithoutPaths: what a descriptor without a path is said to be is what the kernel says just then, however its number
// came to another file.
func TestNumbersWithoutPaths(t *testing.T) {
	need(t, "gcc")
	program := filepath.Join(t.TempDir(), "numbers")
	if out, err := exec.Command("gcc", "-O1", "-D_GNU_SOURCE", "-o", program, "testdata/paths/numbers.c", "-pthread").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	said := regexp.MustCompile(`fstat(?:at)?\(9<(.*)>, (?:"", )?\{|readlink\("/proc/self/fd/9", "(.*)", 100\)`)
	const link, each = 3, 7 // of what is said in one look
	for _, door := range []string{"jump", "trap"} {
		t.Run(door, func(t *testing.T) {
			log := traceOf(t, "exec "+program, "env", "LD_PRELOAD="+traceLib, "SYSTRAP_DOOR="+door, "SYSTRAP_OPTIONS=-f -y -o LOG")
			all := said.FindAllStringSubmatch(log, -1)
			if len(all) != (60*2+60*3)*each || !strings.Contains(log, "exited with 0") {
				t.Fatalf("it is named %d times; the end is %q", len(all), log[max(0, len(log)-300):])
			}
			for i, m := range all {
				if is := all[i/each*each+link][2]; m[1]+m[2] != is || is == "" {
					t.Errorf("look %d, line %d: %q, the kernel has %q", i/each, i%each, m[1]+m[2], is)
				}
			}
		})
	}
}

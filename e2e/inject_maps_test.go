package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOwnMappings: an injected program finds in /proc/self/maps, smaps, numa_maps and map_files what it finds natively, with
// every address, however it reads them; and its trace has strace's lines.
func TestOwnMappings(t *testing.T) {
	needMachine(t, "ptrace")
	need(t, "setarch")
	ours, err := ourStrace()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "maps_ways")
	need(t, "gcc")
	if out, err := exec.Command("gcc", "-O1", "-Wall", "-D_GNU_SOURCE", "-pthread", "-o", program, "testdata/lib/maps_ways.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	output := func(t *testing.T, env string, words ...string) string {
		t.Helper()
		cmd := exec.Command("timeout", append([]string{"120", "setarch", "-R"}, words...)...)
		cmd.Env = []string{"PATH=/usr/bin:/bin", env}
		cmd.Dir = t.TempDir()
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%s", words, err, out)
		}
		return string(out)
	}
	const lines = `while read a; do echo "$a"; done < /proc/self/maps; (cat /proc/$$/maps); cat /proc/self/maps`
	for name, words := range map[string][]string{
		"ways":  {program, "print"},
		"cat":   {"cat", "/proc/self/maps", "/proc/thread-self/maps"},
		"bytes": {"dd", "if=/proc/self/maps", "bs=1"},
		"shell": {"sh", "-c", lines},
		"bash":  {"bash", "-c", lines},
		"files": {"sh", "-c", "ls /proc/self/map_files; ls /proc/$$/map_files"},
	} {
		for _, env := range []string{"A=1", "SYSTRAP_DISCOVER=1", "SYSTRAP_DISCOVER=only", "SYSTRAP_DOOR=trap"} {
			t.Run(name+" "+env, func(t *testing.T) {
				need(t, words[0])
				want := output(t, env, words...)
				got := output(t, env, append([]string{ours, "-f", "-o", "/dev/null"}, words...)...)
				if want != got {
					t.Errorf("differs:\n%s", firstDifference(got, want))
				}
			})
		}
	}
	t.Run("trace", func(t *testing.T) {
		need(t, "strace")
		log := filepath.Join(t.TempDir(), "log")
		text := func(tracer string) string {
			cmd := exec.Command("timeout", "240", "setarch", "-R", tracer, "-o", log, "dd", "if=/proc/self/maps", "bs=100", "of=/dev/null", "status=none")
			cmd.Env = []string{"PATH=/usr/bin:/bin"}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			b, _ := os.ReadFile(log)
			var kept []string
			for line := range strings.Lines(string(b)) {
				kept = append(kept, normal(line))
			}
			return strings.Join(kept, "")
		}
		if want, got := text("strace"), text(ours); want != got {
			t.Errorf("differs:\n%s", firstDifference(got, want))
		}
	})
}

// firstDifference returns the first lines that two texts differ by.
func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "here:     " + a[i] + "\nnatively: " + b[i]
		}
	}
	return "one is longer"
}

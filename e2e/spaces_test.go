package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"libsystrap/e2e/tracelog"
)

// TestSpaces: processes of different PID namespaces have threads of the same numbers. They
// took the lines under way from one another, and wrote into them.
func TestSpaces(t *testing.T) {
	need(t, "gcc")
	program := filepath.Join(workRoot, "spaces")
	if out, err := exec.Command("gcc", "-O1", "-D_GNU_SOURCE", "-pthread", "-o", program, "testdata/lib/spaces.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	const processes, threads, calls = "6", "6", "40"
	for _, how := range []string{"cloned", "unshared", "shared", "killed"} {
		t.Run(how, func(t *testing.T) {
			args := []string{"-s", "ABRT", "240", program, how, processes, threads, calls}
			native := exec.Command("timeout", args...)
			if native.Run(); native.ProcessState.ExitCode() == 77 {
				t.Skip("no PID namespace can be made here")
			} else if native.ProcessState.ExitCode() != 6 {
				t.Fatalf("natively: %v", native.ProcessState)
			}
			log := filepath.Join(t.TempDir(), "log")
			cmd := exec.Command("timeout", args...)
			cmd.Env = append(fixedEnv(workRoot), "LD_PRELOAD="+traceLib, "SYSTRAP_OPTIONS=-f -yy -o "+log)
			if cmd.Run(); cmd.ProcessState.ExitCode() != 6 {
				t.Errorf("status: %v, natively 6", cmd.ProcessState)
			}
			text, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			l, err := tracelog.Read(strings.NewReader(string(text)))
			if err != nil {
				t.Error(err)
			}
			most := 6 * 40
			if how != "shared" {
				most *= 6
			}
			times := make([]int, most)
			for _, marks := range l.Marks {
				for _, n := range marks {
					times[n]++
				}
			}
			for n, k := range times {
				if k != 1 {
					t.Errorf("marked call %d is there %d times", n, k)
					break
				}
			}
			if how == "cloned" && strings.Count(string(text), "pause") < 6 {
				t.Error("the call of a thread that dies with its process has no line")
			}
		})
	}
}

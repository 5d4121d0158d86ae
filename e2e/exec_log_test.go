package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestExecKeepsTheLog: whatever lies between them, a program does not take away what those
// that started it have written to the log. One without our state truncated it.
func TestExecKeepsTheLog(t *testing.T) {
	opath := buildFixture(t, "exec_unseen.c", "exec_unseen")
	for _, name := range []string{"opath", "full", "hard", "unread", "inner"} {
		buildFixture(t, "lib/ids.c", name)
	}
	still := buildFixture(t, "lib/starter.c", "still", "-static")
	static := filepath.Dir(still)
	for _, c := range []struct {
		name, script string
		execs        []string // what the log must have an execve of, in order
	}{
		{"unseen", opath + " " + filepath.Dir(opath) + " >/dev/null", []string{"/sh\"", "exec_unseen", "/full\"", "/hard\"", "./script\"", "/unread\""}},
		{"static", static + "/still /bin/echo one; exec " + static + "/still /bin/echo two", []string{"/sh\"", "still", "echo", "still", "echo"}},
		{"static alone", "exec " + static + "/still " + static + "/still /bin/sh -c 'exec /bin/echo one'", []string{"/sh\"", "still", "/sh\"", "echo"}},
		{"empty environment", "env -i /bin/sh -c '/bin/echo; env -i /bin/echo'", []string{"/sh\"", "env", "/sh\"", "echo", "env", "echo"}},
		{"rebuilt environment", "env LD_PRELOAD= SYSTRAP_STATE=7,8,9,1:L SYSTRAP_OPTIONS= /bin/echo", []string{"/sh\"", "env", "echo"}},
		{"another one with the same log", `unset SYSTRAP_STATE; ` + static + `/still /bin/sh -c ': >&2'; exec /bin/echo`, []string{"/sh\"", "still", "/sh\"", "echo"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			log := filepath.Join(dir, "log")
			cmd := exec.Command("timeout", "240", "/bin/sh", "-c", c.script)
			cmd.Dir = dir
			cmd.Env = append(fixedEnv(dir), "LD_PRELOAD="+traceLib, "SYSTRAP_OPTIONS=-o "+log)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
			b, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			text := string(b)
			if i := strings.IndexByte(text, 0); i >= 0 {
				t.Errorf("the log has NULs from %d on", i)
			}
			at := 0
			for _, want := range c.execs {
				found := false
				for line := range strings.Lines(text[at:]) {
					at += len(line)
					if found = strings.Contains(line, " execve(") && strings.Contains(line, want); found {
						break
					}
				}
				if !found {
					t.Fatalf("no execve of %s in its place:\n%s", want, text)
				}
			}
		})
	}
}

package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFootCommand: systrap foot starts the command either way, with its output and status, and judges options as systrap trace.
func TestFootCommand(t *testing.T) {
	if _, err := sysfootLib(); err != nil {
		t.Fatal(err)
	}
	need(t, "sh")
	systrap := filepath.Join(filepath.Dir(tracerCommand(t)), "systrap")
	for _, c := range []struct {
		args   []string
		status int
		stderr string // a part of it
		log    string // likewise
	}{
		{[]string{"-o", "log", "--", "sh", "-c", "exit 3"}, 3, "", "~~~ memory of process"},
		{[]string{"--preload", "-o", "log", "--", "sh", "-c", "exit 3"}, 3, "", "~~~ memory of process"},
		{[]string{"-e", "trace=exit_group", "sh", "-c", "exit 3"}, 3, "exit_group(3)                           = ?\n ~ ", ""},
		{[]string{"--foot=json", "-o", "log", "sh", "-c", "kill -9 $$"}, -9, "", `"call":"kill"`},
		{[]string{"--foot=nothing", "true"}, 1, "invalid --foot argument: 'nothing'", ""},
		{[]string{"--foot=json", "-o", "log", "/nonexistent/command"}, 1, "Can't stat '/nonexistent/command'", ""},
		{[]string{"--html", "/nonexistent/page", "true"}, 1, "Can't fopen '/nonexistent/page'", ""},
		{[]string{"--html", "page", "-c", "true"}, 1, "mutually exclusive", ""},
	} {
		t.Run(strings.Join(c.args[:2], " "), func(t *testing.T) {
			dir := t.TempDir()
			cmd := exec.Command(systrap, append([]string{"foot"}, c.args...)...)
			cmd.Dir, cmd.Env = dir, fixedEnv(dir)
			var errs bytes.Buffer
			cmd.Stderr = &errs
			cmd.Run()
			if got := statusOf(cmd); got != c.status {
				t.Errorf("status %d, want %d", got, c.status)
			}
			if !strings.Contains(errs.String(), c.stderr) || c.stderr == "" && errs.Len() > 0 {
				t.Errorf("%q, want %q", errs.String(), c.stderr)
			}
			if text, err := os.ReadFile(filepath.Join(dir, "log")); c.log != "" && (err != nil || !strings.Contains(string(text), c.log)) {
				t.Errorf("no %q in %q: %v", c.log, text, err)
			}
		})
	}
	out, _ := exec.Command(systrap, "trace", "--foot=json", "true").CombinedOutput()
	if !strings.Contains(string(out), "unrecognized option '--foot") {
		t.Errorf("systrap trace takes --foot: %s", out)
	}
}

// statusOf is a command's status, or minus the signal that killed it.
func statusOf(cmd *exec.Cmd) int {
	if ws := cmd.ProcessState.Sys().(syscall.WaitStatus); ws.Signaled() {
		return -int(ws.Signal())
	}
	return cmd.ProcessState.ExitCode()
}

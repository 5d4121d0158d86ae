package e2e

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestRunTool: systrap run puts any tool into a program, dynamic or static, whose output, status and death are its own; the
// report says how it came there.
func TestRunTool(t *testing.T) {
	systrap := filepath.Join(filepath.Dir(tracerCommand(t)), "systrap")
	dynamic, static := compileText(t, tellTracer), compileText(t, tellTracer, "-static")
	need(t, "sh")
	for _, c := range []struct {
		name    string
		options []string
		command []string
		stdout  string
		status  int // or minus a signal
		start   string
		images  int
	}{
		{"dynamic", nil, []string{dynamic}, toldTracer, 5, "inject", 1},
		{"static", nil, []string{static}, toldTracer, 5, "inject", 1},
		{"children", nil, []string{"sh", "-c", static + "; " + dynamic + "; exit 7"}, toldTracer + toldTracer, 7, "inject", 3},
		{"killed", nil, []string{"sh", "-c", "kill -TERM $$"}, "", -15, "inject", 0}, /* a tool that sees no signals reports none */
		{"preload", []string{"--preload"}, []string{"sh", "-c", "exit 3"}, "", 3, "preload", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := filepath.Join(t.TempDir(), "report")
			args := append(append([]string{"run", "--tool=" + silentLib}, c.options...), "--")
			cmd := exec.Command(systrap, append(args, c.command...)...)
			cmd.Dir = t.TempDir()
			cmd.Env = append(fixedEnv(cmd.Dir), "SYSTRAP_REPORT="+report)
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			cmd.Run()
			status := cmd.ProcessState.ExitCode()
			if ws := cmd.ProcessState.Sys().(syscall.WaitStatus); ws.Signaled() {
				status = -int(ws.Signal())
			}
			if out.String() != c.stdout || errs.Len() > 0 || status != c.status {
				t.Errorf("%q, %q, status %d; want %q, status %d", out.String(), errs.String(), status, c.stdout, c.status)
			}
			lines, err := readReport(report)
			if err != nil && c.images > 0 {
				t.Fatal(err)
			}
			images := 0
			for _, l := range lines {
				if l.Start != c.start || l.Trapped == 0 {
					t.Errorf("%s: begun by %q, with %d calls", l.Exe, l.Start, l.Trapped)
				}
				images++
			}
			if images < c.images {
				t.Errorf("%d reports, want %d", images, c.images)
			}
		})
	}
	for _, args := range [][]string{{"run"}, {"run", "--tool"}, {"run", "--tool", silentLib}, {"run", "--tool", silentLib, "--nothing", "true"}} {
		cmd := exec.Command(systrap, args...)
		if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 2 {
			t.Errorf("%q: status %d, %s", args, cmd.ProcessState.ExitCode(), out)
		}
	}
}

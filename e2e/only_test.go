package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// drive starts programs that start others, which it counts by the reports: drv is none of those that are named, and starts
// leaf by exec, by vfork and by a shell; leaf ends with 3.
const leafText = `
#include <unistd.h>
int main(void) { return write(1, "leaf\n", 5) == 5 ? 3 : 1; }
`

// TestOnly: programs of other names run as natively, with their environment, and what they start is looked at again.
func TestOnly(t *testing.T) {
	systrap := filepath.Join(filepath.Dir(tracerCommand(t)), "systrap")
	need(t, "sh", "env")
	dir := t.TempDir()
	leaf, static, other := filepath.Join(dir, "leaf"), filepath.Join(dir, "sleaf"), filepath.Join(dir, "other")
	for path, text := range map[string]string{leaf: compileText(t, leafText), static: compileText(t, leafText, "-static"), other: compileText(t, leafText)} {
		if err := os.Rename(text, path); err != nil {
			t.Fatal(err)
		}
	}
	makefile := filepath.Join(dir, "Makefile")
	if err := os.WriteFile(makefile, []byte("all:\n\t@"+leaf+" || "+other+" || "+leaf+" || true\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n"+leaf+"\nexit 4\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		needs   string
		command []string
		only    string
		stdout  string
		status  int
		exes    []string // that are traced
	}{
		{"itself", "", []string{leaf}, "leaf", "leaf\n", 3, []string{leaf}},
		{"none", "", []string{"sh", "-c", leaf}, "nothing", "leaf\n", 3, nil},
		{"below sh", "", []string{"sh", "-c", leaf + "; " + other + "; " + leaf + "; exit 4"}, "x,leaf", "leaf\nleaf\nleaf\n", 4, []string{leaf, leaf}},
		{"below env", "", []string{"sh", "-c", "env A=1 " + leaf}, "leaf", "leaf\n", 3, []string{leaf}},
		{"traced, left aside, traced", "", []string{"sh", "-c", "env sh -c " + leaf}, "sh", "leaf\n", 3, []string{"sh", "sh"}},
		{"below make", "make", []string{"make", "-f", makefile}, "leaf", "leaf\nleaf\nleaf\n", 0, []string{leaf, leaf}},
		{"below gdb", "gdb", []string{"gdb", "-batch", "-nx", "-ex", "handle SIGSYS SIGILL nostop noprint pass", "-ex", "run", "-ex", "quit $_exitcode", leaf}, "leaf", "", 3, []string{leaf}},
		{"script by its interpreter", "", []string{script}, "sh", "leaf\n", 4, []string{script}},
		{"script by its own name", "", []string{"env", script}, "script", "leaf\n", 4, []string{script}},
		{"by argv[0]", "", []string{"sh", "-c", "(exec -a leaf " + other + ") 2>/dev/null || bash -c 'exec -a leaf " + other + "'"}, "leaf", "leaf\n", 3, []string{other}},
	} {
		for _, way := range []string{"preload", "run", "run --preload"} {
			t.Run(c.name+"/"+way, func(t *testing.T) {
				if c.needs != "" {
					need(t, c.needs)
				}
				if c.name == "by argv[0]" {
					need(t, "bash")
				}
				report := filepath.Join(t.TempDir(), "report")
				command := c.command
				env := append(fixedEnv(dir), "SYSTRAP_REPORT="+report)
				switch way {
				case "preload":
					command = append([]string{"env", "SYSTRAP_ONLY=" + c.only, "LD_PRELOAD=" + silentLib}, command...)
				case "run":
					command = append([]string{systrap, "run", "--only", c.only, "--tool", silentLib, "--"}, command...)
				default:
					command = append([]string{systrap, "run", "--preload", "--only=" + c.only, "--tool", silentLib, "--"}, command...)
				}
				cmd := exec.Command(command[0], command[1:]...)
				cmd.Dir, cmd.Env = dir, env
				var out, errs strings.Builder
				cmd.Stdout, cmd.Stderr = &out, &errs
				cmd.Run()
				if status := cmd.ProcessState.ExitCode(); status != c.status || c.stdout != "" && (out.String() != c.stdout || errs.Len() > 0) {
					t.Errorf("%q, %q, status %d; want %q, status %d", out.String(), errs.String(), status, c.stdout, c.status)
				}
				lines, err := readReport(report)
				if err != nil && c.exes != nil {
					t.Fatal(err)
				}
				var got []string
				for _, l := range lines {
					if l.Trapped == 0 {
						t.Errorf("%s: no calls", l.Exe)
					}
					got = append(got, filepath.Base(l.Exe))
				}
				var want []string
				for _, e := range c.exes {
					want = append(want, filepath.Base(e))
				}
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("traced: %q, want %q", got, want)
				}
			})
		}
	}

	t.Run("trace", func(t *testing.T) {
		for _, c := range []struct{ name, needs, command, stdout string }{
			{"its own file", "", leaf + "; " + static + "; " + leaf, "leaf\nleaf\nleaf\n"},
			{"closed by a program left aside", "python3", "python3 -c 'import subprocess; subprocess.run([\"" + leaf + "\"])'; " + leaf, "leaf\nleaf\n"},
		} {
			t.Run(c.name, func(t *testing.T) {
				if c.needs != "" {
					need(t, c.needs)
				}
				trace := filepath.Join(t.TempDir(), "trace")
				cmd := exec.Command(systrap, "trace", "--only", "leaf", "-o", trace, "-e", "trace=execve,write", "sh", "-c", c.command)
				cmd.Dir, cmd.Env = dir, fixedEnv(dir)
				out, _ := cmd.CombinedOutput()
				if string(out) != c.stdout {
					t.Errorf("%q, want %q", out, c.stdout)
				}
				text, err := os.ReadFile(trace)
				if err != nil {
					t.Fatal(err)
				}
				for part, n := range map[string]int{"execve(\"" + leaf: 2, "write(1, \"leaf\\n\", 5": 2, "+++ exited with 3 +++": 2, "execve": 2} {
					if got := strings.Count(string(text), part); got != n {
						t.Errorf("%q %d times, want %d: %s", part, got, n, text)
					}
				}
			})
		}
	})

	t.Run("environment", func(t *testing.T) { // a traced program has nothing of ours in it
		cmd := exec.Command(systrap, "trace", "--only", "env", "-o", "/dev/null", "sh", "-c", "env")
		cmd.Dir, cmd.Env = dir, fixedEnv(dir)
		out, err := cmd.CombinedOutput()
		if err != nil || strings.Contains(string(out), "SYSTRAP") || strings.Contains(string(out), "LD_PRELOAD") {
			t.Errorf("%v: %s", err, out)
		}
	})

	t.Run("untouched", func(t *testing.T) { // no handler, no patched text
		need(t, "grep")
		cmd := exec.Command("sh", "-c", "grep -E '^SigCgt|^Seccomp:' /proc/self/status")
		cmd.Env = fixedEnv(dir)
		native, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		cmd = exec.Command(systrap, "trace", "--only", "nothing", "sh", "-c", "grep -E '^SigCgt|^Seccomp:' /proc/self/status")
		cmd.Env = fixedEnv(dir)
		out, err := cmd.CombinedOutput()
		if err != nil || string(out) != string(native) {
			t.Errorf("%v: %s, natively %s", err, out, native)
		}
	})
}

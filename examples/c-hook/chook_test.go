// Package chook has hooks in C, and the test that runs them.
package chook

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStyles builds each hook as its comment says, and runs programs with it: uname says what the hook has it say, in
// children, too, and all else is as it was.
func TestStyles(t *testing.T) {
	for _, program := range []string{"gcc", "sh", "uname"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	for _, c := range []struct{ source, tool, library string }{
		{"intercept.c", "libsyscall_intercept", "libsyscall_intercept.so.0"},
		{"zpoline.c", "libzpoline", "libzpoline.so"},
		{"e9syscall.c", "hook-libc", "hook-libc.so"},
		{"systrap.c", "libsystrap", "libsystrap.so"},
	} {
		t.Run(c.tool, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			lib, hook, report := filepath.Join(dir, c.library), filepath.Join(dir, "hook.so"), filepath.Join(dir, "report")
			run(t, nil, "go", "run", "libsystrap/cmd/systrap", "build", "-o", lib, "../../cmd/"+c.tool)
			args := []string{"-Wall", "-shared", "-fPIC", "-I", "../../cmd/" + c.tool, "-o", hook, "hooks/" + c.source}
			env := []string{"SYSTRAP_REPORT=" + report, "LD_LIBRARY_PATH=" + dir, "LD_PRELOAD=" + hook}
			made := filepath.Join(dir, "libc-hook.so")
			switch c.tool {
			case "hook-libc":
				env[2] = "LD_PRELOAD=" + made
			case "libzpoline":
				env[2] = "LD_PRELOAD=" + lib
				env = append(env, "LIBZPHOOK="+hook)
			default:
				args = append(args, lib)
			}
			run(t, nil, "gcc", args...)
			if c.tool == "hook-libc" {
				if _, err := os.Stat("/lib/x86_64-linux-gnu/libc.so.6"); err != nil {
					t.Skip(err)
				}
				run(t, nil, "go", "run", "libsystrap/cmd/systrap", "hook-libc", hook, "-o", made, "--tool", lib)
			}
			if got := run(t, env, "uname", "-n"); got != "elsewhere\n" {
				t.Errorf("uname -n: %q", got)
			}
			if got := run(t, env, "sh", "-c", "echo a | cat; uname -n; (exit 3) || echo $?"); got != "a\nelsewhere\n3\n" {
				t.Errorf("sh: %q", got)
			}
			text, _ := os.ReadFile(report)
			var image struct{ Trapped int }
			if json.Unmarshal(bytes.SplitN(text, []byte("\n"), 2)[0], &image); image.Trapped == 0 {
				t.Errorf("nothing was trapped: %q", text)
			}
		})
	}
}

// run runs a command with additions to the environment, and returns its output. The test fails if it fails, or says
// anything else.
func run(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil || env != nil && errs.Len() > 0 {
		t.Fatalf("%s %v: %v\n%s", name, args, err, errs.String())
	}
	return string(out)
}

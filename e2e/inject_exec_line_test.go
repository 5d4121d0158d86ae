package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestFirstExecLine: the line of the execve that starts an injected program has what was given to that call, where the kernel has
// put a script's interpreter before it, and the address of the environment in who made it.
func TestFirstExecLine(t *testing.T) {
	need(t, "strace")
	needMachine(t, "ptrace")
	ours, err := ourStrace()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := filepath.Join(dir, "s")
	if err := os.WriteFile(script, []byte("#!/bin/sh -e\ncat /proc/$PPID/stat\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "log")
	first := func(tracer string, words ...string) (line, output string) {
		t.Helper()
		cmd := exec.Command("timeout", append([]string{"240", tracer, "-o", log}, words...)...)
		cmd.Env = []string{"PATH=/usr/bin:/bin", "A=1"}
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %v: %v", tracer, words, err)
		}
		text, _ := os.ReadFile(log)
		line, _, _ = strings.Cut(string(text), "\n")
		return line, string(out)
	}
	many := []string{script}
	for i := range 40 {
		many = append(many, strconv.Itoa(i))
	}
	for name, words := range map[string][]string{
		"program": {"true", "a"}, "script": {script}, "arguments": {script, "a", "b"}, "many": many,
		"verbose": {"-v", script, "a"}, "changed": {"-E", "B=2", script, "a"}, "path": {"-P", script, script},
	} {
		t.Run(name, func(t *testing.T) {
			want, _ := first("strace", words...)
			got, _ := first(ours, words...)
			if normal(want) != normal(got) {
				t.Errorf("%s\nstrace: %s", got, want)
			}
		})
	}
	t.Run("address", func(t *testing.T) {
		got, stat := first(ours, script)
		_, fields, _ := strings.Cut(stat, ") ")
		const startStack = 28 - 3 // proc_pid_stat(5)
		f := strings.Fields(fields)
		if len(f) <= startStack {
			t.Fatalf("stat: %s", stat)
		}
		stack, _ := strconv.ParseUint(f[startStack], 10, 64)
		const given = 4 // strace -o LOG SCRIPT
		if at := "0x" + strconv.FormatUint(stack+8*(given+2), 16) + " /* 2 vars */"; stack == 0 || !strings.Contains(got, at) {
			t.Errorf("%s\nthe environment was at %s", got, at)
		}
		raw, _ := first(ours, "-e", "raw=execve", script)
		if strings.Contains(raw, `"`) || !strings.HasPrefix(raw, "execve(0x") || strings.Contains(raw, "vars") {
			t.Error(raw)
		}
	})
}

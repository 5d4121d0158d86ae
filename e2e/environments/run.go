package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// cannotEnter is the exit status of this command when it cannot enter an environment.
const cannotEnter = 120

// patience ends a run that hangs.
const patience = time.Minute

// outcome is how a run ended.
type outcome struct {
	stdout, stderr, status string
	traced                 bool // there are calls in the trace
}

// began says that the program has run.
func (o *outcome) began() bool { return o.stdout != "" }

// differs says how a trapped run differs from the native one o, or "".
func (o *outcome) differs(trapped *outcome) string {
	for _, c := range []struct{ what, native, trapped string }{
		{"status", o.status, trapped.status}, {"standard error", o.stderr, trapped.stderr}, {"standard output", o.stdout, trapped.stdout}} {
		if c.native == c.trapped {
			continue
		}
		n, t := strings.Split(c.native, "\n"), strings.Split(c.trapped, "\n")
		for i := 0; i < max(len(n), len(t)); i++ {
			if line(n, i) != line(t, i) {
				return fmt.Sprintf("%s: %.300q, natively %.300q", c.what, line(t, i), line(n, i))
			}
		}
	}
	return ""
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end)"
}

// run runs p in e, under a tool if there is one, in a fresh directory whose name is the
// same for all runs of p.
func (t *trial) run(e *environment, p program, tool string) *outcome {
	base := filepath.Join(t.dir, "runs", p.name)
	work, log := filepath.Join(base, "work"), filepath.Join(base, "work", "log")
	fail := func(err error) *outcome { return &outcome{status: err.Error()} }
	if err := os.RemoveAll(base); err != nil {
		return fail(err)
	}
	if err := os.MkdirAll(work, 0o755); err != nil {
		return fail(err)
	}
	os.Chmod(work, 0o777)
	os.WriteFile(log, nil, 0o666)
	os.Chmod(log, 0o666)
	stdout, err := os.Create(filepath.Join(base, "stdout"))
	if err != nil {
		return fail(err)
	}
	defer stdout.Close()
	stderr, err := os.Create(filepath.Join(base, "stderr"))
	if err != nil {
		return fail(err)
	}
	defer stderr.Close()
	vars := ""
	if tool != "" {
		vars = "LD_PRELOAD=" + t.libs[tool] + "\nSYSTRAP_OPTIONS="
		if tool == "trace" {
			vars += "-f -o " + log
		}
	}
	args := append([]string{"-enter", e.name, "--"}, p.args...)
	cmd := exec.Command(t.self, args...)
	cmd.Dir = work
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + work, "LANG=C", "LC_ALL=C", "TZ=UTC", "TERM=dumb", "TMPDIR=" + work,
		toolVariables + "=" + vars}
	if e.blind {
		cmd.Env = append(cmd.Env, "JIT_BLIND=1")
	}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if e.attr != nil {
		e.attr(cmd.SysProcAttr)
	}
	if err := cmd.Start(); err != nil {
		return fail(err)
	}
	hung := time.AfterFunc(patience, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	cmd.Wait()
	o := &outcome{status: cmd.ProcessState.String()}
	if !hung.Stop() {
		o.status = "hangs"
	}
	o.stdout, o.stderr = contents(stdout.Name()), contents(stderr.Name())
	if b, err := os.ReadFile(log); err == nil {
		o.traced = bytes.ContainsRune(b, '(')
	}
	return o
}

// cannotEnter tries e with a program that does nothing: what the kernel refuses there
// is not had here.
func (t *trial) cannotEnter(e *environment) string {
	o := t.run(e, program{name: "true", args: []string{"/bin/true"}}, "")
	if o.status != fmt.Sprintf("exit status %d", cannotEnter) {
		return ""
	}
	return strings.TrimPrefix(strings.TrimSpace(o.stderr), "environments: "+e.name+": ")
}

func contents(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

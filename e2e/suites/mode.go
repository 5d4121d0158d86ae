package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// mode is a way to run a suite: natively or under a tool.
type mode struct {
	name string
	lib  string // "" natively
	log  string // trace-syscalls writes here
	work string // a directory for all that runs, open to every user
	logs string
}

// packages of the tools, by name.
var toolPackages = map[string]string{
	"silent": "./e2e/silent",
	"trace":  "./cmd/trace-syscalls",
}

// prepare builds the tools and returns the modes, the native one first.
func prepare(tools []string, logs string) (modes []*mode, end func(), err error) {
	os.Unsetenv("LD_PRELOAD")
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return nil, nil, err
	}
	work, err := os.MkdirTemp("", "systrap-suites-")
	if err != nil {
		return nil, nil, err
	}
	end = func() { os.RemoveAll(work) }
	defer func() {
		if err != nil {
			end()
		}
	}()
	if err := os.Chmod(work, 0o755); err != nil {
		return nil, nil, err
	}
	modes = []*mode{{name: "native", work: work, logs: logs}}
	for _, tool := range tools {
		pkg, ok := toolPackages[tool]
		if !ok {
			return nil, nil, fmt.Errorf("no tool named %s", tool)
		}
		m := &mode{name: tool, lib: filepath.Join(work, tool+".so"), work: work, logs: logs}
		if tool == "trace" {
			m.log = filepath.Join(work, "trace.log")
		}
		build := exec.Command("go", "run", "./cmd/systrap", "build", "-o", m.lib, pkg)
		if out, err := build.CombinedOutput(); err != nil {
			return nil, nil, fmt.Errorf("%v: %w\n%s", build.Args, err, out)
		}
		modes = append(modes, m)
	}
	return modes, end, nil
}

// environment is what a program gets besides the fixed part.
func (m *mode) environment() []string {
	if m.lib == "" {
		return nil
	}
	env := []string{"LD_PRELOAD=" + m.lib}
	if m.log != "" {
		env = append(env, "SYSTRAP_OPTIONS=-f -o "+m.log)
	}
	return env
}

// check makes sure that the library traps a program: a suite that runs untraced
// proves nothing.
func (m *mode) check(program string) error {
	report := filepath.Join(m.work, "report")
	defer os.Remove(report)
	cmd := exec.Command(program, "--version")
	cmd.Env = append(fixedEnv(m.work), append(m.environment(), "SYSTRAP_REPORT="+report)...)
	out, err := cmd.CombinedOutput()
	if st, statErr := os.Stat(report); statErr != nil || st.Size() == 0 {
		return fmt.Errorf("%s --version is not trapped: %v\n%s", program, err, out)
	}
	return nil
}

// fixedEnv is the environment of every program.
func fixedEnv(dir string) []string {
	return []string{
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + dir, "TMPDIR=" + dir,
		"LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TZ=UTC", "TERM=dumb",
	}
}

// missing says why s cannot run here, or "".
func (s *suite) missing() string {
	for _, c := range s.needs {
		if _, err := exec.LookPath(c); err != nil {
			return c + " is not installed (e2e/suites/packages.txt names its Debian package)"
		}
	}
	return ""
}

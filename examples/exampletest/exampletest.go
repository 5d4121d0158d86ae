// Package exampletest builds the tool of an example with `systrap build` and
// runs programs under it.
package exampletest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"libsystrap/internal/testdir"
)

// Tool is a built tool.
type Tool struct {
	Path string // of the library
}

var (
	built    Tool
	buildErr error
)

// Main is a test's TestMain: it builds the package in the current directory,
// which is the one that is tested, once for all tests.
func Main(m *testing.M) {
	dir, err := testdir.Make("systrap-example-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	built.Path = filepath.Join(dir, "tool.so")
	cmd := exec.Command("go", "run", "libsystrap/cmd/systrap", "build", "-o", built.Path, ".")
	if out, err := cmd.CombinedOutput(); err != nil {
		buildErr = fmt.Errorf("systrap build: %v\n%s", err, out)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// Build returns the tool that Main has built.
func Build(t *testing.T) Tool {
	t.Helper()
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return built
}

// Result is what a program did.
type Result struct {
	Stdout, Stderr string
	Status         int
	Trapped        int // calls trapped in all processes
}

// timeout ends a run that hangs.
const timeout = 4 * time.Minute

// Run runs a program under the tool. The test fails if the library was not
// loaded or nothing was trapped.
func (tool Tool) Run(t *testing.T, options, name string, args ...string) Result {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report")
	r := run(t, []string{"LD_PRELOAD=" + tool.Path, "SYSTRAP_OPTIONS=" + options, "SYSTRAP_REPORT=" + report}, name, args...)
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatalf("%s: the library was not loaded: %v\n%s", name, err, r.Stderr)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var image struct{ Trapped int }
		if err := json.Unmarshal([]byte(line), &image); err != nil {
			t.Fatalf("%s: report %q: %v", name, line, err)
		}
		r.Trapped += image.Trapped
	}
	if r.Trapped == 0 {
		t.Fatalf("%s: nothing was trapped", name)
	}
	return r
}

// Untraced runs a program under the tool, which is expected to leave it
// untraced.
func (tool Tool) Untraced(t *testing.T, options, name string, args ...string) Result {
	t.Helper()
	return run(t, []string{"LD_PRELOAD=" + tool.Path, "SYSTRAP_OPTIONS=" + options}, name, args...)
}

// Native runs a program without the tool.
func Native(t *testing.T, name string, args ...string) Result {
	t.Helper()
	return run(t, nil, name, args...)
}

func run(t *testing.T, env []string, name string, args ...string) Result {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("no %s here", name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}, env...)
	if file, ok := os.LookupEnv("COUNT_FILE"); ok {
		cmd.Env = append(cmd.Env, "COUNT_FILE="+file)
	}
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", name, err)
	}
	return Result{Stdout: stdout.String(), Stderr: stderr.String(), Status: cmd.ProcessState.ExitCode()}
}

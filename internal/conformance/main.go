// Command conformance runs strace's own test suite with systrap trace in
// strace's place and writes what comes of it: how many tests pass, and every one
// that fails, by cause.
//
//	make conformance STRACE_SRC=... STRACE_BUILD=... STRACE_SUITE=...
//
// The suite, a built strace and the program that runs the one with the other are
// not part of this repository. causes.txt is: it says of each test that fails why
// it does. A failure that it does not name is an error.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed causes.txt
var causesText string

type config struct {
	src, build, runner, tracer, out, logs, jobs string
	reuse                                       bool
}

func main() {
	var c config
	flag.StringVar(&c.src, "src", "", "source tree of strace")
	flag.StringVar(&c.build, "build", "", "build tree of strace")
	flag.StringVar(&c.runner, "runner", "", "the program that runs the tests with another tracer")
	flag.StringVar(&c.tracer, "tracer", "", "systrap under the name strace")
	flag.StringVar(&c.out, "o", "", "the report")
	flag.StringVar(&c.logs, "logs", "", "where the logs of failed tests go")
	flag.StringVar(&c.jobs, "j", "2", "tests at a time")
	flag.BoolVar(&c.reuse, "reuse", false, "run nothing: write the report anew from the results under -logs")
	flag.Parse()
	if err := c.run(); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func (c *config) run() error {
	if err := c.check(); err != nil {
		return err
	}
	causes, err := parseCauses(causesText)
	if err != nil {
		return err
	}
	lists := filepath.Join(filepath.Dir(c.runner), "strace_lists")
	first, err := readList(filepath.Join(lists, "first150.txt"))
	if err != nil {
		return err
	}
	slow := filepath.Join(lists, "slow.txt")
	slowTests, err := readList(slow)
	if err != nil {
		return err
	}
	theirs, err := c.suite("-", slow, "strace")
	if err != nil {
		return err
	}
	ours, err := c.suite(c.tracer, slow, "ours")
	if err != nil {
		return err
	}
	r := judge(theirs, ours, first, causes)
	r.slow = len(slowTests)
	r.version = firstLine(filepath.Join(c.build, "src", "strace"), "-V")
	r.kernel = firstLine("uname", "-r")
	if err := os.WriteFile(c.out, []byte(r.text()), 0o666); err != nil {
		return err
	}
	fmt.Print(r.counts())
	if len(r.unexplained) > 0 {
		return fmt.Errorf("no cause is known for %s: see %s/ours/logs", strings.Join(r.unexplained, ", "), c.logs)
	}
	return nil
}

// check says what is missing.
func (c *config) check() error {
	for _, need := range []struct{ name, path, file, what string }{
		{"STRACE_SRC", c.src, "tests/run.sh", "a source tree of strace 6.1"},
		{"STRACE_BUILD", c.build, "src/strace", "its build tree, with the tests compiled (make check TESTS=)"},
		{"STRACE_SUITE", c.runner, "", "the program strace_suite, which runs the tests with another tracer and has strace_lists/ beside it"},
	} {
		if need.path == "" {
			return fmt.Errorf("%s is not set: it must name %s", need.name, need.what)
		}
		if _, err := os.Stat(filepath.Join(need.path, need.file)); err != nil {
			return fmt.Errorf("%s must name %s: %v", need.name, need.what, err)
		}
	}
	return nil
}

// suite runs all tests but the slow ones; it returns the result of each.
func (c *config) suite(tracer, slow, name string) (map[string]string, error) {
	dir := filepath.Join(c.logs, name)
	if c.reuse {
		text, err := os.ReadFile(filepath.Join(dir, "results.tsv"))
		return parseResults(string(text)), err
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	// Its status says that tests failed, which is not an error here.
	cmd := exec.Command(c.runner, "--src", c.src, "--build", c.build, "-j"+c.jobs, "-t", "200",
		"--retry", "1", "-q", "-x", "@"+slow, "-o", dir, tracer)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	runErr := cmd.Run()
	text, err := os.ReadFile(filepath.Join(dir, "results.tsv"))
	if err != nil {
		return nil, fmt.Errorf("%s left no results (%v): %v", c.runner, runErr, err)
	}
	return parseResults(string(text)), nil
}

func firstLine(name string, args ...string) string {
	out, _ := exec.Command(name, args...).Output()
	line, _, _ := strings.Cut(string(out), "\n")
	return line
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// perlTree is a source tree of perl: no package of Debian's holds t/op.
var perlTree string

var perlSuite = suite{name: "perl/op", needs: []string{"perl"}, run: runPerl}

// perlLibraries are where Debian's packages have put what a build of perl has in
// lib.
var perlLibraries = []string{"/usr/lib/x86_64-linux-gnu/perl-base", "/usr/lib/x86_64-linux-gnu/perl/[0-9]*.[0-9]*", "/usr/share/perl/[0-9]*.[0-9]*"}

// runPerl runs each file of t/op by itself, as a test that dies takes the rest
// of its file with it.
func runPerl(m *mode, only []string) (outcomes, error) {
	tree, err := perlSource(m)
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(tree, "t/op/*.t"))
	if err != nil {
		return nil, err
	}
	// One copy for all: these tests write to where they stand, and clean up.
	dir, err := m.directory()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := copyPerl(tree, dir); err != nil {
		return nil, err
	}
	got := outcomes{}
	for _, file := range files {
		name := "op/" + filepath.Base(file)
		if only != nil && !slices.Contains(only, name) {
			continue
		}
		how, err := runPerlFile(m, dir, name)
		if err != nil {
			return nil, err
		}
		got[name] = how
	}
	return got, nil
}

// runPerlFile returns the status of a file's run and the numbers of tests that
// failed.
func runPerlFile(m *mode, dir, name string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, "t", name))
	if err != nil {
		return "", err
	}
	args := []string{"./perl"}
	if first, _, _ := strings.Cut(string(b), "\n"); strings.Contains(first, "-T") {
		args = append(args, "-T") // must be on the command line if it is on the first
	}
	status, output, err := m.do(&job{dir: dir, wrap: []string{"env", "-C", "t", "PERL_HASH_SEED=0"}, args: append(args, name),
		timeout: 3 * time.Minute, log: "perl/" + name})
	return parseTAP(status, output), err
}

var tapLine = regexp.MustCompile(`(?m)^(not )?ok (\d+)`)

// parseTAP sums up the output of a test file.
func parseTAP(status, output string) string {
	passed := 0
	var failed []string
	for _, l := range tapLine.FindAllStringSubmatch(output, -1) {
		if l[1] == "" {
			passed++
		} else {
			failed = append(failed, l[2])
		}
	}
	how := fmt.Sprintf("pass, %d ok", passed)
	if len(failed) > 0 || status != "exit 0" {
		how = fmt.Sprintf("fail: %s, %d ok, not ok %s", status, passed, strings.Join(failed, " "))
	}
	return how
}

// perlSource returns the tree with perl's tests, fetched as Debian's source
// package the first time unless one was given.
func perlSource(m *mode) (string, error) {
	if perlTree != "" {
		return filepath.Abs(perlTree)
	}
	dir := filepath.Join(m.work, "perl-source")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return "", err
	}
	cmd := exec.Command("apt-get", "source", "-qq", "perl")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	trees, _ := filepath.Glob(filepath.Join(dir, "perl-*/t/op"))
	if len(trees) == 0 {
		return "", fmt.Errorf("%w: no Debian package holds perl's t/op, and its source package cannot be had: %v (-perl DIR names a tree): %s",
			errSkip, err, out)
	}
	perlTree = filepath.Dir(filepath.Dir(trees[0]))
	return perlTree, nil
}

// copyPerl copies t, with the installed perl in it, and makes a lib of the
// installed modules.
func copyPerl(tree, dir string) error {
	if out, err := exec.Command("cp", "-r", filepath.Join(tree, "t"), dir).CombinedOutput(); err != nil {
		return fmt.Errorf("cp: %w\n%s", err, out)
	}
	perl, err := exec.LookPath("perl")
	if err != nil {
		return err
	}
	if err := os.Symlink(perl, filepath.Join(dir, "t/perl")); err != nil {
		return err
	}
	lib := filepath.Join(dir, "lib")
	if err := os.Mkdir(lib, 0o755); err != nil {
		return err
	}
	for _, pattern := range perlLibraries {
		found, _ := filepath.Glob(pattern)
		for _, from := range found {
			if out, err := exec.Command("cp", "-rsf", from+"/.", lib).CombinedOutput(); err != nil {
				return fmt.Errorf("cp: %w\n%s", err, out)
			}
		}
	}
	return nil
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"libsystrap/examples/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m) }

func TestFailGetdents(t *testing.T) {
	r := exampletest.Build(t).Run(t, "getdents64:EACCES", "ls", "/")
	if r.Stdout != "" || r.Stderr != "ls: reading directory '/': Permission denied\n" || r.Status != 2 {
		t.Errorf("%+v", r)
	}
}

// TestFailFromNth lets calls pass first, in a program that prints what it got.
func TestFailFromNth(t *testing.T) {
	tool := exampletest.Build(t)
	r := tool.Run(t, "write:ENOSPC:3", "sh", "-c", "echo 1; echo 2; echo 3; echo 4")
	if r.Stdout != "1\n2\n" || r.Status == 0 {
		t.Errorf("%+v", r)
	}
}

// TestFailNumbers gives call and errno by number, several rules and separators.
func TestFailNumbers(t *testing.T) {
	tool := exampletest.Build(t)
	p := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(p, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	r := tool.Run(t, "87:1, unlinkat:30", "rm", "-f", p)
	if _, err := os.Stat(p); err != nil || !strings.Contains(r.Stderr, "Read-only file system") {
		t.Errorf("%v, %+v", err, r)
	}
}

// TestFailNothing checks that a rule for another call changes nothing.
func TestFailNothing(t *testing.T) {
	r := exampletest.Build(t).Run(t, "getppid:EPERM", "ls", "/")
	if n := exampletest.Native(t, "ls", "/"); r.Stdout != n.Stdout || r.Stderr != n.Stderr || r.Status != n.Status {
		t.Errorf("%+v, natively %+v", r, n)
	}
}

// TestFailBadOptions checks that each mistake is one line and leaves the
// program untraced.
func TestFailBadOptions(t *testing.T) {
	tool := exampletest.Build(t)
	native := exampletest.Native(t, "ls", "/")
	for options, want := range map[string]string{
		"":                     "SYSTRAP_OPTIONS says no call to fail, such as getdents64:EACCES",
		" , ":                  "SYSTRAP_OPTIONS says no call to fail, such as getdents64:EACCES",
		"opn:EACCES":           "opn:EACCES: no such system call",
		"9999:EACCES":          "9999:EACCES: no such system call",
		"open":                 "open: no such errno (write CALL:ERRNO, as in getdents64:EACCES)",
		"open:EFOO":            "open:EFOO: no such errno (write CALL:ERRNO, as in getdents64:EACCES)",
		"open:4096":            "open:4096: no such errno (write CALL:ERRNO, as in getdents64:EACCES)",
		"open:EPERM:0":         "open:EPERM:0: behind the second colon: from which call on, 1 or more",
		"getdents64:EPERM,bad": "bad: no such system call",
	} {
		r := tool.Untraced(t, options, "ls", "/")
		if r.Stderr != "failcall: "+want+"; the program runs untraced\n" || r.Stdout != native.Stdout || r.Status != 0 {
			t.Errorf("%q: %+v", options, r)
		}
	}
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"libsystrap/examples/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m) }

// folder makes a folder with a file and a script, and returns the option that
// lets /nowhere/etc be it.
func folder(t *testing.T) (dir, option string) {
	dir = t.TempDir()
	if err := os.WriteFile(dir+"/hostname", []byte("other\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/tool", []byte("#!/bin/sh\necho tool \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir, "/nowhere/etc=" + dir
}

func TestRewrite(t *testing.T) {
	tool := exampletest.Build(t)
	dir, option := folder(t)
	tests := []struct{ script, want string }{
		{"cat /nowhere/etc/hostname", "other\n"},
		{"cat </nowhere/etc/hostname", "other\n"},
		{"test -r /nowhere/etc/hostname && test -d /nowhere/etc/ && ls /nowhere/etc", "hostname\ntool\n"},
		{"/nowhere/etc/tool 1; (exec /nowhere/etc/tool 2)", "tool 1\ntool 2\n"},
		{"cp /nowhere/etc/hostname /nowhere/etc/new && mv /nowhere/etc/new /nowhere/etc/moved && cat " + dir + "/moved && rm /nowhere/etc/moved", "other\n"},
		{"cd /nowhere/etc && pwd -P", dir + "\n"},
		{"mkdir /nowhere/etc/d && ln -s /nowhere/etc/x /nowhere/etc/d/l && readlink /nowhere/etc/d/l && rm -r /nowhere/etc/d", "/nowhere/etc/x\n"},
		{"ls /nowhere/etcetera 2>/dev/null || echo none", "none\n"},
		{"ls /nowhere 2>/dev/null || echo none", "none\n"},
	}
	for _, test := range tests {
		r := tool.Run(t, option, "sh", "-c", test.script)
		if r.Stdout != test.want || r.Stderr != "" {
			t.Errorf("%s: %+v, want %q", test.script, r, test.want)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("left behind: %v", left)
	}
}

// TestRewriteErrors checks what the kernel would say of the new path.
func TestRewriteErrors(t *testing.T) {
	_, option := folder(t)
	if _, err := exec.LookPath("/usr/bin/python3"); err != nil {
		t.Skip("no Python here")
	}
	const script = `
import os
for p in "/nowhere/etc/none", "/nowhere/etc/" + "a/" * 2036, "/nowhere/etc/" + "b" * 5000:
    try: os.stat(p)
    except OSError as e: print(e.errno)
`
	r := exampletest.Build(t).Run(t, option, "/usr/bin/python3", "-c", script)
	if r.Stdout != "2\n36\n36\n" { // ENOENT, ENAMETOOLONG, ENAMETOOLONG
		t.Errorf("%+v", r)
	}
}

// TestRewriteManyExecs makes more exec calls from vfork children than there are
// slots, several at a time, and failing ones.
func TestRewriteManyExecs(t *testing.T) {
	_, option := folder(t)
	if _, err := exec.LookPath("/usr/bin/python3"); err != nil {
		t.Skip("no Python here")
	}
	const script = `
import subprocess, threading, os
def work():
    for i in range(40):
        if subprocess.check_output(["/nowhere/etc/tool", str(i)]) != b"tool %d\n" % i: print("wrong")
        try: subprocess.run(["/nowhere/etc/none"]); print("ran")
        except FileNotFoundError: pass
all = [threading.Thread(target=work) for i in range(4)]
for t in all: t.start()
for t in all: t.join()
for i in range(40):
    try: os.execv("/nowhere/etc/none", ["x"])
    except FileNotFoundError: pass
pid = os.posix_spawn("/nowhere/etc/tool", ["x"], os.environ)
os.waitpid(pid, 0)
print("done")
`
	r := exampletest.Build(t).Run(t, option, "/usr/bin/python3", "-c", script)
	if !strings.HasSuffix(r.Stdout, "done\n") || strings.Contains(r.Stdout, "wrong") || strings.Contains(r.Stdout, "ran") || r.Stderr != "" {
		t.Errorf("%+v", r)
	}
}

// TestRewriteRoot has a prefix that is replaced by the root.
func TestRewriteRoot(t *testing.T) {
	r := exampletest.Build(t).Run(t, "/nowhere=/", "sh", "-c", "cd /nowhere && pwd -P && cat /nowhere/"+filepath.Join("proc", "self", "comm"))
	if r.Stdout != "/\ncat\n" || r.Stderr != "" {
		t.Errorf("%+v", r)
	}
}

func TestRewriteBadOptions(t *testing.T) {
	tool := exampletest.Build(t)
	for _, options := range []string{"", "/a", "a=/b", "/a=", "="} {
		r := tool.Untraced(t, options, "true")
		if r.Stderr != "rewritepath: SYSTRAP_OPTIONS must be /from=/to; the program runs untraced\n" || r.Status != 0 {
			t.Errorf("%q: %+v", options, r)
		}
	}
}
